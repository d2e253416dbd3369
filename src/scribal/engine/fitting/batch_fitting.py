"""``fit`` on data in batches: the training loop, over pieces of several batches."""

import warnings
from dataclasses import dataclass
from typing import Any

from scribal.engine.errors import LoweringError
from scribal.engine.fitting.batches import BatchSource, gives_batches
from scribal.engine.fitting.data import arrays_from, samples_for
from scribal.engine.fitting.evaluation import Evaluation
from scribal.engine.fitting.fallback import original, warn_of_fallback
from scribal.engine.fitting.loop import Fitting, callback_list
from scribal.engine.fitting.measures import Measures
from scribal.engine.fitting.orders import Orders
from scribal.engine.fitting.preparation import dropout_seed, prepare
from scribal.engine.fitting.watching import Watched, watched_by
from scribal.engine.program import Program
from scribal.engine.trainer import Trainer, part_size

__all__ = ["fit_batches"]


def fit_batches(
    model: Any, x: Any, given: dict[str, Any], *, seed: int | None, threads: int | None, engine: str
) -> Any:
    """Train on a generator or a ``PyDataset``.

    Args:
        model: A compiled ``keras.Model``.
        x: Gives the batches.
        given: The other arguments of ``model.fit``.
        seed: As for ``fit``, and the following two.
        threads: Threads to work with.
        engine: ``auto`` or ``native``.

    Returns:
        The ``keras.callbacks.History``.

    Raises:
        LoweringError: With ``engine="native"``: something has no native form.
    """
    source = validation = None
    try:
        _refuse_splitting(given)
        source = BatchSource(
            x, given["steps_per_epoch"], shuffle=given["shuffle"] is True, class_weight=given["class_weight"]
        )
        if gives_batches(given["validation_data"]):
            validation = BatchSource(given["validation_data"], given["validation_steps"])
        first = source.first
        size = len(first.x)
        prepare(model, first.x)
        trainer = Trainer(model, batch_size=size, seed=dropout_seed(model) if seed is None else seed, threads=threads)
        samples = samples_for(trainer.program, first)
        measures = Measures(model, trainer.program, first, size)
        evaluation = _evaluation(model, trainer.program, given, validation, size)
    except LoweringError as error:
        if engine == "native":
            raise
        warn_of_fallback(error)
        if validation is not None:
            given["validation_data"] = validation.untouched()
        return original(model, "fit")(x if source is None else source.untouched(), **given)
    callbacks = callback_list(model, given["callbacks"], given["verbose"], given["epochs"], source.steps)
    orders = Orders(size, size, shuffle=False, seed=seed, steps_per_epoch=source.steps)
    fitting = BatchFitting(
        model, trainer, samples, size, orders, measures, evaluation, callbacks, watched_by(callbacks.callbacks), source
    )
    fitting.run(given["initial_epoch"], given["epochs"], given["validation_freq"])
    return model.history


def _refuse_splitting(given: dict[str, Any]) -> None:
    if given["validation_split"] or given["sample_weight"] is not None:
        raise LoweringError(
            "Data in batches bring their own weights, and cannot be split",
            received="validation_split or sample_weight",
        )


@dataclass
class BatchFitting(Fitting):
    """A training on data in batches that is about to begin.

    Attributes:
        source: Gives the batches.
    """

    source: BatchSource

    def _epochs_a_call(self, seconds: float) -> int:
        del seconds
        return 1

    def _train(self, epoch: int) -> None:
        """Train for an epoch, piece by piece, in the order in which the batches come."""
        del epoch
        watched, callbacks, size = self.watched, self.callbacks, self.batch_size
        piece = size if watched.batches else part_size(self.source.steps * size, size)
        done = 0
        for arrays in self.source.epoch(piece):
            if not done:
                self.measures.begin()
            if watched.batches:
                callbacks.on_train_batch_begin(done)
                self._listen()
            answers = self.measures.room(len(arrays.x))
            measured = self.trainer.program.train_epoch(samples_for(self.trainer.program, arrays), outputs=answers)
            self.measures.add_arrays(measured, arrays, answers)
            done += measured.steps
            if watched.batches:
                self.trainer.write_back()
            if watched.batches or watched.progress:
                callbacks.on_train_batch_end(done - 1, self.measures.logs())
                self._listen()
            if self.model.stop_training:
                return
        if done < self.source.steps:
            warnings.warn(
                f"The data end before the training does. Received: {done} of {self.source.steps} steps of an epoch. "
                "Lower steps_per_epoch or epochs, or give a generator that does not end.",
                stacklevel=6,
            )
            self.model.stop_training = True


@dataclass(frozen=True)
class _BatchEvaluation:
    """Measures a model on so many batches, the next ones each time."""

    model: Any
    program: Program
    source: BatchSource

    def run(self, callbacks: Any, watched: Watched) -> dict[str, float]:
        """Measure; arguments and result are those of :meth:`Evaluation.run`."""
        arrays = self.source.whole()
        return Evaluation(self.model, self.program, arrays, len(self.source.first.x)).run(callbacks, watched)


def _evaluation(model: Any, program: Program, given: dict[str, Any], source: BatchSource | None, size: int) -> Any:
    """What validates: on batches, or on arrays."""
    data = given["validation_data"]
    if data is None:
        return None
    if source is not None:
        # The first batch shows now whether all others will do.
        Evaluation(model, program, source.first, len(source.first.x))
        return _BatchEvaluation(model, program, source)
    if not isinstance(data, list | tuple) or len(data) not in (2, 3):
        raise LoweringError("validation_data must be (x, y) or (x, y, sample_weight)", received=type(data).__name__)
    return Evaluation(
        model, program, arrays_from(*data), given["validation_batch_size"] or size, given["validation_steps"]
    )

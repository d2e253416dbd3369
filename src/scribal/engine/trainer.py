"""A Keras model in training on the engine: the program that trains it, and the way back into its variables.

What the program holds, weights and the optimizer's memory, is copied from the model's variables at the start and back
into them by :meth:`Trainer.write_back`, so that whatever reads the Keras model in between epochs finds it up to date.
"""

import dataclasses
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.engine.errors import LoweringError
from scribal.engine.lower import lower_model, variables_of, weights_of
from scribal.engine.lower_training import lower_loss, lower_optimizer
from scribal.engine.program import Program, Samples
from scribal.engine.reference.losses import loss_and_gradient
from scribal.exceptions import DataError

__all__ = ["Trainer", "order_of"]

# A native call cannot be interrupted: an epoch is divided into calls of about so many seconds.
_SECONDS_A_CALL = 0.2

Progress = Callable[[int, dict[str, float]], None]


def order_of(seed: int, epoch: int, samples: int) -> NDArray[np.int64]:
    """The order in which an epoch takes its samples.

    It comes from a counter-based generator, Philox (J. K. Salmon et al., SC 2011), keyed by seed and epoch: an epoch's
    order does not depend on which were drawn before it.

    Args:
        seed: The training's seed.
        epoch: Number of the epoch, from 0.
        samples: How many there are.
    """
    return np.random.Generator(np.random.Philox(key=[seed, epoch])).permutation(samples)


class Trainer:
    """Trains a compiled Keras model natively.

    Args:
        model: A built and compiled ``keras.Model``; one that was trained before goes on where it was.
        x: Inputs, ``(samples, *input_shape)``.
        y: Targets, ``(samples, *output_shape)``.
        batch_size: Samples in a step.
        seed: Decides the order of the samples and what Dropout drops.
        threads: Threads to work with; by default one for each processor. Results do not depend on it.

    Raises:
        LoweringError: The model, its loss or its optimizer has no native form.
        DataError: The samples do not fit the model.
    """

    def __init__(
        self, model: Any, x: ArrayLike, y: ArrayLike, *, batch_size: int, seed: int, threads: int | None = None
    ) -> None:
        self.model = model
        compiled = model.get_compile_config() or {}
        loss = lower_loss(compiled.get("loss"))
        # Class numbers are the same loss as one-hot rows, which is the form the program takes.
        self._takes_class_numbers = loss.name == "sparse_categorical_crossentropy"
        if self._takes_class_numbers:
            loss = dataclasses.replace(loss, name="categorical_crossentropy")
        self._program = Program(
            lower_model(model),
            weights_of(model),
            loss,
            lower_optimizer(compiled.get("optimizer")),
            batch_size=batch_size,
            seed=seed,
            threads=threads or os.cpu_count() or 1,
        )
        self._batch_size = batch_size
        self._seed = seed
        self._samples = self.check(x, y)
        model.optimizer.build(model.trainable_variables)
        self._slots = _slot_variables(model, self._program.optimizer.slots)
        self._program.load_slots(
            {slot: {name: np.asarray(value) for name, value in group.items()} for slot, group in self._slots.items()}
        )
        self._program.steps = int(model.optimizer.iterations)

    def check(self, x: ArrayLike, y: ArrayLike) -> Samples:
        """Check samples once, for many evaluations.

        Raises:
            DataError: They do not fit the model.
        """
        return self._program.check(x, self._one_hot(y) if self._takes_class_numbers else y)

    def _one_hot(self, y: ArrayLike) -> NDArray[np.float32]:
        numbers = np.asarray(y).reshape(-1)
        classes = self._program.graph.output_shape[-1]
        if numbers.dtype.kind not in "iu" or numbers.min(initial=0) < 0 or numbers.max(initial=0) >= classes:
            raise DataError(
                f"Labels must be whole numbers from 0 to {classes - 1}",
                received=f"{numbers.min(initial=0)} to {numbers.max(initial=0)}, dtype {numbers.dtype}",
                advice="Encode the classes as numbers from 0, or give the last layer more units",
            )
        return np.eye(classes, dtype=np.float32)[numbers]

    def run_epoch(self, epoch: int, progress: Progress | None = None) -> dict[str, float]:
        """Train for one epoch.

        Args:
            epoch: Its number, from 0; decides the order of the samples.
            progress: Called about five times a second with the steps done and their mean loss and accuracy. An
                exception that it raises, or Ctrl-C, ends the epoch between two calls of native code.

        Returns:
            Mean ``loss`` and ``accuracy`` over the epoch.
        """
        order = order_of(self._seed, epoch, len(self._samples.inputs))
        results = np.empty((0, 2), np.float32)
        taken, steps = 0, 8
        while taken < len(order):
            begun = time.monotonic()
            part = order[taken : taken + steps * self._batch_size]
            results = np.concatenate([results, self._program.train(self._samples, part)])
            taken += len(part)
            seconds = max(time.monotonic() - begun, 1e-6)
            steps = max(1, min(4 * steps, round(steps * _SECONDS_A_CALL / seconds)))
            if progress is not None:
                progress(len(results), _means(results, taken))
        return _means(results, len(order))

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Mean ``loss`` and ``accuracy`` over samples that :meth:`check` gave, without training."""
        outputs = self._program.predict(samples.inputs)
        loss, _ = loss_and_gradient(self._program.loss, samples.targets, outputs.astype(np.float64))
        if outputs.shape[-1] == 1:
            hits = (outputs > 0.5) == (samples.targets > 0.5)  # noqa: PLR2004 (a sigmoid's halfway)
        else:
            hits = outputs.argmax(axis=-1) == samples.targets.argmax(axis=-1)
        return {"loss": loss, "accuracy": float(hits.mean())}

    def write_back(self) -> None:
        """Copy weights, the optimizer's memory and its number of steps into the model's variables."""
        variables = variables_of(self.model)
        for name, value in self._program.weights.items():
            variables[name].assign(value)
        for slot, group in self._program.slots().items():
            for name, value in group.items():
                self._slots[slot][name].assign(value)
        self.model.optimizer.iterations.assign(self._program.steps)


def _means(results: NDArray[np.float32], samples: int) -> dict[str, float]:
    loss, hits = results.sum(axis=0, dtype=np.float64) / samples
    return {"loss": float(loss), "accuracy": float(hits)}


def _slot_variables(model: Any, slots: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The optimizer's variables by slot and weight; Keras names each after the weight's path and the slot."""
    known = {variable.name: variable for variable in model.optimizer.variables}
    paths = {name: variable.path.replace("/", "_") for name, variable in variables_of(model).items()}
    try:
        return {slot: {name: known[f"{path}_{slot}"] for name, path in paths.items()} for slot in slots}
    except KeyError as error:
        raise LoweringError("The optimizer must remember something for every weight", received=error) from error

"""The training loop: epochs and callbacks as Keras has them, around native steps.

Steps that no callback sees are one native call; so are, if they are short, epochs.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.engine.arrays import Samples
from scribal.engine.fitting.evaluation import Evaluation
from scribal.engine.fitting.measures import Measures
from scribal.engine.fitting.orders import Orders
from scribal.engine.fitting.watching import Watched
from scribal.engine.trainer import Trainer, part_size
from scribal.exceptions import MissingExtraError

__all__ = ["Fitting", "callback_list"]

# Steps of several short epochs in one native call.
_STEPS_A_CALL = 1000
# As often as Keras' progress bar moves.
_SECONDS_A_CALL = 0.05


@dataclass
class Fitting:
    """A training that is about to begin.

    Attributes:
        model: The compiled ``keras.Model``.
        trainer: Trains it.
        samples: What it is trained on.
        batch_size: Samples in a step.
        orders: In which order they are taken.
        measures: What an epoch is measured by.
        evaluation: The validation, if there is one.
        callbacks: A ``keras.callbacks.CallbackList``.
        watched: What these look at.
    """

    model: Any
    trainer: Trainer
    samples: Samples
    batch_size: int
    orders: Orders
    measures: Measures
    evaluation: Evaluation | None
    callbacks: Any
    watched: Watched

    def run(self, initial_epoch: int, epochs: int, validation_freq: int | Iterable[int]) -> None:
        """Train to the last epoch, or until a callback stops it.

        Args:
            initial_epoch: Number of the first epoch.
            epochs: Number behind the last one.
            validation_freq: Every how many epochs, or after which (the first is 1), to validate.

        Raises:
            KeyboardInterrupt: Ctrl-C; the model then holds the weights of the steps that were done.
        """
        model, callbacks, logs = self.model, self.callbacks, {}
        model.stop_training = False
        callbacks.on_train_begin()
        try:
            self._listen()
            # BackupAndRestore tells there where to go on.
            remaining = range(getattr(model, "_initial_epoch", 0) or initial_epoch, epochs)
            seconds = math.inf
            while remaining:
                count, began = min(self._epochs_a_call(seconds), len(remaining)), time.perf_counter()
                if count > 1:
                    logs = self._train_together(remaining[:count])
                else:
                    logs = self._train_alone(remaining[0], validation_freq)
                seconds = (time.perf_counter() - began) / count
                remaining = remaining[count:] if not model.stop_training else range(0)
        finally:
            self.trainer.write_back()
        callbacks.on_train_end(logs)

    def _epochs_a_call(self, seconds: float) -> int:
        """How many epochs can be one native call without anybody being able to tell.

        Args:
            seconds: What an epoch took lately.
        """
        if (
            self.watched.more_than_measures
            or self.evaluation is not None
            or self.measures.asks_for_answers
            or not self.orders.is_whole
        ):
            return 1
        most = _STEPS_A_CALL // self.orders.steps
        if self.watched.anything:
            most = min(most, int(_SECONDS_A_CALL / seconds))
        return max(1, most)

    def _train_together(self, epochs: range) -> dict[str, float]:
        """Train for several short epochs in one call, and tell the callbacks of each; returns the last one's logs."""
        logs: dict[str, float] = {}
        orders = np.stack([self.orders.following(epoch) for epoch in epochs])
        measured = self.trainer.program.train_epochs(self.samples, orders)
        for epoch, order, one in zip(epochs, orders, measured, strict=True):
            self.callbacks.on_epoch_begin(epoch)
            self.measures.begin()
            self.measures.add(one, order, None)
            logs = self.measures.logs()
            self.callbacks.on_epoch_end(epoch, logs)
        return logs

    def _train_alone(self, epoch: int, validation_freq: int | Iterable[int]) -> dict[str, float]:
        """Train for an epoch, and validate if that is due; returns its logs."""
        self.callbacks.on_epoch_begin(epoch)
        self._listen()
        self._train(epoch)
        if self.watched.weights:
            self.trainer.write_back()
        logs = self.measures.logs()
        if self.evaluation is not None and _is_due(epoch, validation_freq):
            measured = self.evaluation.run(self.callbacks, self.watched)
            logs |= {f"val_{name}": value for name, value in measured.items()}
        self.callbacks.on_epoch_end(epoch, logs)
        self._listen()
        return logs

    def _train(self, epoch: int) -> None:
        """Train for an epoch: in one native call, or in as many as somebody wants to see."""
        watched, callbacks, batch_size = self.watched, self.callbacks, self.batch_size
        order = self.orders.following(epoch)
        size = len(order)
        stride = self.model.steps_per_execution
        if watched.batches:
            size = batch_size * stride
        elif watched.progress:
            size = part_size(len(order), batch_size)
        self.measures.begin()
        for first in range(0, len(order), size):
            part = order[first : first + size]
            if watched.batches:
                callbacks.on_train_batch_begin(first // batch_size)
                self._listen()
            answers = self.measures.room(len(part))
            measured = self.trainer.program.train_epoch(self.samples, order=part, outputs=answers)
            self.measures.add(measured, part, answers)
            if watched.batches:
                self.trainer.write_back()
            if watched.batches or watched.progress:
                # Keras numbers the steps of a last, shorter execution as if it were whole.
                last = first // batch_size + stride - 1 if watched.batches else (first + len(part) - 1) // batch_size
                callbacks.on_train_batch_end(last, self.measures.logs())
                self._listen()
            if self.model.stop_training:
                break

    def _listen(self) -> None:
        """Take over what callbacks may have changed."""
        if self.watched.weights:
            self.trainer.read()
        elif self.watched.anything:
            self.trainer.read_learning_rate()


def _is_due(epoch: int, validation_freq: int | Iterable[int]) -> bool:
    """Whether an epoch, counted from 0, ends with a validation."""
    if isinstance(validation_freq, int):
        return (epoch + 1) % validation_freq == 0
    return epoch + 1 in validation_freq


def callback_list(model: Any, callbacks: Any, verbose: str | int, epochs: int, steps: int) -> Any:
    """Callbacks as Keras keeps them, with a ``History`` and, unless it is to be silent, a progress bar."""
    keras = import_keras().callbacks
    if isinstance(callbacks, keras.CallbackList):
        return callbacks
    try:
        return keras.CallbackList(
            callbacks,
            add_history=True,
            add_progbar=verbose != 0,
            verbose=verbose,
            epochs=epochs,
            steps=steps,
            model=model,
        )
    except ModuleNotFoundError as error:
        if error.name != "tensorflow":
            raise
        raise MissingExtraError("tensorflow", purpose="The callback TensorBoard") from error

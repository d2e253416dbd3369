"""What an epoch is measured by: loss and accuracy as the machine code counts them, any other metric by Keras' objects.

Keras builds a model's metrics from the shapes of data; the names in a ``History`` are those of the built objects.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.backend import import_keras
from scribal.engine.compiled import is_keras_own
from scribal.engine.errors import LoweringError
from scribal.engine.fitting.data import Arrays
from scribal.engine.program import Epoch, Program

__all__ = ["Measures"]

# Answers handed to a Keras metric at a time, if it does not matter how many.
_ROWS = 8192


class Measures:
    """Takes the measures of a model's epochs, one epoch at a time.

    Args:
        model: A compiled ``keras.Model``; its metrics are built if they are not.
        program: What trains and answers.
        arrays: The data.
        batch_size: Samples in a step.

    Raises:
        LoweringError: The model has measures that are not taken from its answers.
    """

    def __init__(self, model: Any, program: Program, arrays: Arrays, batch_size: int) -> None:
        # What Keras' own fit begins with.
        model._symbolic_build(data_batch=(arrays.x[:1], arrays.y[:1], _first(arrays)))  # noqa: SLF001
        _, *others = model.metrics
        if any(type(metric).__name__ != "CompileMetrics" for metric in others):
            raise LoweringError("Metrics must be those that compile was given", received=others)
        self._metrics = others[0] if others else None
        built = self._metrics.metrics if self._metrics else []
        self._names = list(self._metrics.result()) if self._metrics else []
        self._arrays = arrays
        self._output_shape = program.graph.output_shape
        # With weights, metrics with and without them would have to be told apart.
        is_counted = arrays.sample_weight is None and all(_is_accuracy(metric, program) for metric in built)
        self._by_keras: Any = None if is_counted else self._metrics
        self._rows = _ROWS if all(_is_keras_own(metric) for metric in built) else batch_size
        self._samples = 0
        self._sums = (0.0, 0.0)

    @property
    def asks_for_answers(self) -> bool:
        """Whether a metric is taken from what the network answers."""
        return self._by_keras is not None

    def begin(self) -> None:
        """Forget the epoch before."""
        self._samples, self._sums = 0, (0.0, 0.0)
        if self._by_keras is not None:
            self._by_keras.reset_state()

    def room(self, samples: int) -> NDArray[np.float32] | None:
        """Room for answers to so many samples, if a metric asks for them."""
        return None if self._by_keras is None else np.empty((samples, *self._output_shape), np.float32)

    def add(self, measured: Epoch, places: NDArray[np.int64] | slice, answers: NDArray[np.float32] | None) -> None:
        """Add some steps.

        Args:
            measured: What the program measured.
            places: Which of the samples these were.
            answers: What :meth:`room` gave, filled.
        """
        count = places.stop - places.start if isinstance(places, slice) else len(places)
        self._count(measured, count)
        if self._by_keras is not None and answers is not None:
            weights = self._arrays.sample_weight
            self._update(self._arrays.y[places], answers, None if weights is None else weights[places])

    def add_arrays(self, measured: Epoch, arrays: Arrays, answers: NDArray[np.float32] | None) -> None:
        """Add steps on other samples.

        Args:
            measured: What the program measured.
            arrays: The samples.
            answers: What :meth:`room` gave, filled.
        """
        self._count(measured, len(arrays.x))
        if self._by_keras is not None and answers is not None:
            self._update(arrays.y, answers, arrays.sample_weight)

    def logs(self) -> dict[str, float]:
        """The measures so far, by the names Keras gives them."""
        loss, accuracy = (total / self._samples for total in self._sums)
        if self._by_keras is None:
            return {"loss": loss, **dict.fromkeys(self._names, accuracy)}
        return {"loss": loss} | {name: _number(value) for name, value in self._by_keras.result().items()}

    def _count(self, measured: Epoch, count: int) -> None:
        self._samples += count
        self._sums = (self._sums[0] + count * measured.loss, self._sums[1] + count * measured.accuracy)

    def _update(self, targets: NDArray[Any], answers: NDArray[np.float32], weights: NDArray[Any] | None) -> None:
        """Give Keras' metrics what was answered, so many rows at a time."""
        for first in range(0, len(targets), self._rows):
            part = slice(first, first + self._rows)
            self._by_keras.update_state(targets[part], answers[part], None if weights is None else weights[part])


def _first(arrays: Arrays) -> Any:
    return None if arrays.sample_weight is None else arrays.sample_weight[:1]


def _number(value: Any) -> Any:
    """A metric's value as Keras writes it to a History: a number or, of several, an array."""
    array = np.asarray(value)
    return array.item() if array.ndim == 0 else array


def _is_keras_own(metric: Any) -> bool:
    """Whether a metric is one of Keras' classes; those around a user's function may be means over whatever it gives."""
    metrics = import_keras().metrics
    return is_keras_own(metric) and type(metric) is not metrics.MeanMetricWrapper


def _is_accuracy(metric: Any, program: Program) -> bool:
    """Whether a metric is what the machine code counts."""
    metrics = import_keras().metrics
    classes, loss = program.graph.output_shape[-1], program.loss
    if classes == 1:
        # Of logits, Keras' accuracy asks whether they are above one half.
        return type(metric) is metrics.BinaryAccuracy and metric.threshold == 0.5 and not loss.from_logits  # noqa: PLR2004
    is_sparse = loss.name == "sparse_categorical_crossentropy"
    return type(metric) is (metrics.SparseCategoricalAccuracy if is_sparse else metrics.CategoricalAccuracy)

"""What ``fit`` was given -> arrays, in the shapes the network has.

Keras is generous with data: lists, tables, tensors of any library, a structure around a single array, images without
their axis of one channel. So is this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.engine.arrays import Samples
from scribal.engine.errors import LoweringError
from scribal.engine.program import Program
from scribal.exceptions import ArgumentError, DataError

__all__ = ["Arrays", "arrays_from", "rows_for", "samples_for", "split_off"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Arrays:
    """Data with one row for each sample.

    Attributes:
        x: Inputs.
        y: Targets.
        sample_weight: How much each sample counts; None if all count the same.
    """

    x: Array
    y: Array
    sample_weight: Array | None = None

    def __getitem__(self, part: slice) -> "Arrays":
        """Some of the samples."""
        return Arrays(self.x[part], self.y[part], None if self.sample_weight is None else self.sample_weight[part])


def arrays_from(x: Any, y: Any, sample_weight: Any = None, class_weight: Mapping[int, float] | None = None) -> Arrays:
    """Make arrays of what Keras takes as data.

    Args:
        x: An array, a table, a tensor or a list of numbers; or a list or mapping with just one of these.
        y: The same for targets.
        sample_weight: The same for weights; may be None.
        class_weight: A weight for each class number; classes that are left out count once.

    Raises:
        LoweringError: Data come in batches, or are several arrays.
        ArgumentError: There are weights for samples and for classes.
        DataError: There are no targets, or lists are no arrays.
    """
    inputs = array_from(x, "x")
    if y is None:
        raise DataError("Training needs targets", received="y=None", advice="Pass an array of targets")
    targets = array_from(y, "y")
    if class_weight is not None:
        if sample_weight is not None:
            raise ArgumentError(
                "Either samples or classes have weights",
                received="sample_weight and class_weight",
                advice="Multiply each sample's weight by its class's",
            )
        sample_weight = _class_weights(targets, class_weight)
    return Arrays(inputs, targets, None if sample_weight is None else array_from(sample_weight, "sample_weight"))


def array_from(value: Any, name: str) -> Array:
    """Make one array of it.

    Raises:
        LoweringError: It is no array, but something that gives batches, or several arrays.
        DataError: It is a list whose rows have different lengths.
    """
    if isinstance(value, Mapping) and len(value) == 1:
        (value,) = value.values()
    elif isinstance(value, list | tuple) and len(value) == 1 and hasattr(value[0], "__array__"):
        (value,) = value
    if not hasattr(value, "__array__") and not isinstance(value, list | tuple):
        raise LoweringError(f"{name} must be one array for the engine", received=type(value).__name__)
    rule = f"{name} must be an array, or lists of equal lengths, with a row for each sample"
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise DataError(rule, received=error, advice="Check the data") from error
    if not array.ndim:
        raise DataError(rule, received=value, advice="Put it into a list")
    return array


def split_off(arrays: Arrays, fraction: float) -> tuple[Arrays, Arrays]:
    """Split the last part of the samples off.

    Args:
        arrays: All samples.
        fraction: How much of them is split off.

    Raises:
        ArgumentError: Nothing would be left on one side.
    """
    count = len(arrays.x)
    kept = floor(count * (1 - fraction))
    if not 0 < kept < count:
        raise ArgumentError(
            "validation_split must leave samples on both sides",
            received=f"validation_split={fraction} of {count} samples",
            advice="Choose another fraction",
        )
    return arrays[:kept], arrays[kept:]


def rows_for(program: Program, x: Array) -> Array:
    """Give inputs the network's shape, if only an axis of one is missing or too much."""
    return _fitted(x, program.graph.input_shape)


def samples_for(program: Program, arrays: Arrays) -> Samples:
    """Check data for a program, once for many epochs.

    Raises:
        DataError: They do not fit the network or each other, hold something that is not finite, or are empty.
    """
    targets, weights = arrays.y, arrays.sample_weight
    if program.loss.name != "sparse_categorical_crossentropy":
        targets = _fitted(targets, program.graph.output_shape)
    return program.samples(rows_for(program, arrays.x), targets, None if weights is None else _fitted(weights, ()))


def _fitted(array: Array, shape: tuple[int, ...]) -> Array:
    if array.shape[1:] == (*shape, 1):
        return array[..., 0]
    if (*array.shape[1:], 1) == shape and array.ndim:
        return array[..., np.newaxis]
    return array


def _class_weights(targets: Array, class_weight: Mapping[int, float]) -> Array:
    """A weight for each sample, by its class: a number, or where a row of targets is largest."""
    classes = targets
    if targets.ndim > 1:
        classes = targets[..., 0] if targets.shape[-1] == 1 else targets.argmax(axis=-1)
    known, places = np.unique(np.round(classes).astype(np.int64), return_inverse=True)
    return np.array([class_weight.get(int(number), 1.0) for number in known], np.float32)[places]

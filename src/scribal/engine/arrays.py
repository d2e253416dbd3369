"""Arrays that machine code may be given: aligned, contiguous, of the right type and shape, and finite.

Machine code checks nothing. Whatever passes these functions can be read and written without leaving its memory.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.exceptions import DataError

__all__ = [
    "Floats",
    "Rows",
    "Samples",
    "aligned",
    "check_outputs",
    "check_pairs",
    "checked_order",
    "checked_rows",
    "checked_weights",
    "one_hot",
]

Floats = NDArray[np.float32]
Rows = NDArray[np.float32] | NDArray[np.uint8]

# Cache lines, and the widest vectors, are of so many bytes.
_ALIGNMENT = 64


def aligned(count: int) -> Floats:
    """Zeros that start at a cache line; room for one at least, so that every pointer is one."""
    extra = _ALIGNMENT // 4
    array = np.zeros(max(count, 1) + extra, np.float32)
    first = -array.ctypes.data % _ALIGNMENT // 4
    return array[first : first + count]


@dataclass(frozen=True)
class Samples:
    """Inputs and targets that have been checked once, for many epochs; made by ``Program.samples``.

    Attributes:
        inputs: ``(samples, *input_shape)``, contiguous float32 or bytes.
        targets: ``(samples, *output_shape)``, contiguous float32.
        sample_weight: ``(samples,)``, contiguous float32: how much each sample's loss counts; None if all count one.
    """

    inputs: Rows
    targets: Floats
    sample_weight: Floats | None = None

    def __getitem__(self, part: slice) -> "Samples":
        """Some of the samples, in their order."""
        weights = self.sample_weight
        return Samples(self.inputs[part], self.targets[part], None if weights is None else weights[part])


def checked_rows(values: ArrayLike, shape: tuple[int, ...], name: str, *, least: int = 1, finite: bool = False) -> Rows:
    """Check an array, and make it contiguous rows.

    Args:
        values: The array, of any kind of numbers.
        shape: What each row must have.
        name: What to call the array in errors.
        least: Least number of rows.
        finite: True if the numbers are known to be finite.

    Returns:
        The rows as they are if they are contiguous float32 or uint8, otherwise a copy in float32.
    """
    array = np.asarray(values)
    if array.ndim == 0 or array.shape[1:] != shape or len(array) < least:
        rule = f"{name} must be at least {least} samples of shape {shape}"
        raise DataError(rule, received=f"shape {array.shape}", advice="Reshape the array")
    if array.dtype.kind not in "fiub":
        raise DataError(f"{name} must be numbers", received=f"dtype {array.dtype}", advice="Convert the array")
    is_byte = array.dtype in (np.uint8, np.bool_)
    rows: Rows = np.ascontiguousarray(array, np.uint8) if is_byte else np.ascontiguousarray(array, np.float32)
    if not finite and array.dtype.kind == "f" and not np.isfinite(rows).all():
        raise DataError(f"{name} must be finite", received="NaN or infinity", advice="Clean the array")
    return rows


def check_pairs(inputs: Rows, targets: Rows) -> None:
    """Check that there is a target for each input."""
    if len(inputs) != len(targets):
        received = f"{len(inputs)} inputs, {len(targets)} targets"
        raise DataError("There must be a target for each input", received=received, advice="Check the arrays")


def checked_weights(sample_weight: ArrayLike, samples: int, *, finite: bool = False) -> Floats:
    """Check how much samples count, ``(samples,)`` or ``(samples, 1)``, and make it contiguous float32.

    Args:
        sample_weight: A number for each sample.
        samples: How many there are.
        finite: True if the numbers are known to be finite.
    """
    weights = np.asarray(sample_weight)
    if weights.shape[1:] == (1,):
        weights = weights[:, 0]
    if weights.shape != (samples,):
        received = f"shape {weights.shape}"
        raise DataError(
            f"sample_weight must be {samples} numbers", received=received, advice="Pass one for each sample"
        )
    return checked_rows(weights, (), "sample_weight", finite=finite).astype(np.float32, copy=False)


def check_outputs(outputs: Floats, shape: tuple[int, ...]) -> None:
    """Check that answers of a shape can be written to an array in place."""
    fits = isinstance(outputs, np.ndarray) and outputs.shape == shape and outputs.dtype == np.float32
    if not (fits and outputs.flags.carray):
        rule = f"outputs must be a contiguous, writeable float32 array of shape {shape}"
        received = f"shape {np.shape(outputs)}, dtype {np.asarray(outputs).dtype.str}"
        raise DataError(rule, received=received, advice="Make it with np.empty")


def checked_order(order: ArrayLike, samples: int) -> NDArray[np.int64]:
    """Check the numbers of samples to take."""
    places = np.asarray(order)
    if places.ndim != 1 or places.dtype.kind not in "iu" or not len(places):
        received = f"shape {places.shape}, dtype {places.dtype}"
        raise DataError("order must be a list of sample numbers", received=received, advice="Pass a permutation")
    if places.min() < 0 or places.max() >= samples:
        received = f"{places.min()} to {places.max()}"
        raise DataError(f"order must lie in 0..{samples - 1}", received=received, advice="Pass a permutation")
    return places.astype(np.int64)


def one_hot(labels: ArrayLike, classes: int) -> Floats:
    """Check class numbers, ``(samples,)`` or ``(samples, 1)``, and make rows of them with a one at that class."""
    numbers = np.asarray(labels)
    if numbers.shape[1:] == (1,):
        numbers = numbers[:, 0]
    if numbers.ndim != 1 or not len(numbers) or numbers.dtype.kind not in "iuf":
        received = f"shape {numbers.shape}, dtype {numbers.dtype}"
        raise DataError("targets must be class numbers", received=received, advice="Pass one number for each sample")
    if not (numbers == np.clip(np.floor(numbers), 0, classes - 1)).all():
        received = f"{numbers.min()} to {numbers.max()}"
        raise DataError(
            f"targets must be whole numbers in 0..{classes - 1}", received=received, advice="Check the labels"
        )
    rows = np.zeros((len(numbers), classes), np.float32)
    rows[np.arange(len(numbers)), numbers.astype(np.int64)] = 1
    return rows

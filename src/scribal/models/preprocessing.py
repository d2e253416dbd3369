"""From a dataset's arrays to what a model takes in."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.exceptions import ModelError
from scribal.models.metadata import checked_scale

__all__ = ["prepare"]


def prepare(x: ArrayLike, input_shape: Sequence[int | None], scale: float) -> NDArray[np.float32]:
    r"""Turn raw samples into a model's input: float32, scaled, of the model's shape.

    A sample is reshaped only where that keeps its meaning: an axis of length 1 comes or goes, or all values are laid
    out in one row (10 by 10 becomes 100) or taken out of one. Swapped axes, such as colours first for colours last,
    have as many values but another meaning and are refused.

    Args:
        x: Raw samples of shape (n, height, width), (n, height, width, channels) or (n, features); integers, booleans
            or real numbers in any memory layout and byte order. Pixels lie between 0 and 255.
        input_shape: Shape of one sample as the model takes it, without the batch axis; ``None`` stands for any length.
        scale: Each value is multiplied by it.

    Returns:
        Array of shape (n, \*input_shape), C-contiguous. It is the only array made, whatever the type of ``x``.

    Raises:
        ModelError: The shapes do not agree, ``x`` holds something else than real numbers, NaN or infinity.
        ArgumentError: ``scale`` is not a finite number above 0.

    >>> prepare([[[0, 64], [128, 192]]], (4,), 1 / 256)
    array([[0.  , 0.25, 0.5 , 0.75]], dtype=float32)
    """
    factor = np.float32(checked_scale(scale))
    raw = _as_numbers(x)
    wanted = tuple(input_shape)
    sample = _fitted(raw.shape, wanted)
    # float64 values beyond float32 become infinite here, which is refused below in words rather than by a warning.
    with np.errstate(over="ignore", invalid="ignore"):
        # With dtype= NumPy converts block by block: no float64 copy, and no float32 copy besides the result.
        scaled: NDArray[np.float32] = np.multiply(raw, factor, dtype=np.float32, order="C", casting="same_kind")
    if scaled.size and raw.dtype.kind == "f":
        _refuse_non_finite(scaled)
    return scaled.reshape(len(raw), *sample)


def _as_numbers(x: ArrayLike) -> NDArray[Any]:
    try:
        raw = np.asarray(x)
    except ValueError as error:
        raise ModelError(
            "Samples must all have the same shape",
            received=str(error),
            advice="Bring all samples to one shape before stacking them",
        ) from error
    if raw.dtype.kind not in "biuf":
        raise ModelError(
            "Samples must be integers or real numbers",
            received=f"an array of {raw.dtype}",
            advice="Convert them, for instance with numpy.asarray(x, dtype='float32')",
        )
    return raw


def _fitted(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> tuple[int, ...]:
    """Give the shape one sample gets, or refuse."""
    if shape:
        sample = shape[1:]
        if _matches(sample, wanted):
            return sample
        known = [length for length in wanted if length is not None]
        if len(known) == len(wanted):
            same_meaning = _without_ones(sample) == _without_ones(known) or 1 in (len(sample), len(known))
            if same_meaning and math.prod(sample) == math.prod(known):
                return tuple(known)
        elif _matches((*sample, 1), wanted):
            return (*sample, 1)
    single = wanted in (shape, (*shape, 1))
    raise ModelError(
        f"Samples must have the shape the model takes: (n, {', '.join(map(_length, wanted))})",
        received=f"an array of shape {shape}",
        advice="Add the batch axis to a single sample: x[None]"
        if single
        else "Resize or reshape the samples, or use a model made for this shape",
    )


def _matches(sample: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(sample) == len(wanted) and all(
        length in (None, given) for given, length in zip(sample, wanted, strict=True)
    )


def _without_ones(shape: Sequence[int]) -> list[int]:
    return [length for length in shape if length != 1]


def _length(length: int | None) -> str:
    return "any" if length is None else str(length)


def _refuse_non_finite(values: NDArray[np.float32]) -> None:
    # Smallest and largest value see a NaN or infinity anywhere without an array of answers.
    smallest, largest = values.min(), values.max()
    if not (np.isfinite(smallest) and np.isfinite(largest)):
        raise ModelError(
            "Samples must be finite numbers",
            received="NaN" if np.isnan(smallest) else "infinity, or a number beyond float32",
            advice="Look for missing values or a division by zero where the samples come from",
        )

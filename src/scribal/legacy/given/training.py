"""``keras.engine.training``: functions of Keras 1 and 2 that programs took from there."""

from typing import Any

__all__ = ["slice_X", "slice_arrays"]

MODERN = {"slice_X": "x[start:stop]", "slice_arrays": "x[start:stop]"}


def slice_arrays(arrays: Any, start: Any = None, stop: int | None = None) -> Any:
    """Samples of an array, or of each array of a list: from ``start`` to ``stop``, or those of a list of places."""
    chosen = slice(start, stop) if start is None or isinstance(start, int) else start
    return [array[chosen] for array in arrays] if isinstance(arrays, list) else arrays[chosen]


slice_X = slice_arrays  # noqa: N816 (Keras 1's name)

"""Data as Keras 1 and 2 took them -> data that Keras 3 and the engine take.

Keras 2 made NumPy arrays of whatever it was given, as long as the network had one input; a list of arrays then was one
array of many rows. Keras 3 takes lists for several inputs.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["class_weights", "data_for", "steps", "validation_data", "without_word"]


def data_for(value: Any, count: int) -> Any:
    """Make an array of a list or table that stands for one input or output.

    Args:
        value: What was given as ``x`` or ``y``.
        count: How many inputs or outputs the network has; 0 if that is not known.
    """
    if count == 0 and isinstance(value, list | tuple) and all(_is_array(part) and np.ndim(part) > 1 for part in value):
        return value
    if count == 1:
        value = without_word(value)
    if isinstance(value, list | tuple) and len(value):
        if count > 1:
            return [data_for(part, 1) for part in value]
        return _one_array(value)
    if hasattr(value, "dtypes") and hasattr(value, "to_numpy"):
        # A table may have columns of several types, or of bools as pandas.get_dummies makes them.
        value = value.to_numpy()
    if isinstance(value, np.ndarray) and value.dtype.kind in "bO":
        return _numbers(value)
    return value


def without_word(value: Any) -> Any:
    """What stands under the only word of a dict, as a network's only output may be named; anything else as it is."""
    return next(iter(value.values())) if isinstance(value, Mapping) and len(value) == 1 else value


def validation_data(value: Any, inputs: int, outputs: int) -> Any:
    """Make a tuple of arrays of ``[x, y]``, the form that Keras 1 documented; generators are left alone."""
    if isinstance(value, list | tuple) and len(value) in (2, 3):
        x, y, *weights = value
        return data_for(x, inputs), data_for(y, outputs), *weights
    return value


def class_weights(value: Any) -> Any:
    """Make a mapping of a row of weights, which scikit-learn's ``compute_class_weight`` gives."""
    if value is None or isinstance(value, Mapping | str):
        return value
    return {number: float(weight) for number, weight in enumerate(value)}


def steps(value: Any) -> Any:
    """Make whole steps of ``len(x) / 32``: Keras 2 took steps until it had done that many."""
    return math.ceil(value) if isinstance(value, float | np.floating) else value


def _one_array(value: Any) -> Any:
    if len(value) == 1 and _is_array(value[0]) and np.ndim(value[0]) > 1:
        return value[0]
    # Rows of different lengths are left to Keras, which says what is wrong with them.
    if any(part is None or isinstance(part, str | dict) for part in value) or not _is_even(value):
        return value
    return np.asarray(value)


def _is_array(value: Any) -> bool:
    return hasattr(value, "__array__") and not np.isscalar(value)


def _is_even(rows: Any) -> bool:
    return len({np.shape(row) for row in rows[:1000]}) == 1


def _numbers(array: np.ndarray) -> Any:
    try:
        return array.astype(np.float32)
    except (TypeError, ValueError):
        return array

"""TensorFlow's eager functions whose arguments or defaults are not those of ``keras.ops``."""

from collections.abc import Callable
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.legacy.tensorflow.types import computed

__all__ = [
    "argmax",
    "argmin",
    "cast",
    "clip_by_value",
    "concat",
    "constant",
    "expand_dims",
    "fill",
    "is_tensor",
    "one_hot",
    "range_of",
    "rank",
    "reduced",
    "reshape",
    "size",
    "split",
    "squeeze",
    "transpose",
    "unstack",
]


def constant(
    value: Any, dtype: str | None = None, shape: tuple[int, ...] | None = None, name: str | None = None
) -> Any:
    """``tf.constant``: whole numbers are int32 and others float32 unless a type is asked for."""
    del name
    values = np.asarray(value)
    if dtype is None and not isinstance(value, np.ndarray | np.generic):
        dtype = {"i": "int32", "f": "float32"}.get(values.dtype.kind)
    if shape is not None:
        values = np.broadcast_to(values, shape) if values.ndim == 0 else values.reshape(shape)
    return import_keras().ops.convert_to_tensor(values, dtype=computed(dtype))


def cast(x: Any, dtype: str, name: str | None = None) -> Any:
    """``tf.cast``."""
    del name
    return import_keras().ops.cast(x, computed(dtype))


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """``tf.reshape``."""
    del name
    return import_keras().ops.reshape(tensor, tuple(int(length) for length in np.atleast_1d(shape)))


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str | None = None) -> Any:  # noqa: FBT001, FBT002
    """``tf.transpose``."""
    del conjugate, name
    return import_keras().ops.transpose(a, perm)


def expand_dims(input: Any, axis: int | None = None, name: str | None = None, dim: int | None = None) -> Any:  # noqa: A002
    """``tf.expand_dims``; ``dim`` is its name in TensorFlow 1."""
    del name
    return import_keras().ops.expand_dims(input, dim if axis is None else axis)


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:  # noqa: A002
    """``tf.squeeze``."""
    del name
    return import_keras().ops.squeeze(input, axis)


def concat(values: Any, axis: int, name: str | None = None) -> Any:
    """``tf.concat``."""
    del name
    return import_keras().ops.concatenate(values, axis)


def one_hot(
    indices: Any,
    depth: int,
    on_value: float = 1,
    off_value: float = 0,
    axis: int = -1,
    dtype: str = "float32",
    name: str | None = None,
) -> Any:
    """``tf.one_hot``."""
    del name
    marks = import_keras().ops.one_hot(indices, depth, axis=axis, dtype=dtype)
    return marks if (on_value, off_value) == (1, 0) else marks * (on_value - off_value) + off_value


def argmax(
    input: Any,  # noqa: A002
    axis: int = 0,
    output_type: str = "int64",
    name: str | None = None,
    dimension: int | None = None,
) -> Any:
    """``tf.argmax``: over the first axis unless another is asked for; ``dimension`` is its name in TensorFlow 1."""
    del output_type, name
    return import_keras().ops.argmax(input, axis if dimension is None else dimension)


def argmin(input: Any, axis: int = 0, output_type: str = "int64", name: str | None = None) -> Any:  # noqa: A002
    """``tf.argmin``: over the first axis unless another is asked for."""
    del output_type, name
    return import_keras().ops.argmin(input, axis)


def clip_by_value(t: Any, clip_value_min: float, clip_value_max: float, name: str | None = None) -> Any:
    """``tf.clip_by_value``."""
    del name
    return import_keras().ops.clip(t, clip_value_min, clip_value_max)


def fill(dims: Any, value: float, name: str | None = None) -> Any:
    """``tf.fill``."""
    del name
    return import_keras().ops.full(tuple(dims), value)


def range_of(start: Any, limit: Any = None, delta: Any = 1, dtype: str | None = None, name: str | None = None) -> Any:
    """``tf.range``."""
    del name
    start, limit = (0, start) if limit is None else (start, limit)
    return import_keras().ops.arange(start, limit, delta, dtype=dtype)


def rank(input: Any) -> int:  # noqa: A002
    """``tf.rank``."""
    return np.ndim(input)


def size(input: Any) -> int:  # noqa: A002
    """``tf.size``."""
    return int(np.size(input))


def is_tensor(x: Any) -> bool:
    """``tf.is_tensor``."""
    return bool(import_keras().ops.is_tensor(x))


def reduced(operation: str) -> Callable[..., Any]:
    """One of TensorFlow's ``reduce_…`` functions.

    Args:
        operation: The name of the function in ``keras.ops``.
    """

    def reduce(
        input_tensor: Any,
        axis: Any = None,
        keepdims: bool = False,  # noqa: FBT001, FBT002
        name: str | None = None,
        *,
        keep_dims: bool | None = None,
        reduction_indices: Any = None,
    ) -> Any:
        del name
        axis = reduction_indices if axis is None else axis
        axis = tuple(axis) if isinstance(axis, list) else axis
        function = getattr(import_keras().ops, operation)
        return function(input_tensor, axis=axis, keepdims=keepdims if keep_dims is None else keep_dims)

    return reduce


def split(value: Any, num_or_size_splits: Any, axis: int = 0, num: Any = None, name: str | None = None) -> list[Any]:
    """``tf.split``: into so many parts, or parts of these sizes."""
    del num, name
    is_count = isinstance(num_or_size_splits, int)
    places = num_or_size_splits if is_count else np.cumsum(num_or_size_splits)[:-1].tolist()
    return list(import_keras().ops.split(value, places, axis=axis))


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str | None = None) -> list[Any]:
    """``tf.unstack``."""
    del name
    return list(import_keras().ops.unstack(value, num, axis))

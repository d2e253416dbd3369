"""Variables, constants and random numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.data.dataset import Array
from scribal.legacy.unseeded import unseeded

__all__ = [
    "batch_get_value",
    "batch_set_value",
    "constant",
    "count_params",
    "dtype",
    "get_variable_shape",
    "int_shape",
    "is_placeholder",
    "is_sparse",
    "ndim",
    "random_binomial",
    "random_normal",
    "random_normal_variable",
    "random_uniform",
    "random_uniform_variable",
    "set_value",
    "truncated_normal",
    "update",
    "update_add",
    "update_sub",
    "variable",
]

Shape = Sequence[int]


def variable(value: Any, dtype: str | None = None, name: str | None = None, constraint: Any = None) -> Any:
    """A variable with a first value."""
    del constraint
    keras = import_keras()
    return keras.Variable(value, dtype=dtype or keras.config.floatx(), name=name)


def constant(value: Any, dtype: str | None = None, shape: Shape | None = None, name: str | None = None) -> Any:
    """A tensor of given values; one value fills the whole shape."""
    del name
    keras = import_keras()
    values = np.asarray(value)
    if shape is not None:
        values = np.broadcast_to(values, shape) if values.size == 1 else values.reshape(shape)
    return keras.ops.convert_to_tensor(values, dtype=dtype or keras.config.floatx())


def set_value(x: Any, value: Any) -> None:
    """Give a variable a value."""
    x.assign(value)


def batch_set_value(tuples: Iterable[tuple[Any, Any]]) -> None:
    """Give variables their values."""
    for x, value in tuples:
        x.assign(value)


def batch_get_value(tensors: Iterable[Any]) -> list[Array]:
    """The values of variables."""
    return [import_keras().ops.convert_to_numpy(tensor) for tensor in tensors]


def update(x: Any, new_x: Any) -> Any:
    """Give a variable a value; the variable."""
    x.assign(new_x)
    return x


def update_add(x: Any, increment: Any) -> Any:
    """Add to a variable; the variable."""
    x.assign_add(increment)
    return x


def update_sub(x: Any, decrement: Any) -> Any:
    """Subtract from a variable; the variable."""
    x.assign_sub(decrement)
    return x


def int_shape(x: Any) -> tuple[int | None, ...]:
    """The shape, ``None`` for lengths that are not known yet."""
    return tuple(x.shape)


def get_variable_shape(x: Any) -> tuple[int | None, ...]:
    """The shape."""
    return tuple(x.shape)


def ndim(x: Any) -> int:
    """The number of axes."""
    return len(x.shape)


def count_params(x: Any) -> int:
    """The number of values."""
    return int(np.prod(x.shape))


def dtype(x: Any) -> str:
    """The type of numbers, as text."""
    return str(import_keras().backend.standardize_dtype(x.dtype))


def is_sparse(tensor: Any) -> bool:
    """Whether only values other than zero are kept: never here."""
    del tensor
    return False


def is_placeholder(x: Any) -> bool:
    """Whether it stands for values that are given later."""
    return bool(import_keras().backend.is_keras_tensor(x))


def random_normal(
    shape: Shape,
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: str | None = None,
    seed: int | None = None,
    std: float | None = None,
) -> Any:
    """Normally distributed numbers; Keras 1 called the deviation ``std``."""
    deviation = stddev if std is None else std
    return import_keras().random.normal(shape, mean, deviation, dtype=dtype, seed=unseeded() if seed is None else seed)


def truncated_normal(
    shape: Shape, mean: float = 0.0, stddev: float = 1.0, dtype: str | None = None, seed: int | None = None
) -> Any:
    """Normally distributed numbers, at most two standard deviations from the mean."""
    return import_keras().random.truncated_normal(
        shape, mean, stddev, dtype=dtype, seed=unseeded() if seed is None else seed
    )


def random_uniform(
    shape: Shape,
    minval: float = 0.0,
    maxval: float = 1.0,
    dtype: str | None = None,
    seed: int | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Any:
    """Uniformly distributed numbers; Keras 1 called the bounds ``low`` and ``high``."""
    bounds = minval if low is None else low, maxval if high is None else high
    return import_keras().random.uniform(shape, *bounds, dtype=dtype, seed=unseeded() if seed is None else seed)


def random_binomial(shape: Shape, p: float = 0.0, dtype: str | None = None, seed: int | None = None) -> Any:
    """Ones with a probability, otherwise zeros."""
    keras = import_keras()
    drawn = keras.random.uniform(shape, seed=unseeded() if seed is None else seed) < p
    return keras.ops.cast(drawn, dtype or keras.config.floatx())


def random_normal_variable(
    shape: Shape, mean: float, scale: float, dtype: str | None = None, name: str | None = None, seed: int | None = None
) -> Any:
    """A variable of normally distributed numbers."""
    return variable(random_normal(shape, mean, scale, seed=seed), dtype, name)


def random_uniform_variable(
    shape: Shape, low: float, high: float, dtype: str | None = None, name: str | None = None, seed: int | None = None
) -> Any:
    """A variable of uniformly distributed numbers."""
    return variable(random_uniform(shape, low, high, seed=seed), dtype, name)

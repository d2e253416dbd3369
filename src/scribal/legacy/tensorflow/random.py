"""``tf.random``: numbers from ``keras.random``, and one seed for all of it."""

from typing import Any

from scribal.backend import import_keras

__all__ = ["normal", "shuffle", "truncated_normal", "uniform"]

MODERN = {name: f"keras.random.{name}" for name in ("normal", "shuffle", "truncated_normal", "uniform")}


def normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: str = "float32", seed: int | None = None, **_: Any
) -> Any:
    """``tf.random.normal``."""
    return import_keras().random.normal(tuple(shape), mean, stddev, dtype=dtype, seed=seed)


def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: str = "float32", seed: int | None = None, **_: Any
) -> Any:
    """``tf.random.truncated_normal``."""
    return import_keras().random.truncated_normal(tuple(shape), mean, stddev, dtype=dtype, seed=seed)


def uniform(
    shape: Any,
    minval: float = 0,
    maxval: float | None = None,
    dtype: str = "float32",
    seed: int | None = None,
    **_: Any,
) -> Any:
    """``tf.random.uniform``; whole numbers need a ``maxval``."""
    random = import_keras().random
    if "int" in dtype:
        return random.randint(tuple(shape), minval, maxval, dtype=dtype, seed=seed)
    return random.uniform(tuple(shape), minval, 1.0 if maxval is None else maxval, dtype=dtype, seed=seed)


def shuffle(value: Any, seed: int | None = None, **_: Any) -> Any:
    """``tf.random.shuffle``: along the first axis."""
    return import_keras().random.shuffle(value, seed=seed)

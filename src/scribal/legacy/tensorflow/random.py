"""``tf.random``: numbers from ``keras.random``, and one seed for all of it."""

from typing import Any

from scribal.backend import import_keras
from scribal.legacy.tensorflow.types import computed
from scribal.legacy.unseeded import unseeded

__all__ = ["categorical", "normal", "shuffle", "truncated_normal", "uniform"]

MODERN = {name: f"keras.random.{name}" for name in __all__}


def normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: str = "float32", seed: int | None = None, **_: Any
) -> Any:
    """``tf.random.normal``."""
    return import_keras().random.normal(_shape(shape), mean, stddev, dtype=dtype, seed=_seed(seed))


def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: str = "float32", seed: int | None = None, **_: Any
) -> Any:
    """``tf.random.truncated_normal``."""
    return import_keras().random.truncated_normal(_shape(shape), mean, stddev, dtype=dtype, seed=_seed(seed))


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
        return random.randint(_shape(shape), minval, maxval, dtype=computed(dtype), seed=_seed(seed))
    return random.uniform(_shape(shape), minval, 1.0 if maxval is None else maxval, dtype=dtype, seed=_seed(seed))


def shuffle(value: Any, seed: int | None = None, **_: Any) -> Any:
    """``tf.random.shuffle``: along the first axis."""
    return import_keras().random.shuffle(value, seed=_seed(seed))


def categorical(logits: Any, num_samples: int, dtype: str = "int32", seed: int | None = None, **_: Any) -> Any:
    """``tf.random.categorical``: classes, (rows, samples), as likely as rows of logits say."""
    return import_keras().random.categorical(logits, num_samples, dtype=computed(dtype), seed=_seed(seed))


def _seed(seed: int | None) -> Any:
    return unseeded() if seed is None else seed


def _shape(shape: Any) -> tuple[int, ...]:
    return tuple(int(length) for length in shape)

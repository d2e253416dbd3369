"""JAX arrays answer as TensorFlow's eager tensors did: ``model(x).numpy()``."""

import contextlib
from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["add_numpy"]


def add_numpy(jax: ModuleType, undo: contextlib.ExitStack) -> None:
    """Give every JAX array the method ``numpy()``.

    Arrays inside compiled functions do not get it; TensorFlow's had none there either.

    Args:
        jax: JAX.
        undo: Gets what takes the method away again.
    """
    kind: Any = type(jax.numpy.zeros(()))
    if not hasattr(kind, "numpy"):
        kind.numpy = _numpy
        undo.callback(delattr, kind, "numpy")


def _numpy(array: Any) -> Any:
    """The array's values as NumPy's, which may be changed."""
    values = np.array(array)
    return values if values.ndim else values[()]

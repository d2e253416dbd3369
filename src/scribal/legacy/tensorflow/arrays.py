"""JAX arrays answer as TensorFlow's eager tensors did: ``model(x).numpy()``."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["arrays_as_tensors"]


@contextlib.contextmanager
def arrays_as_tensors() -> Iterator[None]:
    """Give every JAX array the method ``numpy()``, until the block ends.

    Arrays inside compiled functions do not get it; TensorFlow's had none there either.
    """
    import jax

    kind: Any = type(jax.numpy.zeros(()))
    if hasattr(kind, "numpy"):
        yield
        return
    kind.numpy = _numpy
    try:
        yield
    finally:
        del kind.numpy


def _numpy(array: Any) -> Any:
    """The array's values as NumPy's, which may be changed."""
    values = np.array(array)
    return values if values.ndim else values[()]

"""Functions of tensors whose arguments, defaults or meaning are not those of ``keras.ops``."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from scribal.backend import import_keras

__all__ = [
    "all_of",
    "any_of",
    "argmax",
    "argmin",
    "batch_dot",
    "cast_to_floatx",
    "clip",
    "concatenate",
    "cumprod",
    "cumsum",
    "dot",
    "expand_dims",
    "flatten",
    "gather",
    "identity",
    "map_fn",
    "permute_dimensions",
    "print_tensor",
    "repeat",
    "repeat_elements",
    "reverse",
    "squeeze",
    "switch",
]

_STACK = 3


def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """Values brought between two limits."""
    return import_keras().ops.clip(x, min_value, max_value)


def concatenate(tensors: Sequence[Any], axis: int = -1) -> Any:
    """Tensors one after the other, along the last axis unless another is asked for."""
    return import_keras().ops.concatenate(tensors, axis=axis)


def expand_dims(x: Any, axis: int = -1) -> Any:
    """An axis of length 1 more, behind the others unless it is said where."""
    return import_keras().ops.expand_dims(x, axis)


def squeeze(x: Any, axis: int) -> Any:
    """One axis of length 1 less."""
    return import_keras().ops.squeeze(x, axis)


def argmax(x: Any, axis: int = -1) -> Any:
    """Where the largest value is, along the last axis unless another is asked for."""
    return import_keras().ops.argmax(x, axis)


def argmin(x: Any, axis: int = -1) -> Any:
    """Where the smallest value is, along the last axis unless another is asked for."""
    return import_keras().ops.argmin(x, axis)


def any_of(x: Any, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    """Whether any value is not zero."""
    return import_keras().ops.any(x, axis=axis, keepdims=keepdims)


def all_of(x: Any, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    """Whether all values are not zero."""
    return import_keras().ops.all(x, axis=axis, keepdims=keepdims)


def cumsum(x: Any, axis: int = 0) -> Any:
    """Sums of all values up to each."""
    return import_keras().ops.cumsum(x, axis=axis)


def cumprod(x: Any, axis: int = 0) -> Any:
    """Products of all values up to each."""
    return import_keras().ops.cumprod(x, axis=axis)


def flatten(x: Any) -> Any:
    """All values in one row."""
    return import_keras().ops.reshape(x, (-1,))


def permute_dimensions(x: Any, pattern: Sequence[int]) -> Any:
    """Axes in another order."""
    return import_keras().ops.transpose(x, tuple(pattern))


def repeat(x: Any, n: int) -> Any:
    """A row (samples, width) n times: (samples, n, width)."""
    ops = import_keras().ops
    return ops.repeat(ops.expand_dims(x, 1), n, axis=1)


def repeat_elements(x: Any, rep: int, axis: int) -> Any:
    """Each entry of an axis several times."""
    return import_keras().ops.repeat(x, rep, axis=axis)


def reverse(x: Any, axes: int | Sequence[int]) -> Any:
    """Axes from their ends."""
    return import_keras().ops.flip(x, axis=axes)


def gather(reference: Any, indices: Any) -> Any:
    """Entries of the first axis."""
    return import_keras().ops.take(reference, indices, axis=0)


def dot(x: Any, y: Any) -> Any:
    """The sum over the last axis of ``x`` and the last but one of ``y``: (2, 3) and (4, 3, 5) give (2, 4, 5)."""
    ops = import_keras().ops
    if len(x.shape) <= 2 and len(y.shape) <= 2:  # noqa: PLR2004 (matrices)
        return ops.matmul(x, y)
    return ops.tensordot(x, y, axes=[[len(x.shape) - 1], [max(len(y.shape) - 2, 0)]])


def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """The product sample by sample, over one axis of each.

    Tensors of more than three axes are stacks of matrices, those of an axis less stacks of rows, as until Keras 2.2.4.
    """
    if axes is not None and len(x.shape) != len(y.shape) and max(len(x.shape), len(y.shape)) > _STACK:
        return _product_of_stacks(x, y, (axes, axes) if isinstance(axes, int) else tuple(axes))
    last = len(x.shape) - 1
    chosen = [last, last - 1 if len(y.shape) > 2 else 1] if axes is None else axes  # noqa: PLR2004 (samples and one axis)
    return import_keras().layers.dot([x, y], axes=chosen if isinstance(chosen, int) else tuple(chosen))


def _product_of_stacks(x: Any, y: Any, axes: tuple[int, int]) -> Any:
    ops = import_keras().ops
    (shorter, longer), is_first = ((x, y), True) if len(x.shape) < len(y.shape) else ((y, x), False)
    axis = axes[1 if is_first else 0]
    matrices = ops.swapaxes(longer, -1, -2) if axis == len(longer.shape) - 1 else longer
    rows = ops.expand_dims(shorter, -2)
    return ops.squeeze(ops.matmul(rows, matrices), -2)


def map_fn(fn: Any, elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """What a function gives for each entry of the first axis."""
    del name, dtype
    keras = import_keras()
    return keras.ops.vectorized_map(fn, keras.tree.map_structure(keras.ops.convert_to_tensor, elems))


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two values, entry by entry; either may be a function that gives it."""
    keras = import_keras()

    def value(expression: Any) -> Any:
        given = expression() if callable(expression) else expression
        return given if keras.backend.is_keras_tensor(given) else keras.ops.convert_to_tensor(given)

    return keras.ops.where(condition, value(then_expression), value(else_expression))


def identity(x: Any, name: str | None = None) -> Any:
    """The tensor itself."""
    del name
    return x


def cast_to_floatx(x: Any) -> Any:
    """A NumPy array, or a tensor, as floats of Keras' usual type."""
    keras = import_keras()
    if isinstance(x, np.ndarray | list | tuple | int | float):
        return np.asarray(x, dtype=keras.config.floatx())
    return keras.ops.cast(x, keras.config.floatx())


def print_tensor(x: Any, message: str = "") -> Any:
    """Print a tensor's values, also from inside a compiled function."""
    import jax

    jax.debug.print("{message}{x}", message=message, x=x)
    return x

"""``keras.layers.merge``: the function of Keras 1, of the same name as the module of Keras 2."""

from collections.abc import Callable, Sequence
from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ArgumentError

__all__ = ["merge"]

MODERN = {"merge": "keras.layers.concatenate, add, multiply, average, maximum or dot"}
_MODES = {
    "ave": "average",
    "concat": "concatenate",
    "dot": "dot",
    "max": "maximum",
    "min": "minimum",
    "mul": "multiply",
    "sum": "add",
}


def merge(
    inputs: Sequence[Any],
    mode: str | Callable[..., Any] = "sum",
    dot_axes: Any = -1,
    concat_axis: int = -1,
    output_shape: Any = None,
    output_mask: Any = None,
    arguments: dict[str, Any] | None = None,
    name: str | None = None,
    **_: Any,
) -> Any:
    """``keras.layers.merge`` of Keras 1: several tensors become one.

    Args:
        inputs: The tensors.
        mode: ``sum``, ``mul``, ``concat``, ``ave``, ``max``, ``min``, ``dot``, ``cos``, or a function of the list.
        dot_axes: The axes of ``dot`` and ``cos``.
        concat_axis: The axis of ``concat``.
        output_shape: What a function's result has for a shape.
        output_mask: Ignored.
        arguments: Keyword arguments of a function.
        name: The layer's name.

    Raises:
        ArgumentError: There is no such mode.
    """
    del output_mask
    layers = import_keras().layers
    inputs = list(inputs)
    if callable(mode):
        return layers.Lambda(mode, output_shape=output_shape, arguments=arguments, name=name)(inputs)
    if mode == "cos":
        return layers.dot(inputs, axes=dot_axes, normalize=True, name=name)
    if mode not in _MODES:
        raise ArgumentError(
            "A mode of merge must be one that Keras 1 had",
            received=repr(mode),
            advice=f"Known are {', '.join([*_MODES, 'cos'])}",
        )
    options = {"dot": {"axes": dot_axes}, "concat": {"axis": concat_axis}}.get(mode, {})
    return getattr(layers, _MODES[mode])(inputs, name=name, **options)

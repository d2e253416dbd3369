"""``merge`` and ``Merge`` of Keras 1, whose ``mode`` became a layer each, and the functions that add inputs to a graph.

Source: the Keras 1.2 documentation, "Merge" and ``keras.engine.topology.merge``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments, NoModernFormError
from scribal.legacy.changes.form import Form, Gone, Step

__all__ = ["INPUTS", "MERGES"]

_FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ave": "average",
        "concat": "concatenate",
        "cos": "dot",
        "dot": "dot",
        "join": "concatenate",
        "max": "maximum",
        "min": "minimum",
        "mul": "multiply",
        "sub": "subtract",
        "sum": "add",
    }
)


def _by_mode(*, layer: bool) -> Step:
    def step(arguments: Arguments[Any]) -> None:
        mode = arguments.literal("mode", default="sum")
        if not isinstance(mode, str) or mode not in _FUNCTIONS:
            raise NoModernFormError(
                f"mode must be one of {', '.join(sorted(_FUNCTIONS))}",
                received=arguments.shown("mode"),
                advice="Use keras.layers.Lambda on a list of inputs",
            )
        name = _FUNCTIONS[mode]
        arguments.callee = f"keras.layers.{name.capitalize() if layer else name}"
        if "mode" in arguments:
            arguments.take("mode")
        if "concat_axis" in arguments:
            axis = arguments.take("concat_axis")
            if name == "concatenate":
                arguments.put("axis", axis)
        if "dot_axes" in arguments:
            axes = arguments.take("dot_axes")
            if name == "dot":
                arguments.put("axes", axes)
        if name == "dot" and "axes" not in arguments:
            arguments.put("axes", arguments.values.constant(-1))
        if mode == "cos":
            arguments.put("normalize", arguments.values.constant(True))  # noqa: FBT003 (a value, not an option)
        arguments.note(f"mode={mode!r}", arguments.callee)

    return step


def _layers_of_merge(arguments: Arguments[Any]) -> None:
    if "layers" in arguments and arguments.literal("layers") is not None:
        raise NoModernFormError(
            "A Sequential model has one input",
            received="Merge([…])",
            advice="Write keras.Model(inputs=[left.input, right.input], outputs=…) and begin its outputs with "
            "keras.layers.concatenate([left.output, right.output])",
        )


def _shape_as_tuple(arguments: Arguments[Any]) -> None:
    """``Input(shape=(784))`` is a number, whatever its author meant to write."""
    if isinstance(arguments.literal("shape"), int):
        arguments.replace(["shape"], "shape", arguments.values.sequence([arguments.get("shape")]))


def _input_order(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Second, Keras 1 and 2 take a batch shape, ``tf.keras`` and Keras 3 a number."""
    if len(positional) > 1 and isinstance(positional[1], (list, tuple)):
        return ("shape", "batch_shape", "name", "dtype")
    return ("shape", "batch_size", "dtype")


_IGNORED = {"arguments": Gone("", ({}, None)), "output_mask": Gone("", (None,)), "output_shape": Gone("", (None,))}

MERGES: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "keras.layers.Merge": Form(
            modern="keras.layers.Concatenate",
            old_order=("layers", "mode", "concat_axis", "dot_axes"),
            steps=(_layers_of_merge, _by_mode(layer=True)),
            gone={**_IGNORED, "layers": Gone()},
        ),
        "keras.layers.merge": Form(
            modern="keras.layers.concatenate",
            order=("inputs",),
            old_order=("inputs", "mode", "concat_axis", "dot_axes"),
            steps=(_by_mode(layer=False),),
            gone=_IGNORED,
        ),
    }
)
"""The layer and the function."""

INPUTS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "keras.Input": Form(
            modern="keras.Input",
            order=("shape", "batch_size", "dtype"),
            old_order=_input_order,
            steps=(_shape_as_tuple,),
            gone={"ragged": Gone("padded arrays", (False, None))},
        ),
        "keras.layers.InputLayer": Form(
            modern="keras.layers.InputLayer",
            order=("shape", "batch_size", "dtype"),
            renamed={"batch_input_shape": "batch_shape", "input_dtype": "dtype", "input_shape": "shape"},
            gone={"ragged": Gone("padded arrays", (False, None))},
        ),
    }
)
"""Where a network begins."""

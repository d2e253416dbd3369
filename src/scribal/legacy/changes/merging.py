"""``merge`` and ``Merge`` of Keras 1, whose ``mode`` became a layer each, and the functions that add inputs to a graph.

Source: the Keras 1.2 documentation, "Merge" and ``keras.engine.topology.merge``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments, NoModernFormError
from scribal.legacy.changes.form import Form, Gone, Step
from scribal.legacy.changes.values import UNKNOWN

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
        if layer and arguments.literal("layers") is not None:
            _merge_branches(arguments)
            return
        mode, (name, settings) = arguments.literal("mode", default="sum"), _merging(arguments)
        arguments.callee = f"keras.layers.{name.capitalize() if layer else name}"
        for setting, value in settings.items():
            arguments.put(setting, value)
        arguments.note(f"mode={mode!r}", arguments.callee)

    return step


def _merging(arguments: Arguments[Any]) -> tuple[str, dict[str, Any]]:
    """The function that stands for a mode, and its settings; the arguments that said so are taken away."""
    mode = arguments.literal("mode", default="sum")
    if not isinstance(mode, str) or mode not in _FUNCTIONS:
        raise NoModernFormError(
            f"mode must be one of {', '.join(sorted(_FUNCTIONS))}",
            received=arguments.shown("mode"),
            advice="Use keras.layers.Lambda on a list of inputs",
        )
    name = _FUNCTIONS[mode]
    old = {each: arguments.take(each) for each in ("mode", "concat_axis", "dot_axes") if each in arguments}
    settings: dict[str, Any] = {}
    if "concat_axis" in old and name == "concatenate":
        settings["axis"] = old["concat_axis"]
    if name == "dot":
        settings["axes"] = old.get("dot_axes", arguments.values.constant(-1))
    if mode == "cos":
        settings["normalize"] = arguments.values.constant(True)  # noqa: FBT003 (a value, not an option)
    return name, settings


def _merge_branches(arguments: Arguments[Any]) -> None:
    """``Merge([left, right])`` at the beginning of a ``Sequential`` model: a model of as many inputs."""
    branches = arguments.values.parts(arguments.get("layers"))
    if branches is None:
        raise NoModernFormError(
            "The branches of Merge must be a list that is written down",
            received=arguments.shown("layers"),
            advice="Write keras.Model([*left.inputs, *right.inputs], outputs) with outputs that begin with "
            "keras.layers.concatenate([left.outputs[0], right.outputs[0]])",
        )
    mode = arguments.literal("mode", default="sum")
    if mode is UNKNOWN:
        computed = {"output_shape": arguments.take("output_shape")} if "output_shape" in arguments else {}
        merging = arguments.values.call("keras.layers.Lambda", [arguments.take("mode")], computed)
    else:
        name, settings = _merging(arguments)
        merging = arguments.values.call(f"keras.layers.{name.capitalize()}", [], settings)
    inputs, outputs = arguments.values.branches(branches, merging)
    arguments.take("layers")
    arguments.callee = "keras.Model"
    arguments.put("inputs", inputs)
    arguments.put("outputs", outputs)
    arguments.note("[…], mode=…", "inputs, outputs")


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
            steps=(_by_mode(layer=True),),
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

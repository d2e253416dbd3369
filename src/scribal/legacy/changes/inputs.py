"""What old layers say about their input and their weights, which are no arguments of layers today.

Keras 3 builds a ``Sequential`` model from ``keras.Input`` in its first place; before, the first layer was told
``input_shape``. See the Keras 2 source, ``keras/engine/base_layer.py``, ``Layer.__init__``.
"""

from typing import Any

from scribal.legacy.changes.call import Arguments, NoModernFormError
from scribal.legacy.changes.form import Step
from scribal.legacy.changes.values import UNKNOWN

__all__ = [
    "input_from_dimension",
    "input_from_length",
    "input_from_shape",
    "plain_name",
    "recurrent_input",
    "weights_as_initializers",
]


def input_from_shape(arguments: Arguments[Any]) -> None:
    """``input_shape=`` and ``batch_input_shape=`` of any layer, ``input_dtype=`` and ``batch_size=`` beside them."""
    if "batch_input_shape" in arguments:
        _say(arguments, "batch_input_shape", "batch_shape")
    elif "input_shape" in arguments:
        _say(arguments, "input_shape", "shape")
        if "batch_size" in arguments:
            _say(arguments, "batch_size", "batch_size")
    if "input_dtype" in arguments:
        _say(arguments, "input_dtype", "dtype")


def input_from_dimension(arguments: Arguments[Any]) -> None:
    """``input_dim=``, the length of a vector; with ``input_length=``, of each vector in a sequence."""
    if "input_dim" not in arguments:
        return
    if arguments.literal("input_dim") is None:
        arguments.take("input_dim")
        return
    old = arguments.shown("input_dim")
    parts = [arguments.take("input_dim")]
    if "input_length" in arguments:
        old += f", {arguments.shown('input_length')}"
        parts.insert(0, arguments.take("input_length"))
    _describe(arguments, old, "shape", arguments.values.sequence(parts))


def recurrent_input(arguments: Arguments[Any]) -> None:
    """``input_dim=`` of a layer over sequences, whose length is free if ``input_length=`` does not say it."""
    if "input_dim" in arguments and "input_length" not in arguments and arguments.literal("input_dim") is not None:
        arguments.put("input_length", arguments.values.constant(None))
    input_from_dimension(arguments)


def input_from_length(arguments: Arguments[Any]) -> None:
    """``input_length=`` of an ``Embedding``, whose ``input_dim`` is its own."""
    if "input_length" in arguments and arguments.literal("input_length") is not None:
        old = arguments.shown("input_length")
        length = arguments.take("input_length")
        parts = arguments.values.parts(length)
        _describe(arguments, old, "shape", arguments.values.sequence([length] if parts is None else parts))
    elif "input_length" in arguments:
        arguments.take("input_length")


def plain_name(arguments: Arguments[Any]) -> None:
    """``name=`` with a slash, as in ``"block1/conv1"``, which Keras 3 keeps for itself."""
    name = arguments.literal("name")
    if isinstance(name, str) and "/" in name:
        arguments.replace(["name"], "name", arguments.values.constant(name.replace("/", "_")))


def weights_as_initializers(*initializers: str) -> Step:
    """``weights=[…]``: each array becomes the constant that initializes its variable.

    Args:
        initializers: The layer's initializers, in the order of its weights.
    """

    def step(arguments: Arguments[Any]) -> None:
        if "weights" not in arguments:
            return
        if arguments.literal("weights") is None:
            arguments.take("weights")
            return
        parts = arguments.values.parts(arguments.get("weights"))
        if parts is None or len(parts) > len(initializers):
            raise NoModernFormError(
                "Keras 3 has no argument weights for this layer",
                received=arguments.shown("weights"),
                advice="Call layer.set_weights(weights) after the model is built",
            )
        arguments.take("weights")
        for name, part in zip(initializers, parts, strict=False):
            arguments.put(name, arguments.values.call("keras.initializers.Constant", [part], {}))
        arguments.note("weights=[…]", ", ".join(f"{name}=keras.initializers.Constant(…)" for name in initializers))

    return step


def _say(arguments: Arguments[Any], old: str, new: str) -> None:
    if arguments.literal(old) is not None:
        text = arguments.shown(old)
        value = arguments.take(old)
        if new in {"shape", "batch_shape"}:
            value = _as_shape(arguments, value)
        _describe(arguments, text, new, value)
    else:
        arguments.take(old)


def _describe(arguments: Arguments[Any], old: str, name: str, value: Any) -> None:
    arguments.input[name] = value
    arguments.note(old, f"keras.Input({name}={arguments.text(value)}) before the layer")


def _as_shape(arguments: Arguments[Any], value: Any) -> Any:
    literal = arguments.values.literal(value)
    if literal is not UNKNOWN and isinstance(literal, int):
        # ``input_shape=(784)`` is a number, whatever its author meant to write.
        return arguments.values.sequence([value])
    return value

"""Attributes that layers, models and optimizers had in Keras 1 and 2, and have under another name or not at all now.

Keras 1: https://faroit.com/keras-docs/1.2.2/layers/about-keras-layers/. Keras 2: the same page of keras.io until 2023.
"""

import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from scribal.backend import import_keras
from scribal.legacy.constructors.adapting import called_by_keras
from scribal.legacy.constructors.decay import decaying_rate, set_decaying_rate
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_attributes"]


class _Former:
    """An attribute of old, computed from those of today; objects may still have one of their own under its name.

    Args:
        name: Its name.
        modern: What to write instead.
        compute: Gives its value for an object; AttributeError if that has none.
    """

    def __init__(self, name: str, modern: str, compute: Callable[[Any], Any]) -> None:
        self._name = name
        self._modern = modern
        self._compute = compute

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if called_by_keras(2):
            raise AttributeError(self._name)
        value = self._compute(instance)
        current_journal().adapted(f".{self._name}", f".{self._modern}")
        return value


def adapt_attributes(patches: Patches) -> None:
    """Give layers, models and optimizers what they had.

    Args:
        patches: Where the changes are kept.
    """
    keras = import_keras()
    for name, (modern, compute) in _LAYER.items():
        patches.put(keras.layers.Layer, name, _Former(name, modern, compute))
    # Feature maps are asked for by the first layer's input, which was the model's.
    patches.put(keras.layers.InputLayer, "input", property(lambda layer: layer.output))
    patches.put(keras.Sequential, "input", property(_sequential_input))
    patches.put(keras.Sequential, "output", property(_sequential_output))
    # layer.activation = None, to look at what a softmax was given.
    activations = importlib.import_module("keras.src.activations")
    patches.put(activations, "serialize", _serialized(activations.serialize))
    patches.put(keras.Model, "to_yaml", _to_yaml)
    patches.put(keras.KerasTensor, "__getitem__", _subscript(keras.KerasTensor.__getitem__))
    patches.put(keras.KerasTensor, "get_shape", _static_shape)
    for name, method in _VARIABLE.items():
        patches.put(keras.Variable, name, method)
    patches.put(keras.optimizers.Optimizer, "lr", property(_learning_rate, _set_learning_rate))


def _serialized(serialize: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(serialize)
    def stand_in(activation: Any) -> Any:
        return "linear" if activation is None else serialize(activation)

    return stand_in


class _StaticShape(tuple):  # type: ignore[type-arg]  # of lengths and None
    """A shape that TensorFlow's methods can be asked of."""

    __slots__ = ()

    def as_list(self) -> list[int | None]:
        return list(self)


def _static_shape(tensor: Any) -> _StaticShape:
    current_journal().adapted("x.get_shape()", "x.shape")
    return _StaticShape(tensor.shape)


def _subscript(method: Callable[..., Any]) -> Callable[..., Any]:
    """Places in a network's tensors may be whole numbers of NumPy's: ``model.output[:, np.argmax(answers)]``."""

    def plain(index: Any) -> Any:
        return int(index) if isinstance(index, np.integer) else index

    @functools.wraps(method)
    def stand_in(tensor: Any, key: Any) -> Any:
        return method(tensor, tuple(map(plain, key)) if isinstance(key, tuple) else plain(key))

    return stand_in


def _value(variable: Any, borrow: bool = False) -> Any:  # noqa: FBT001, FBT002 (Theano's)
    """``get_value()`` of Theano and ``eval()`` of TensorFlow 1: the values as an array."""
    del borrow
    current_journal().adapted("variable.get_value() or .eval()", "variable.numpy()")
    return np.array(variable)


def _set_value(variable: Any, value: Any, borrow: bool = False) -> None:  # noqa: FBT001, FBT002 (Theano's)
    del borrow
    current_journal().adapted("variable.set_value(x)", "variable.assign(x)")
    variable.assign(value)


def _built(layer: Any, end: str) -> Any:
    """What a layer takes or gives; hasattr must say no as long as nobody called it."""
    try:
        return getattr(layer, end)
    except ValueError as error:
        raise AttributeError(str(error)) from error


def _shape(tensors: Any) -> Any:
    if isinstance(tensors, list | tuple):
        return [tuple(tensor.shape) for tensor in tensors]
    return tuple(tensors.shape)


def _tensors(layer: Any, index: int, side: str) -> Any:
    tensors = getattr(layer._inbound_nodes[index], side)  # noqa: SLF001
    return tensors[0] if len(tensors) == 1 else list(tensors)


def _sequential_input(model: Any) -> Any:
    """The tensor that enters a Sequential model, which Keras 3 gives only if the model was called as a layer."""
    inputs = model.inputs
    return inputs[0] if len(inputs) == 1 else inputs


def _sequential_output(model: Any) -> Any:
    outputs = model.outputs
    return outputs[0] if len(outputs) == 1 else outputs


def _learning_rate(optimizer: Any) -> Any:
    current_journal().adapted("optimizer.lr", "optimizer.learning_rate")
    rate = decaying_rate(optimizer)
    return optimizer.learning_rate if rate is None else rate


def _set_learning_rate(optimizer: Any, value: Any) -> None:
    current_journal().adapted("optimizer.lr", "optimizer.learning_rate")
    if not set_decaying_rate(optimizer, value):
        optimizer.learning_rate = value


def _to_yaml(model: Any, **_: Any) -> str:
    """The architecture as JSON, which is YAML too; what only YAML has could bring code, and Keras has given it up."""
    current_journal().adapted("to_yaml()", "to_json()")
    text: str = model.to_json()
    return text


def _reset_states(layer: Any) -> Any:
    """Forget the states of all recurrent layers in a model, or of one layer."""

    def reset_states() -> None:
        for each in layer._flatten_layers():  # noqa: SLF001 (the layers within layers have no public name)
            if isinstance(each, import_keras().layers.RNN):
                each.reset_state()

    return reset_states


_VARIABLE: Final[Mapping[str, Callable[..., Any]]] = {"eval": _value, "get_value": _value, "set_value": _set_value}
_LAYER: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "input_shape": ("input.shape", lambda layer: _shape(_built(layer, "input"))),
    "output_shape": ("output.shape", lambda layer: _shape(_built(layer, "output"))),
    "W": ("kernel", lambda layer: layer.kernel),
    "border_mode": ("padding", lambda layer: layer.padding),
    "nb_col": ("kernel_size[1]", lambda layer: layer.kernel_size[1]),
    "nb_filter": ("filters", lambda layer: layer.filters),
    "nb_row": ("kernel_size[0]", lambda layer: layer.kernel_size[0]),
    "output_dim": ("units", lambda layer: layer.units),
    "subsample": ("strides", lambda layer: layer.strides),
    "b": ("bias", lambda layer: layer.bias),
    "reset_states": ("reset_state() of each recurrent layer", _reset_states),
    "inbound_nodes": ("_inbound_nodes", lambda layer: layer._inbound_nodes),  # noqa: SLF001
    "outbound_nodes": ("_outbound_nodes", lambda layer: layer._outbound_nodes),  # noqa: SLF001
    "get_input_at": ("input", lambda layer: lambda index: _tensors(layer, index, "input_tensors")),
    "get_output_at": ("output", lambda layer: lambda index: _tensors(layer, index, "output_tensors")),
    "get_input_shape_at": (
        "input.shape",
        lambda layer: lambda index: _shape(_tensors(layer, index, "input_tensors")),
    ),
    "get_output_shape_at": (
        "output.shape",
        lambda layer: lambda index: _shape(_tensors(layer, index, "output_tensors")),
    ),
}

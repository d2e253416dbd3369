"""Keras model, configuration or saved file -> layer graph.

A model is lowered from its configuration, the dictionary Keras itself saves, so that a saved file is lowered by the
same code and without importing Keras. Models inside the model are inlined: their layers' names gain the inner
model's.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.lower_channels import ChannelOrder
from scribal.engine.lower_layers import lower_layer, require
from scribal.engine.operations import Input, Reshape, Shape
from scribal.exceptions import ModelError

__all__ = ["lower_config", "lower_file", "lower_model", "variables_of", "weights_of"]

Config = Mapping[str, Any]
_MODEL_CLASSES = ("Sequential", "Functional", "Model")


def lower_model(model: Any) -> Graph:
    """Lower a Keras model.

    Args:
        model: A built ``keras.Sequential`` or functional ``keras.Model``, of one input and one output.

    Returns:
        The model's graph.

    Raises:
        LoweringError: A layer, or how layers are connected, has no form in the engine.
    """
    if type(model).__name__ not in _MODEL_CLASSES:
        raise LoweringError("The engine runs Sequential and functional models", received=type(model).__name__)
    return lower_config(model.get_config())


def lower_config(config: Config) -> Graph:
    """Lower a model's configuration.

    Args:
        config: What ``model.get_config()`` returns or, around it, what ``model.to_json()`` holds.

    Returns:
        The model's graph.

    Raises:
        LoweringError: A layer, or how layers are connected, has no form in the engine.
    """
    if "layers" not in config and "config" in config:
        if config.get("class_name") not in _MODEL_CLASSES:
            raise LoweringError("The engine runs Sequential and functional models", received=config.get("class_name"))
        config = config["config"]
    builder = _Builder()
    output = builder.inline(config, prefix="", source=None)
    if output in builder.order.first:
        raise LoweringError("The engine's networks must answer with the channels last", received="channels_first")
    return Graph(tuple(builder.nodes))


def lower_file(path: Path) -> Graph:
    """Lower a model saved as ``.keras``, without importing Keras.

    Raises:
        ModelError: The file is not a Keras archive.
        LoweringError: A layer, or how layers are connected, has no form in the engine.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(
            "A .keras file is an archive with a config.json", received=path, advice="Save the model again with Keras"
        ) from error
    return lower_config(config)


def weights_of(model: Any) -> dict[str, np.ndarray]:
    """Copy a Keras model's weights under the names its graph gives them, such as ``"conv2d/kernel"``."""
    return {name: np.array(variable) for name, variable in _variables(model, prefix="")}


def variables_of(model: Any) -> dict[str, Any]:
    """A Keras model's variables under the names its graph gives them."""
    return dict(_variables(model, prefix=""))


def _variables(model: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _variables(layer, prefix=f"{prefix}{layer.name}/")
        else:
            yield from ((f"{prefix}{layer.name}/{variable.name}", variable) for variable in layer.weights)


@dataclass
class _Builder:
    """Nodes found so far. ``inline`` adds those of one model and is called again for each model inside it."""

    nodes: list[Node] = field(default_factory=list)
    order: ChannelOrder = field(default_factory=ChannelOrder)

    def inline(self, config: Config, *, prefix: str, source: str | None, trainable: bool = True) -> str:
        """Add a model's nodes; ``source`` is the node an inner model reads. Returns the node that is its output."""
        trainable = trainable and config.get("trainable", True)
        if "input_layers" in config:
            return self._functional(config, prefix, source, trainable=trainable)
        return self._sequential(config, prefix, source, trainable=trainable)

    def _sequential(self, config: Config, prefix: str, source: str | None, *, trainable: bool) -> str:
        layers = config["layers"]
        if source is None and (not layers or layers[0]["class_name"] != "InputLayer"):
            source = self._input(f"{prefix}input", _built_shape(config))
        for layer in layers:
            if layer["class_name"] == "InputLayer":
                source = source or self._input(prefix + layer["config"]["name"], _batch_shape(layer["config"]))
            else:
                inputs = () if source is None else (source,)
                source = self._layer(layer, prefix, inputs, trainable=trainable)
        return str(source)

    def _functional(self, config: Config, prefix: str, source: str | None, *, trainable: bool) -> str:
        (entry,) = _endpoints(config, "input_layers")
        (exit_,) = _endpoints(config, "output_layers")
        produced: dict[str, str] = {}
        waiting = list(config["layers"])
        while waiting:
            ready = [layer for layer in waiting if all(name in produced for name in _reads(layer))]
            if not ready:
                names = [layer["name"] for layer in waiting]
                raise LoweringError(f"Layers of model {config['name']!r} must not form a cycle", received=names)
            for layer in ready:
                name = layer.get("name") or layer["config"]["name"]
                if name == entry:
                    produced[name] = source or self._input(prefix + name, _batch_shape(layer["config"]))
                else:
                    inputs = tuple(produced[read] for read in _reads(layer))
                    produced[name] = self._layer(layer, prefix, inputs, trainable=trainable)
            waiting = [layer for layer in waiting if layer not in ready]
        if not prefix and produced[exit_] != self.nodes[-1].name:
            raise LoweringError("The output of a model must be its last layer", received=exit_)
        return produced[exit_]

    def _layer(self, layer: Config, prefix: str, inputs: tuple[str, ...], *, trainable: bool) -> str:
        class_name, config = layer["class_name"], layer["config"]
        path = prefix + config.get("name", class_name)  # a class of the user's may describe itself without a name
        if class_name in _MODEL_CLASSES:
            (source,) = inputs
            return self.inline(config, prefix=f"{path}/", source=source, trainable=trainable)
        if layer.get("registered_name") or not str(layer.get("module") or "keras.layers").startswith("keras.layers"):
            raise LoweringError(f"Layer {path!r} must be one of Keras' own layers", received=layer.get("module"))
        is_turned = self.order.concerns(config, inputs)
        if is_turned:
            config = self.order.turned(class_name, config, inputs)
            inputs = tuple(self._image(name) for name in inputs)
        try:
            operations = lower_layer(class_name, config)
        except ValueError as error:
            if isinstance(error, LoweringError):
                raise
            raise LoweringError(f"Layer {path!r} must be one the engine can run", received=error) from error
        trainable = trainable and config.get("trainable", True)
        for operation in operations:
            name = path if operation is operations[0] else f"{path}:{type(operation).__name__.lower()}"
            inputs = (self._add(Node(name, operation, inputs, trainable)),)
        if is_turned:
            self.order.note(inputs[0], self._shape(inputs[0]))
        return inputs[0]

    def _image(self, name: str) -> str:
        """The node for a channels-first image; the network's own input is seen as one with its channel last."""
        shape = self.order.image_of(name, self._shape(name))
        if shape is None:
            return name
        seen = f"{name}:channels_last"
        known = any(node.name == seen for node in self.nodes)
        return seen if known else self._add(Node(seen, Reshape(shape), (name,)))

    def _shape(self, name: str) -> Shape:
        return Graph(tuple(self.nodes)).shapes[name]

    def _input(self, name: str, shape: Shape) -> str:
        return self._add(Node(name, Input(shape)))

    def _add(self, node: Node) -> str:
        """Append a node, or say which layer does not fit behind the ones before it."""
        try:
            Graph((*self.nodes, node))
        except ValueError as error:
            raise LoweringError(f"Layer {node.name!r} must fit its inputs", received=error) from error
        self.nodes.append(node)
        return node.name


def _batch_shape(config: Config) -> Shape:
    shape: Any = config.get("batch_shape") or config.get("batch_input_shape") or (None, None)
    require({"batch_shape": shape, **config}, "batch_shape", "have all sizes but the batch", None not in shape[1:])
    require(config, "dtype", "be float32", config.get("dtype") in (None, "float32"))
    return tuple(int(size) for size in shape[1:])


def _built_shape(config: Config) -> Shape:
    shape = config.get("build_input_shape") or ()
    if not shape[1:] or None in shape[1:]:
        raise LoweringError(
            f"Model {config.get('name')!r} must know the shape of its input",
            received=shape or None,
            advice="Give the first layer a keras.Input(shape), or call the model once",
        )
    return tuple(int(size) for size in shape[1:])


def _endpoints(config: Config, which: str) -> tuple[str]:
    """The one layer a model reads or ends in, written as ``[name, 0, 0]`` or as a list of one of these."""
    ends = config[which]
    ends = [ends] if ends and isinstance(ends[0], str) else ends
    if len(ends) != 1:
        raise LoweringError(f"Model {config.get('name')!r} must have one input and one output", received=ends)
    return (ends[0][0],)


def _reads(layer: Config) -> list[str]:
    """Names of the layers whose results a layer's single call reads, in order."""
    calls = layer.get("inbound_nodes", [])
    if len(calls) > 1:
        raise LoweringError(f"Layer {layer['config']['name']!r} must be called once", received=f"{len(calls)} calls")
    return [name for call in calls for name in _tensors(call["args"], layer)]


def _tensors(value: Any, layer: Config) -> Iterator[str]:
    if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        yield value["config"]["keras_history"][0]
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item, layer)
    else:
        raise LoweringError(f"Layer {layer['config']['name']!r} must be called on layers' results", received=value)

"""Configurations that Keras 1, 2 and TensorFlow's Keras wrote -> ones that Keras 3 builds models from.

A layer's configuration holds the arguments of its constructor, so what changed in calls changed here too: it is brought
into modern form by :func:`scribal.legacy.changes.calls.modern_call`.
"""

import copy
import importlib
import inspect
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.changes.call import Call
from scribal.legacy.changes.calls import modern_call
from scribal.legacy.changes.values import PlainValues

__all__ = ["is_old", "modern_model", "modern_training"]

_MODELS = ("Functional", "Model", "Sequential")
_CONTEXT = ("batch_input_shape", "create_input_layer", "input_dtype")
_EVERY_LAYER = {"activity_regularizer", "autocast", "dtype", "name", "trainable"}


class _Configurations(PlainValues):
    """Values in a configuration: objects stand there as the name of their class and their own configuration."""

    def call(self, name: str, positional: list[object], keywords: dict[str, object]) -> object:
        """The configuration of an object, which holds its arguments by name."""
        module, _, kind = name.rpartition(".")
        arguments = inspect.signature(getattr(importlib.import_module(module), kind)).bind(*positional, **keywords)
        return {"module": module, "class_name": kind, "config": dict(arguments.arguments), "registered_name": None}


_VALUES = _Configurations()


def is_old(config: Any) -> bool:
    """Whether a model's configuration is not of Keras 3, which notes each class's module."""
    return isinstance(config, list) or (isinstance(config, dict) and "module" not in config)


def modern_model(config: Any) -> dict[str, Any]:
    """Bring the configuration of a model into a form from which Keras 3 builds it.

    Args:
        config: ``{"class_name": ..., "config": ...}``; the inner one is a list of layers for a Sequential model of
            Keras 1 or 2.
    """
    kind, inner = config["class_name"], copy.deepcopy(config["config"])
    if isinstance(inner, list):
        inner = {"name": config.get("name") or "sequential", "layers": inner}
    if kind == "Sequential":
        inner["layers"] = _with_input(inner)
        inner.pop("build_input_shape", None)
    inner["layers"] = [_layer(layer) for layer in inner["layers"]]
    return {"class_name": "Functional" if kind == "Model" else kind, "config": inner}


def modern_training(config: dict[str, Any]) -> dict[str, Any]:
    """Bring optimizer, loss and metrics, as an HDF5 file holds them, into a form that Keras 3 reads."""
    modern: dict[str, Any] = {key: config[key] for key in ("loss", "loss_weights", "weighted_metrics") if key in config}
    modern.setdefault("loss_weights", None)
    metrics = config.get("metrics")
    modern["metrics"] = None if metrics is None else _metrics(metrics)
    optimizer = config["optimizer_config"]
    name, arguments = _modern("keras.optimizers." + optimizer["class_name"], optimizer["config"])
    modern["optimizer_config"] = {"class_name": name, "config": arguments}
    return modern


def _with_input(inner: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a Sequential model, an input layer in front if the first one says what it takes."""
    layers: list[dict[str, Any]] = inner["layers"]
    first = layers[0]
    described = first
    while "batch_input_shape" not in described["config"] and described["config"].get("layer"):
        described = described["config"]["layer"]
    shape = described["config"].get("batch_input_shape") or inner.get("build_input_shape")
    if first["class_name"] == "InputLayer" or first["class_name"] in _MODELS or shape is None:
        return layers
    entry = {"batch_input_shape": shape, "dtype": "float32", "name": f"{first['config']['name']}_input"}
    return [{"class_name": "InputLayer", "config": entry}, *layers]


def _layer(layer: dict[str, Any]) -> dict[str, Any]:
    if layer["class_name"] in _MODELS:
        modern = modern_model(layer)
    elif layer["class_name"] == "InputLayer":
        config = layer["config"]
        shape = config.get("batch_input_shape") or config.get("batch_shape")
        entry = {
            "batch_shape": shape,
            "dtype": config.get("dtype") or config.get("input_dtype"),
            "name": config["name"],
        }
        modern = {"class_name": "InputLayer", "config": entry}
    else:
        arguments = {key: value for key, value in layer["config"].items() if key not in _CONTEXT}
        if isinstance(arguments.get("layer"), dict):
            arguments["layer"] = _layer(arguments["layer"])
        kind, arguments = _modern("keras.layers." + layer["class_name"], arguments)
        modern = {"class_name": kind, "config": _known(kind, arguments)}
    for key in ("name", "inbound_nodes"):
        if key in layer:
            modern[key] = layer[key]
    if "inbound_nodes" in modern:
        modern["inbound_nodes"] = [[_source(source) for source in node] for node in layer["inbound_nodes"]]
    return modern


def _modern(name: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The modern name of a class, without its module, and its arguments."""
    call: Call[Any] = modern_call(
        name, Call(name, [], {key: _plain(value) for key, value in arguments.items()}), _VALUES
    )
    return call.name.rpartition(".")[2], call.keywords


def _plain(value: Any) -> Any:
    """A value without what TensorFlow's Keras noted beside it: an initializer's type of numbers, a policy's class."""
    if not isinstance(value, dict) or "class_name" not in value or not isinstance(value.get("config"), dict):
        return value
    if value["class_name"] in ("Policy", "PolicyV1"):
        return value["config"]["name"]
    if "layers" in value["config"] or "name" in value["config"]:
        return value
    return value | {"config": {key: part for key, part in value["config"].items() if key != "dtype"}}


def _known(kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that a layer still has; a class that is not Keras' own keeps all."""
    layer_class = getattr(import_keras().layers, kind, None)
    if layer_class is None:
        return arguments
    names = _EVERY_LAYER | set(inspect.signature(layer_class.__init__).parameters)
    return {key: value for key, value in arguments.items() if key in names}


def _source(source: list[Any]) -> list[Any]:
    """Where an input comes from: layer, node, tensor, and since Keras 2 the arguments of the call."""
    return source if len(source) > 3 or not isinstance(source[0], str) else [*source, {}]  # noqa: PLR2004


def _metrics(metrics: Any) -> Any:
    """Metrics by name; those of one output are a list, not a list in a list."""
    if isinstance(metrics, dict) and "class_name" in metrics:
        config = metrics["config"]
        return config["name"] if metrics["class_name"] == "MeanMetricWrapper" else metrics
    if isinstance(metrics, dict):
        return {name: _metrics(part) for name, part in metrics.items()}
    if isinstance(metrics, list):
        parts = [_metrics(part) for part in metrics]
        return parts[0] if len(parts) == 1 and isinstance(parts[0], list) else parts
    return metrics

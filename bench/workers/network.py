"""A network as a list of layers, read from Keras' configuration, for frameworks that have no Keras."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.workers.case import Case

__all__ = ["Layer", "channels_first_weights", "read_layers", "same_pads"]

_SEPARATE_ACTIVATIONS = {"ReLU": "relu", "Softmax": "softmax"}


@dataclass(frozen=True)
class Layer:
    """A layer.

    Attributes:
        name: Of the layer.
        kind: Keras' class name; ``"Activation"`` for ReLU and Softmax, too.
        settings: Keras' configuration of it.
        inputs: Names of the layers it reads.
    """

    name: str
    kind: str
    settings: dict[str, Any]
    inputs: tuple[str, ...]


def read_layers(network: dict[str, Any]) -> list[Layer]:
    """List the layers, each after those it reads. Activations inside a layer become layers of their own."""
    layers: list[Layer] = []
    outputs: dict[str, str] = {}
    previous = ""
    for described in network["config"]["layers"]:
        kind, settings = described["class_name"], described["config"]
        name = settings["name"]
        if kind == "InputLayer":
            outputs[name] = previous = name
            layers.append(Layer(name, kind, settings, ()))
            continue
        sources = tuple(outputs[source] for source in _sources(described.get("inbound_nodes", []))) or (previous,)
        if kind in _SEPARATE_ACTIVATIONS:
            kind, settings = "Activation", settings | {"activation": _SEPARATE_ACTIVATIONS[kind]}
        layers.append(Layer(name, kind, settings, sources))
        if kind != "Activation" and settings.get("activation", "linear") != "linear":
            layers.append(Layer(f"{name}/activation", "Activation", {"activation": settings["activation"]}, (name,)))
        outputs[name] = previous = layers[-1].name
    return layers


def channels_first_weights(case: Case, layers: list[Layer]) -> dict[str, NDArray[Any]]:
    """The initial weights for images of the form (channels, rows, columns).

    Kernels become ``(filters, channels, rows, columns)`` and ``(units, inputs)``; a dense layer behind Flatten takes
    its inputs in the other order.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    weights: dict[str, NDArray[Any]] = {}
    flattened: dict[str, tuple[int, ...]] = {}
    for layer in layers:
        source = layer.inputs[0] if layer.inputs else ""
        shapes[layer.name] = _output_shape(layer, [shapes[name] for name in layer.inputs], case)
        if layer.kind == "Flatten":
            flattened[layer.name] = shapes[source]
        elif source in flattened and layer.kind in ("Dropout", "Activation"):
            flattened[layer.name] = flattened[source]
        for key, value in case.weights.items():
            if key.rpartition("/")[0] != layer.name:
                continue
            if key.endswith("/kernel") and layer.kind == "Conv2D":
                weights[key] = np.ascontiguousarray(value.transpose(3, 2, 0, 1))
            elif key.endswith("/kernel"):
                rows = value.reshape(*flattened.get(source, (len(value),)), -1)
                order = (2, 0, 1, 3) if rows.ndim == 4 else (0, 1)  # noqa: PLR2004 (row, column, channel, unit)
                weights[key] = np.ascontiguousarray(rows.transpose(order).reshape(-1, value.shape[1]).T)
            else:
                weights[key] = value
    return weights


def same_pads(length: int, size: int, stride: int) -> tuple[int, int]:
    """Zeros before and after an axis for ``padding="same"``; the odd one comes after, as in Keras."""
    total = max((-(-length // stride) - 1) * stride + size - length, 0)
    return total // 2, total - total // 2


def _output_shape(layer: Layer, inputs: list[tuple[int, ...]], case: Case) -> tuple[int, ...]:
    if layer.kind == "InputLayer":
        return case.input_shape
    settings, first = layer.settings, inputs[0]
    simple: dict[str, tuple[int, ...]] = {
        "Flatten": (math.prod(first),),
        "Dense": (*first[:-1], settings.get("units", 0)),
        "GlobalAveragePooling2D": first[-1:],
        "Concatenate": (*first[:-1], sum(shape[-1] for shape in inputs)),
    }
    if layer.kind not in ("Conv2D", "MaxPooling2D"):
        return simple.get(layer.kind, first)
    size = settings["kernel_size" if layer.kind == "Conv2D" else "pool_size"]
    sides = [
        -(-length // stride) if settings["padding"] == "same" else (length - taps) // stride + 1
        for length, taps, stride in zip(first, size, settings["strides"], strict=False)
    ]
    return (*sides, settings.get("filters", first[-1]))


def _sources(nodes: Any) -> Iterator[str]:
    """Names of the layers that the arguments of a call come from, wherever in them a tensor stands."""
    if isinstance(nodes, dict):
        if nodes.get("class_name") == "__keras_tensor__":
            yield nodes["config"]["keras_history"][0]
            return
        nodes = list(nodes.values())
    if isinstance(nodes, list):
        for node in nodes:
            yield from _sources(node)

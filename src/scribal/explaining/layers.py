"""What each layer makes of a picture, and the filters with which it does."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scribal.engine import operations as op
from scribal.engine.graph import Graph, Node
from scribal.engine.reference.trace import Trace
from scribal.explaining.image_network import Array, ImageNetwork

__all__ = ["Filters", "LayerResult", "filters_of", "kind_of", "layer_results"]

_IMAGE_AXES = 3
# Keras' name of a layer where the engine's is shorter.
_KERAS_NAMES = {"MaxPool2D": "MaxPooling2D"}
_WITHOUT_EFFECT = {
    "Flatten": "the same numbers in one row",
    "Reshape": "the same numbers in another shape",
    "Dropout": "drops numbers only in training; here everything passes",
}
_NOT_SEEN = (op.Flatten, op.Reshape, op.Dropout, op.Rescaling)
_MOST_TEMPLATES = 64


@dataclass(frozen=True)
class LayerResult:
    """What one layer gave for one picture.

    Attributes:
        name: The layer's name in its model.
        kind: Its class, with its activation: ``"Conv2D, relu"``.
        values: Its result, of its shape, without the samples' axis.
        remark: What it does, if its numbers are those of the layer before; else empty.
    """

    name: str
    kind: str
    values: Array
    remark: str

    @property
    def low(self) -> float:
        """The smallest number."""
        return float(self.values.min())

    @property
    def high(self) -> float:
        """The largest number."""
        return float(self.values.max())

    @property
    def zeros(self) -> float:
        """The share of numbers that are 0, 0 to 1."""
        return float((self.values == 0).mean())

    @property
    def maps(self) -> Array:
        """Its feature maps, shape (maps, rows, columns); a layer of single numbers has one map of one row."""
        if self.values.ndim == _IMAGE_AXES:
            return np.moveaxis(self.values, -1, 0)
        return self.values.reshape(1, -1, self.values.shape[-1])


@dataclass(frozen=True)
class Filters:
    """The kernels of one layer.

    Attributes:
        name: The layer's name in its model.
        kind: Its class.
        kernels: Shape (filters, channels, rows, columns). Of a dense layer that reads the picture, the weights of its
            units, laid out as the picture is.
        numbers: Number of each filter; a dense layer of many units shows those that answer strongest.
        total: How many filters the layer has.
    """

    name: str
    kind: str
    kernels: Array
    numbers: tuple[int, ...]
    total: int


def layer_results(trace: Trace) -> list[LayerResult]:
    """What each layer gave for the first picture of a trace, in order; a layer and its activation are one."""
    results: list[LayerResult] = []
    for node in trace.graph.nodes[1:]:
        layer, _, part = node.name.partition(":")
        if part == "channels_last":
            continue
        values = trace.result(node.name)[0]
        if part and results and results[-1].name == layer:
            before = results.pop()
            results.append(LayerResult(layer, f"{before.kind}, {_activation(node)}", values, ""))
        else:
            results.append(LayerResult(layer, kind_of(node), values, _WITHOUT_EFFECT.get(kind_of(node), "")))
    return results


def filters_of(network: ImageNetwork, trace: Trace) -> Iterator[Filters]:
    """The kernels of all convolutions and, if it reads the picture itself, of the first dense layer.

    Args:
        network: Whose kernels.
        trace: Of one picture; says which units of a dense layer answer strongest.
    """
    graph = trace.graph
    for node in graph.nodes[1:]:
        operation = node.operation
        if isinstance(operation, op.Conv2D):
            kernels = np.transpose(network.weights[f"{node.name}/kernel"], (3, 2, 0, 1))
        elif isinstance(operation, op.DepthwiseConv2D):
            kernel = np.transpose(network.weights[f"{node.name}/kernel"], (2, 3, 0, 1))
            kernels = kernel.reshape(-1, 1, *kernel.shape[2:])
        elif isinstance(operation, op.Dense) and _reads_picture(graph, node):
            weights = network.weights[f"{node.name}/kernel"].T.reshape(-1, *network.image_shape)
            answers = trace.result(node.name)[0]
            strongest = np.sort(np.argsort(-answers, kind="stable")[:_MOST_TEMPLATES])
            templates = np.moveaxis(weights, -1, 1)[strongest]
            yield Filters(node.name, kind_of(node), templates, tuple(map(int, strongest)), len(weights))
            continue
        else:
            continue
        yield Filters(node.name, kind_of(node), kernels, tuple(range(len(kernels))), len(kernels))


def kind_of(node: Node) -> str:
    """The class of the Keras layer that a node stands for; of an activation, which."""
    if isinstance(node.operation, op.Activation):
        return f"Activation, {node.operation.name}"
    name = type(node.operation).__name__
    return _KERAS_NAMES.get(name, name)


def _activation(node: Node) -> str:
    return node.operation.name if isinstance(node.operation, op.Activation) else kind_of(node)


def _reads_picture(graph: Graph, node: Node) -> bool:
    """Whether nothing but views of the picture comes before a dense layer, which then has a weight for each pixel."""
    if len(graph.shapes[node.inputs[0]]) != 1:
        return False
    before = {other.name: other for other in graph.nodes}
    while isinstance(before[node.inputs[0]].operation, _NOT_SEEN):
        node = before[node.inputs[0]]
    return isinstance(before[node.inputs[0]].operation, op.Input)

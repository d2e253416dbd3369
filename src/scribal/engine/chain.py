"""A graph that is a chain: its layers, and what works in place on each of them.

This is also where networks are refused that have no native form.
"""

from itertools import pairwise

from scribal.engine import operations as op
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.kernels.activation import POINTWISE, SIGN_KEEPING

__all__ = ["split_chain"]


def split_chain(graph: Graph) -> tuple[list[Node], dict[str, list[Node]]]:
    """Split a graph into its layers and what works in place on each.

    Returns:
        Input, convolutions, poolings and dense layers, in order; and for the name of each, the activations and Dropout
        behind it, in order.

    Raises:
        LoweringError: The graph is not a chain, or a layer has no native form.
    """
    layers = [graph.nodes[0]]
    in_place: dict[str, list[Node]] = {graph.nodes[0].name: []}
    for before, node in pairwise(graph.nodes):
        _check(graph, before, node)
        operation = node.operation
        if isinstance(operation, op.Conv2D | op.MaxPool2D | op.Dense):
            layers.append(node)
            in_place[node.name] = []
        elif isinstance(operation, op.Activation | op.Dropout):
            if isinstance(operation, op.Activation) and operation.name == "linear":
                continue
            if isinstance(operation, op.Dropout) and not operation.rate:
                continue
            waiting = in_place[layers[-1].name]
            if len(layers) == 1 and isinstance(operation, op.Activation):
                raise _cannot(node, "an activation straight behind the input")
            blocked = [
                n for n in waiting if isinstance(n.operation, op.Activation) and n.operation.name not in SIGN_KEEPING
            ]
            if blocked:
                raise _cannot(node, f"{type(operation).__name__} straight behind {blocked[0].operation}")
            waiting.append(node)
    return layers, in_place


def _check(graph: Graph, before: Node, node: Node) -> None:
    """Refuse what the native engine has no form for."""
    operation = node.operation
    known = op.Conv2D | op.MaxPool2D | op.Dense | op.Flatten | op.Activation | op.Dropout
    if node.inputs != (before.name,):
        raise _cannot(node, "a network that branches")
    if not isinstance(operation, known):
        raise _cannot(node, f"a layer {type(operation).__name__}")
    if not node.trainable:
        raise _cannot(node, "a frozen layer")
    if any(weight.regularizer for weight in operation.weights(*graph.input_shapes(node))):
        raise _cannot(node, "a regularizer")
    if isinstance(operation, op.Dense) and len(graph.shapes[before.name]) != 1:
        raise _cannot(node, f"a Dense layer on inputs of shape {graph.shapes[before.name]}")
    if isinstance(operation, op.Activation):
        _check_activation(graph, node, operation)
    if isinstance(operation, op.MaxPool2D):
        rows, columns, _ = graph.shapes[before.name]
        if any(pad for span in operation.window.spans(rows, columns) for pad in span.pads):
            raise _cannot(node, "a pooling that pads")


def _check_activation(graph: Graph, node: Node, activation: op.Activation) -> None:
    on_classes = activation.name == "softmax" and len(graph.shapes[node.name]) == 1 and node is graph.nodes[-1]
    if activation.name not in POINTWISE and not on_classes:
        raise _cannot(node, f"an activation {activation.name} here")
    if activation.name in ("leaky_relu", "elu") and activation.alpha <= 0:
        raise _cannot(node, f"an activation {activation.name} with alpha={activation.alpha}")


def _cannot(node: Node, what: str) -> LoweringError:
    return LoweringError(f"Layer {node.name!r} must have a native form", received=what)

"""A graph that is a chain: its layers, and what works in place on each of them.

This is also where networks are refused that have no native form.
"""

from itertools import pairwise

from scribal.engine import operations as op
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.kernels.activation import POINTWISE, SIGN_KEEPING

__all__ = ["split_chain"]

_NOTHING = (op.Activation("linear"), op.Dropout(0.0))


def split_chain(graph: Graph) -> tuple[list[Node], dict[str, list[Node]]]:
    """Split a graph into its layers and what works in place on each.

    Returns:
        Input, convolutions, poolings and dense layers, in order; and for the name of each, what works in place behind
        it, in order: activations and Dropout, and Rescaling behind the Input.

    Raises:
        LoweringError: The graph is not a chain, or a layer has no native form.
    """
    layers = [graph.nodes[0]]
    in_place: dict[str, list[Node]] = {graph.nodes[0].name: []}
    for before, node in pairwise(graph.nodes):
        _check(graph, before, node)
        if isinstance(node.operation, op.Conv2D | op.MaxPool2D | op.Dense):
            layers.append(node)
            in_place[node.name] = []
        elif not isinstance(node.operation, op.Flatten) and node.operation not in _NOTHING:
            waiting = in_place[layers[-1].name]
            _check_in_place(node, [other.operation for other in waiting], behind_input=len(layers) == 1)
            waiting.append(node)
    if not isinstance(layers[-1].operation, op.Dense):
        raise _cannot(layers[-1], "a network that does not end in a Dense layer")
    return layers, in_place


def _check_in_place(node: Node, waiting: list[op.Operation], *, behind_input: bool) -> None:
    """Refuse what cannot work in place behind what does already.

    The way back tells an activation's slope from what lies there in the end, which must still have the activation's
    sign.
    """
    operation = node.operation
    activations = [other for other in waiting if isinstance(other, op.Activation)]
    if isinstance(operation, op.Rescaling) != behind_input and not isinstance(operation, op.Dropout):
        raise _cannot(
            node, f"{type(operation).__name__} {'straight' if behind_input else 'not straight'} behind the input"
        )
    if isinstance(operation, op.Activation) and activations:
        raise _cannot(node, f"Activation behind {activations[0]}")
    if any(activation.name not in SIGN_KEEPING for activation in activations):
        raise _cannot(node, f"{type(operation).__name__} behind {activations[0]}")


def _check(graph: Graph, before: Node, node: Node) -> None:
    """Refuse what the native engine has no form for."""
    operation = node.operation
    known = op.Conv2D | op.MaxPool2D | op.Dense | op.Flatten | op.Activation | op.Dropout | op.Rescaling
    if node.inputs != (before.name,):
        raise _cannot(node, "a network that branches")
    if not isinstance(operation, known):
        raise _cannot(node, f"a layer {type(operation).__name__}")
    if not node.trainable:
        raise _cannot(node, "a frozen layer")
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

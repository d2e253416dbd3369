"""The values of a network that get memory of their own: which layer makes each, and what works on it in place.

Activations, Dropout and Rescaling work in place on what they read, where nobody else reads it and the way back can do
without what was there before. Flatten and Reshape are other views of the same numbers. Every other layer makes a value
of its own, and so do these where they have to: then they start with a copy.

This is also where networks are refused that have no native form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scribal.engine import operations as op
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.kernels.activation import SIGN_KEEPING, tells_slope
from scribal.engine.layout import ImageShape, bordered_layout, image_shape
from scribal.engine.plan_convolution import border_of
from scribal.engine.window import Window

__all__ = ["Value", "find_values", "keeps_input"]

_NOTHING = (op.Activation("linear"), op.Dropout(0.0))
_POINTWISE = (op.Activation, op.Dropout, op.Rescaling)


@dataclass
class Value:
    """A value with memory of its own.

    Attributes:
        node: The layer that makes it. A Dense layer over several axes is given as the 1x1 convolution it is; the axis
            of Concatenate is counted in rows, columns and channels.
        shape: As the layer writes it.
        sources: Numbers of the values it reads, in order.
        source_shapes: How it sees each of them.
        in_place: Activations, Dropout and Rescaling, in order.
        readers: Numbers of the values that are made of it.
        is_shared: Whether it is read, under one of its names, by more than one node.
    """

    node: Node
    shape: ImageShape
    sources: tuple[int, ...]
    source_shapes: tuple[ImageShape, ...]
    in_place: list[Node] = field(default_factory=list)
    readers: list[int] = field(default_factory=list)
    is_shared: bool = False


def keeps_input(operation: op.Operation) -> bool:
    """Whether it is an activation whose slope is told from its input, which stays in a buffer of its own."""
    return isinstance(operation, op.Activation) and not tells_slope(operation)


def find_values(graph: Graph) -> list[Value]:
    """Find a network's values, each after those it is made of.

    Raises:
        LoweringError: The network, or one of its layers, has no native form.
    """
    _check(graph)
    values: list[Value] = []
    owners: dict[str, int] = {}
    for node in graph.nodes:
        owner = values[owners[node.inputs[0]]] if len(node.inputs) == 1 else None
        if owner is not None and any(len(graph.consumers(name)) > 1 for name in node.inputs):
            owner.is_shared = True
        if owner is not None and _adopts(graph, owner, node):
            owners[node.name] = owners[node.inputs[0]]
            continue
        owners[node.name] = len(values)
        sources = tuple(owners[name] for name in node.inputs)
        for source in dict.fromkeys(sources):
            values[source].readers.append(len(values))
        values.append(_own_value(graph, node, sources))
    return values


def _own_value(graph: Graph, node: Node, sources: tuple[int, ...]) -> Value:
    operation, shapes = node.operation, graph.input_shapes(node)
    in_place = [node] if isinstance(operation, _POINTWISE) and not keeps_input(operation) else []
    if isinstance(operation, op.Dense) and len(shapes[0]) > 1:
        window = Window((1, 1))
        convolution = op.Conv2D(
            operation.units, window, operation.use_bias, operation.kernel_regularizer, operation.bias_regularizer
        )
        node = replace(node, operation=convolution)
    if isinstance(operation, op.Concatenate):
        # Counted in rows, columns and channels.
        node = replace(node, operation=op.Concatenate(operation.axis % len(shapes[0]) - len(shapes[0]) + 3))
    shape = image_shape(graph.shapes[node.name])
    return Value(node, shape, sources, tuple(image_shape(shape) for shape in shapes), in_place)


def _adopts(graph: Graph, value: Value, node: Node) -> bool:
    """Make a node part of a value, if it can be."""
    operation, shape = node.operation, image_shape(graph.shapes[node.name])
    if operation in _NOTHING:
        return True
    if isinstance(operation, op.Flatten | op.Reshape):
        if isinstance(value.node.operation, op.Input) and not value.is_shared:
            value.shape = shape
            return True
        return image_shape(graph.input_shapes(node)[0]) == shape or not _reader_wants_border(graph, value.node.name)
    if isinstance(operation, _POINTWISE) and not value.is_shared and _works_in_place(value, operation, shape):
        value.in_place.append(node)
        return True
    return False


def _works_in_place(value: Value, operation: op.Operation, shape: ImageShape) -> bool:
    """Whether the way back can do without what was there before.

    It tells an activation's slope from what lies there in the end, which must still have the activation's sign.
    """
    if isinstance(operation, op.Activation) and operation.name == "softmax" and shape != value.shape:
        return False
    if isinstance(value.node.operation, op.Input):
        return True
    # A border of zeros that is part of the value is written only once.
    if isinstance(value.node.operation, op.ZeroPadding2D) or keeps_input(operation):
        return False
    activations = [node.operation.name for node in value.in_place if isinstance(node.operation, op.Activation)]
    if isinstance(operation, op.Dropout):
        return all(name in SIGN_KEEPING for name in activations)
    return not activations


def _reader_wants_border(graph: Graph, name: str) -> bool:
    """Whether a convolution may read a node's value, under any name, with a border around it."""
    for node in graph.consumers(name):
        if isinstance(node.operation, op.Conv2D | op.DepthwiseConv2D):
            (shape,) = graph.input_shapes(node)
            if not bordered_layout(shape, [border_of(node.operation, shape)]).is_dense:
                return True
        elif isinstance(node.operation, (*_POINTWISE, op.Flatten, op.Reshape)) and _reader_wants_border(
            graph, node.name
        ):
            return True
    return False


def _check(graph: Graph) -> None:
    """Refuse what the native engine has no form for."""
    if not any(True for _ in graph.weights()):
        raise _cannot(graph.nodes[-1], "a network without weights")
    if len(graph.output_shape) != 1:
        raise _cannot(graph.nodes[-1], f"an output of shape {graph.output_shape}")
    for node in graph.nodes:
        for what in _lacks(graph, node):
            raise _cannot(node, what)


def _lacks(graph: Graph, node: Node) -> Iterator[str]:
    operation = node.operation
    if isinstance(operation, op.MaxPool2D | op.AveragePooling2D) and operation.window.dilation != (1, 1):
        yield "a pooling with dilation"
    if isinstance(operation, op.Concatenate):
        rank = len(graph.shapes[node.name])
        if rank > 3 and operation.axis % rank != rank - 1:  # noqa: PLR2004
            yield f"joining along axis {operation.axis} of {rank}"
    if node is not graph.nodes[-1] and not graph.consumers(node.name):
        yield "a result that nothing reads"


def _cannot(node: Node, what: str) -> LoweringError:
    return LoweringError(f"Layer {node.name!r} must have a native form", received=what)

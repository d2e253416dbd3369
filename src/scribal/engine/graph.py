"""The layer graph: operations and where each reads its input, shapes checked when it is built.

::

    graph = node node ... node      the first is the Input, each reads earlier ones, the last is the output
    node  = name operation inputs   name is the Keras layer's, with the models around it: "outer/inner"
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from scribal.engine.operations import Input, Operation, Shape, Weight

__all__ = ["Graph", "Node"]


@dataclass(frozen=True)
class Node:
    """One operation in its place.

    Attributes:
        name: Unique name. Weights are called ``"<name>/<weight>"``, such as ``"conv2d/kernel"``.
        operation: What is computed.
        inputs: Names of the nodes that are read, in order.
        trainable: False if the layer is frozen: its weights stay, its BatchNormalization uses moving averages.
    """

    name: str
    operation: Operation
    inputs: tuple[str, ...] = ()
    trainable: bool = True


@dataclass(frozen=True)
class Graph:
    """A network of one input and one output.

    Attributes:
        nodes: In an order in which every node comes after those it reads.
        shapes: Per-sample shape of each node's result, inferred from the nodes.

    Raises:
        ValueError: Names repeat, a node reads one that is not before it, the Input is missing or not alone,
            or shapes do not fit.
    """

    nodes: tuple[Node, ...]
    shapes: Mapping[str, Shape] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if [isinstance(node.operation, Input) for node in self.nodes] != [True] + [False] * (len(self.nodes) - 1):
            kinds = [type(node.operation).__name__ for node in self.nodes]
            raise ValueError(f"A graph starts with its one Input. Received: {kinds}")
        shapes: dict[str, Shape] = {}
        for node in self.nodes:
            if node.name in shapes:
                raise ValueError(f"Node names must be unique. Received: {node.name!r} twice")
            unknown = [name for name in node.inputs if name not in shapes]
            if unknown:
                raise ValueError(f"Node {node.name!r} must read earlier nodes. Received: inputs={unknown}")
            try:
                shapes[node.name] = node.operation.output_shape(*(shapes[name] for name in node.inputs))
            except ValueError as error:
                raise ValueError(f"Layer {node.name!r}: {error}") from error
        object.__setattr__(self, "shapes", MappingProxyType(shapes))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the nodes; shapes follow from them."""
        return Graph, (self.nodes,)

    @property
    def input_shape(self) -> Shape:
        """Shape of one sample."""
        return self.shapes[self.nodes[0].name]

    @property
    def output_shape(self) -> Shape:
        """Shape of one sample's result."""
        return self.shapes[self.nodes[-1].name]

    def input_shapes(self, node: Node) -> tuple[Shape, ...]:
        """Per-sample shapes of what a node reads."""
        return tuple(self.shapes[name] for name in node.inputs)

    def weights(self) -> Iterator[tuple[str, Weight]]:
        """Yield every weight with its full name, in the order of the nodes."""
        for node in self.nodes:
            for weight in node.operation.weights(*self.input_shapes(node)):
                trainable = weight.trainable and node.trainable
                yield f"{node.name}/{weight.name}", Weight(weight.name, weight.shape, trainable, weight.regularizer)

    def consumers(self, name: str) -> tuple[Node, ...]:
        """Find the nodes that read a node's result."""
        return tuple(node for node in self.nodes if name in node.inputs)

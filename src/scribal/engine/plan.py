"""From the graph to memory: which buffers a training step needs, where they lie, and which weights lie where.

The native engine runs chains of layers: an image part (convolutions, pooling), Flatten, and dense layers.
Activations and Dropout work in place on the layer before them. Images are taken in groups of as many as the vectors
have lanes; groups are dealt out to the threads in chunks.

Buffers of the image part belong to a thread, which takes one group all the way forward and back while its numbers
are in the cache. Inputs and output gradients of dense layers are kept for the whole batch, as their weight
gradients are sums over it.
"""

from dataclasses import dataclass, field
from typing import Literal

from scribal.engine import operations as op
from scribal.engine.blocks import unit_block
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.kernels.activation import POINTWISE, SIGN_KEEPING
from scribal.engine.layout import Layout, dense_layout, gradient_layout, padded_layout
from scribal.engine.target import Target

__all__ = ["Buffer", "Kernel", "Plan", "Tensor", "make_plan"]

# Groups a dense network takes together, so that a weight, once loaded, is used for several.
_DENSE_CHUNK = 4


@dataclass(frozen=True)
class Buffer:
    """Vectors set aside for one group of images.

    Attributes:
        where: ``"thread"``: one for each thread. ``"batch"``: one for each group of the batch.
        offset: Position in the thread's memory or in the batch's (for each group before it), in vectors.
        layout: How values lie in it.
    """

    where: Literal["thread", "batch"]
    offset: int
    layout: Layout


@dataclass(frozen=True)
class Kernel:
    """Weights of one layer: ``kernel[block of units][step][unit in block]``, then ``bias[unit]``.

    Attributes:
        offset: Position of the kernel among all weights, in floats.
        bias: Position of the bias, or None.
        steps: Inputs that each unit sums over.
        units: Output channels.
        block: Units of one block.
    """

    offset: int
    bias: int | None
    steps: int
    units: int
    block: int


@dataclass(frozen=True)
class Tensor:
    """The result of a layer and of what works in place on it.

    Attributes:
        node: The layer: Input, Conv2D, MaxPool2D or Dense.
        kernel: Its weights, if it has any.
        value: Where the result lies.
        gradient: Where its gradient lies; None if no weights come before.
        flat_value: Where samples are turned into lanes, if ``value`` has gaps; for the Input only.
        flat_gradient: Where the following dense layer leaves the gradient, if ``gradient`` has gaps.
        in_place: Activations and Dropout, in order.
        masks: For each Dropout's node name, where its factors lie.
    """

    node: Node
    kernel: Kernel | None
    value: Buffer
    flat_value: Buffer | None
    gradient: Buffer | None
    flat_gradient: Buffer | None
    in_place: tuple[Node, ...]
    masks: dict[str, Buffer]


@dataclass(frozen=True)
class Plan:
    """All a program is written from.

    Attributes:
        target: The processor.
        batch_size: Samples of a full batch.
        chunk: Groups a thread takes together.
        chunks: Chunks of a full batch.
        tensors: From the input to the output.
        targets: Where a thread keeps what the network should answer.
        weight_count: Floats of all weights; those of convolutions come first.
        shard_size: Floats of the convolutions' weights, whose gradient every chunk has a shard of.
        thread_vectors: Vectors each thread needs.
        batch_vectors: Vectors each group of the batch needs.
        dropouts: Positions in the graph of the Dropout layers that drop.
    """

    target: Target
    batch_size: int
    chunk: int
    chunks: int
    tensors: tuple[Tensor, ...]
    targets: Buffer
    weight_count: int
    shard_size: int
    thread_vectors: int
    batch_vectors: int
    dropouts: tuple[int, ...]


@dataclass
class _Memory:
    """Counts what has been set aside."""

    vectors: dict[str, int] = field(default_factory=lambda: {"thread": 0, "batch": 0})

    def take(self, where: Literal["thread", "batch"], layout: Layout) -> Buffer:
        buffer = Buffer(where, self.vectors[where], layout)
        self.vectors[where] += layout.size
        return buffer


def make_plan(graph: Graph, batch_size: int, target: Target) -> Plan:
    """Plan the training of a network.

    Args:
        graph: A chain of layers.
        batch_size: Samples of a full batch.
        target: The processor.

    Raises:
        LoweringError: The network is not such a chain, or a layer has no native form yet.
    """
    layers, in_place = _chain(graph)
    kernels = _place_weights(graph, layers)
    first_trained = min((i for i, node in enumerate(layers) if node.name in kernels), default=len(layers))
    memory = _Memory()
    tensors = []
    for number, node in enumerate(layers):
        shape = graph.shapes[node.name]
        following = layers[number + 1] if number + 1 < len(layers) else None
        # What a dense layer reads, or the network answers, is kept for the batch.
        flat = following is None or isinstance(following.operation, op.Dense)
        value_layout = dense_layout(shape)
        if following is not None and isinstance(following.operation, op.Conv2D):
            value_layout = padded_layout(shape, following.operation)
        gradient = flat_gradient = None
        if number >= first_trained:
            layout = dense_layout(shape)
            if isinstance(node.operation, op.Conv2D) and number > first_trained:
                layout = gradient_layout(shape, node.operation, graph.shapes[layers[number - 1].name])
            gradient = memory.take("batch" if isinstance(node.operation, op.Dense) else "thread", layout)
            if flat and not layout.is_dense:
                flat_gradient = memory.take("thread", dense_layout(shape))
        masks = {
            node.name: memory.take("batch" if flat else "thread", dense_layout(shape))
            for node in in_place[node.name]
            if isinstance(node.operation, op.Dropout)
        }
        value = memory.take("batch" if flat else "thread", value_layout)
        gathered = number == 0 and not value_layout.is_dense
        flat_value = memory.take("thread", dense_layout(shape)) if gathered else None
        kernel = kernels.get(node.name)
        tensors.append(
            Tensor(node, kernel, value, flat_value, gradient, flat_gradient, tuple(in_place[node.name]), masks)
        )
    targets = memory.take("thread", dense_layout(graph.output_shape))
    convolutions = [kernels[node.name] for node in layers if isinstance(node.operation, op.Conv2D)]
    groups = -(-batch_size // target.lanes)
    has_images = any(isinstance(node.operation, op.Conv2D | op.MaxPool2D) for node in layers)
    chunk = 1 if has_images else min(_DENSE_CHUNK, groups)
    return Plan(
        target=target,
        batch_size=batch_size,
        chunk=chunk,
        chunks=-(-groups // chunk),
        tensors=tuple(tensors),
        targets=targets,
        weight_count=_end(list(kernels.values())),
        shard_size=_end(convolutions),
        thread_vectors=memory.vectors["thread"],
        batch_vectors=memory.vectors["batch"],
        dropouts=tuple(i for i, node in enumerate(graph.nodes) if any(node.name in tensor.masks for tensor in tensors)),
    )


def _chain(graph: Graph) -> tuple[list[Node], dict[str, list[Node]]]:
    """Split a graph into its layers and what works in place on each."""
    layers = [graph.nodes[0]]
    in_place: dict[str, list[Node]] = {graph.nodes[0].name: []}
    for before, node in zip(graph.nodes, graph.nodes[1:], strict=False):
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
        on_classes = operation.name == "softmax" and len(graph.shapes[node.name]) == 1 and node is graph.nodes[-1]
        if operation.name not in POINTWISE and not on_classes:
            raise _cannot(node, f"an activation {operation.name} here")
    if isinstance(operation, op.MaxPool2D):
        rows, columns, _ = graph.shapes[before.name]
        if any(pad for span in operation.window.spans(rows, columns) for pad in span.pads):
            raise _cannot(node, "a pooling that pads")


def _cannot(node: Node, what: str) -> LoweringError:
    return LoweringError(f"Layer {node.name!r} must have a native form", received=what)


def _place_weights(graph: Graph, layers: list[Node]) -> dict[str, Kernel]:
    """Give every layer's weights their place, those of convolutions first."""
    kernels: dict[str, Kernel] = {}
    weighted = [node for node in layers if node.operation.weights(*graph.input_shapes(node))]
    for node in sorted(weighted, key=lambda node: isinstance(node.operation, op.Dense)):
        *inner, units = next(iter(node.operation.weights(*graph.input_shapes(node)))).shape
        steps = 1
        for size in inner:
            steps *= size
        offset = _end(list(kernels.values()))
        use_bias = len(node.operation.weights(*graph.input_shapes(node))) > 1
        bias = offset + steps * units if use_bias else None
        kernels[node.name] = Kernel(offset, bias, steps, units, unit_block(units))
    return kernels


def _end(kernels: list[Kernel]) -> int:
    """First float behind these weights."""
    return max((k.offset + k.steps * k.units + (0 if k.bias is None else k.units) for k in kernels), default=0)

"""From the graph to memory: which buffers a training step needs, where they lie, and which weights lie where.

The native engine runs chains of layers: an image part (convolutions, pooling), Flatten, and dense layers.
Activations and Dropout work in place on the layer before them. Images are taken in groups of as many as the vectors
have lanes; groups are dealt out to the threads in chunks.

Buffers of the image part belong to a thread, which takes one group all the way forward and back while its numbers
are in the cache. Inputs and output gradients of dense layers are kept for the whole batch, as their weight
gradients are sums over it.
"""

from dataclasses import dataclass, field

from scribal.engine import operations as op
from scribal.engine.blocks import unit_block
from scribal.engine.chain import split_chain
from scribal.engine.graph import Graph, Node
from scribal.engine.kernels.winograd import OUTPUT_TILE
from scribal.engine.layout import Layout, dense_layout, gradient_layout, padded_layout
from scribal.engine.memory import Buffer, Memory, Place
from scribal.engine.plan_convolution import FastConvolution, Sparse, gains_by_winograd, plan_fast, plan_sparse
from scribal.engine.plan_dense import Occupied, plan_occupied
from scribal.engine.target import Target

__all__ = ["Buffer", "Kernel", "Plan", "Tensor", "make_plan"]

# Groups a dense network takes together, so that a weight, once loaded, is used for several.
_DENSE_CHUNK = 4


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
        in_place: Activations, Dropout and, behind the Input, Rescaling, in order.
        masks: For each Dropout's node name, where its factors lie.
        sparse: For a convolution whose backward pass is sparse, its sizes and buffers.
        fast: For a convolution with fewer multiplications, its sizes and buffers.
        occupied: For a dense layer that leaves zeros among its inputs out, where it lists the others.
    """

    node: Node
    kernel: Kernel | None
    value: Buffer
    flat_value: Buffer | None
    gradient: Buffer | None
    flat_gradient: Buffer | None
    in_place: tuple[Node, ...]
    masks: dict[str, Buffer]
    sparse: Sparse | None
    fast: FastConvolution | None
    occupied: Occupied | None


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


def make_plan(graph: Graph, batch_size: int, target: Target, *, training: bool = True) -> Plan:
    """Plan the training of a network, or its forward pass alone.

    Args:
        graph: A chain of layers.
        batch_size: Samples of a full batch.
        target: The processor.
        training: Whether there is a way back, for which memory is set aside.

    Raises:
        LoweringError: The network is not such a chain, or a layer has no native form yet.
    """
    layers, in_place = split_chain(graph)
    kernels = _place_weights(graph, layers)
    groups = -(-batch_size // target.lanes)
    has_images = any(isinstance(node.operation, op.Conv2D | op.MaxPool2D) for node in layers)
    chunk = 1 if has_images else min(_DENSE_CHUNK, groups)
    chunks = -(-groups // chunk)
    planner = _Planner(graph, target, layers, in_place, kernels, chunks * chunk, training)
    tensors = planner.tensors()
    targets = planner.memory.take_vectors(dense_layout(graph.output_shape).size)
    convolutions = [kernels[node.name] for node in layers if isinstance(node.operation, op.Conv2D)]
    return Plan(
        target=target,
        batch_size=batch_size,
        chunk=chunk,
        chunks=chunks,
        tensors=tuple(tensors),
        targets=targets,
        weight_count=_end(list(kernels.values())),
        shard_size=_end(convolutions),
        thread_vectors=planner.memory.vectors["thread"],
        batch_vectors=planner.memory.vectors["batch"],
        dropouts=tuple(i for i, node in enumerate(graph.nodes) if any(node.name in tensor.masks for tensor in tensors)),
    )


@dataclass
class _Planner:
    """Sets aside memory, layer by layer."""

    graph: Graph
    target: Target
    layers: list[Node]
    in_place: dict[str, list[Node]]
    kernels: dict[str, Kernel]
    groups: int
    training: bool
    memory: Memory = field(default_factory=Memory)

    def tensors(self) -> list[Tensor]:
        """Plan all layers."""
        tensors: list[Tensor] = []
        trained = (i for i, node in enumerate(self.layers) if node.name in self.kernels and self.training)
        first_trained = min(trained, default=len(self.layers))
        for number, node in enumerate(self.layers):
            source = tensors[-1] if tensors else None
            following = self.layers[number + 1] if number + 1 < len(self.layers) else None
            # What a dense layer reads, or the network answers, is kept for the batch.
            place: Place = "batch" if following is None or isinstance(following.operation, op.Dense) else "thread"
            value_layout, shape = self._value_layout(node, following), self.graph.shapes[node.name]
            gradient, flat_gradient = None, None
            if number >= first_trained:
                gradient, flat_gradient = self._gradients(node, source if number > first_trained else None, place)
            masks = {
                waiting.name: self.memory.take(place, dense_layout(shape))
                for waiting in self.in_place[node.name]
                if isinstance(waiting.operation, op.Dropout) and self.training
            }
            sparse, fast = self._convolution(node, source, following, has_gradient=number > first_trained)
            gathered = source is None and not value_layout.is_dense
            tensors.append(
                Tensor(
                    node=node,
                    kernel=self.kernels.get(node.name),
                    value=self.memory.take(place, value_layout),
                    flat_value=self.memory.take("thread", dense_layout(shape)) if gathered else None,
                    gradient=gradient,
                    flat_gradient=flat_gradient,
                    in_place=tuple(self.in_place[node.name]),
                    masks=masks,
                    sparse=sparse,
                    fast=fast,
                    occupied=self._occupied(node, source),
                )
            )
        return tensors

    def _value_layout(self, node: Node, following: Node | None) -> Layout:
        shape = self.graph.shapes[node.name]
        if following is None or not isinstance(following.operation, op.Conv2D):
            return dense_layout(shape)
        tile = OUTPUT_TILE if gains_by_winograd(following.operation, shape[2]) else 1
        return padded_layout(shape, following.operation, tile)

    def _gradients(self, node: Node, source: Tensor | None, place: Place) -> tuple[Buffer, Buffer | None]:
        """Set aside a layer's output gradient; ``source`` is what it reads if that has a gradient, too."""
        shape = self.graph.shapes[node.name]
        layout = dense_layout(shape)
        if isinstance(node.operation, op.Conv2D) and source is not None:
            layout = gradient_layout(shape, node.operation, source.value.layout.shape)
        gradient = self.memory.take("batch" if isinstance(node.operation, op.Dense) else "thread", layout)
        has_gaps = place == "batch" and not layout.is_dense
        return gradient, self.memory.take("thread", dense_layout(shape)) if has_gaps else None

    def _occupied(self, node: Node, source: Tensor | None) -> Occupied | None:
        if source is None or not isinstance(node.operation, op.Dense):
            return None
        kernel = self.kernels[node.name]
        sizes = (kernel.steps, kernel.units, kernel.block)
        return plan_occupied(self.memory, source.node, source.in_place, sizes, self.groups, self.target)

    def _convolution(
        self, node: Node, source: Tensor | None, following: Node | None, *, has_gradient: bool
    ) -> tuple[Sparse | None, FastConvolution | None]:
        """Set aside what a convolution needs to do less, if it can."""
        if source is None or not isinstance(node.operation, op.Conv2D):
            return None, None
        inputs, shapes, lanes = source.value.layout, self.graph.shapes, self.target.lanes
        sparse = None
        if has_gradient and following is not None:
            waiting, pooled_shape = self.in_place[node.name], shapes[following.name]
            sparse = plan_sparse(self.memory, node, inputs, following, waiting, pooled_shape, lanes)
        block = self.kernels[node.name].block
        return sparse, plan_fast(self.memory, node.operation, inputs, shapes[node.name], block, lanes)


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

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
from scribal.engine.chain import split_chain
from scribal.engine.graph import Graph, Node
from scribal.engine.kernels.sparse import Geometry
from scribal.engine.kernels.winograd import OUTPUT_TILE, Winograd
from scribal.engine.layout import Layout, dense_layout, gradient_layout, padded_layout
from scribal.engine.target import Target

__all__ = ["Buffer", "Kernel", "Plan", "Tensor", "make_plan"]

# Groups a dense network takes together, so that a weight, once loaded, is used for several.
_DENSE_CHUNK = 4

# Zeros a sparse backward pass must leave out, against lanes it leaves empty, to be the faster one.
_LEAST_SPARSE_GAIN = 2

# Kernels, and channels in and out, from which on Winograd's method is the faster one.
_FAST_SIZES = ((3, 3), (5, 5))
_LEAST_FAST_CHANNELS = 8
_LEAST_FAST_UNITS = 16


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
class Sparse:
    """A sparse backward pass: its sizes, and where it keeps what, all of it in the thread's memory.

    Attributes:
        geometry: Sizes.
        rectified: Whether a ReLU lies between convolution and pooling.
        images: The inputs, channels in the lanes.
        image_gradients: Their gradient.
        filters: The weights, channels in the lanes.
        filter_gradients: Their gradient.
        gradients: The entries' gradients.
        places: The entries' places.
        counts: Numbers of entries.
    """

    geometry: Geometry
    rectified: bool
    images: Buffer
    image_gradients: Buffer
    filters: Buffer
    filter_gradients: Buffer
    gradients: Buffer
    places: Buffer
    counts: Buffer


@dataclass(frozen=True)
class FastConvolution:
    """A forward pass by Winograd's method: its sizes, and its buffers in the thread's memory.

    Attributes:
        winograd: Sizes.
        filters: The transformed filters.
        transformed: A row of transformed inputs.
        sums: A block of units' sums.
    """

    winograd: Winograd
    filters: Buffer
    transformed: Buffer
    sums: Buffer


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
        sparse: For a convolution whose backward pass is sparse, its sizes and buffers.
        fast: For a convolution with fewer multiplications, its sizes and buffers.
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
    layers, in_place = split_chain(graph)
    kernels = _place_weights(graph, layers)
    first_trained = min((i for i, node in enumerate(layers) if node.name in kernels), default=len(layers))
    memory = _Memory()
    tensors: list[Tensor] = []
    for number, node in enumerate(layers):
        shape = graph.shapes[node.name]
        following = layers[number + 1] if number + 1 < len(layers) else None
        # What a dense layer reads, or the network answers, is kept for the batch.
        flat = following is None or isinstance(following.operation, op.Dense)
        value_layout = dense_layout(shape)
        if following is not None and isinstance(following.operation, op.Conv2D):
            tile = OUTPUT_TILE if _gains_by_winograd(following.operation, value_layout.shape[2]) else 1
            value_layout = padded_layout(shape, following.operation, tile)
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
        sparse = None
        if number > first_trained and following is not None:
            inputs = tensors[number - 1].value.layout
            sparse = _plan_sparse(memory, node, inputs, following, in_place[node.name], graph, target)
        fast = None
        if kernel is not None and number and isinstance(node.operation, op.Conv2D):
            fast = _plan_fast(memory, node.operation, tensors[number - 1].value.layout, shape, kernel, target)
        waiting = tuple(in_place[node.name])
        tensors.append(Tensor(node, kernel, value, flat_value, gradient, flat_gradient, waiting, masks, sparse, fast))
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


def _plan_sparse(
    memory: _Memory, node: Node, inputs: Layout, following: Node, in_place: list[Node], graph: Graph, target: Target
) -> Sparse | None:
    """Plan a sparse backward pass for a layer, if it is a convolution that gains by one."""
    convolution, pooling = node.operation, following.operation
    if not isinstance(convolution, op.Conv2D) or not isinstance(pooling, op.MaxPool2D):
        return None
    activations = [n.operation for n in in_place]
    window, channels = convolution.window, inputs.shape[2]
    row_step, column_step = (step // channels for step in (inputs.row_step, inputs.column_step))
    rows, columns, _ = graph.shapes[following.name]
    geometry = Geometry(
        units=convolution.filters,
        channels=channels,
        taps=tuple(
            row * window.dilation[0] * row_step + column * window.dilation[1] * column_step
            for row in range(window.size[0])
            for column in range(window.size[1])
        ),
        pixels=inputs.size // channels,
        capacity=rows * columns,
        pixel_steps=(window.strides[0] * row_step, window.strides[1] * column_step),
        lanes=target.lanes,
    )
    overlaps = any(size > stride for size, stride in zip(pooling.window.size, pooling.window.strides, strict=True))
    dropped = pooling.window.size[0] * pooling.window.size[1]
    filled = channels / (geometry.vectors * target.lanes)
    if overlaps or activations not in ([], [op.Activation("relu")]) or dropped * filled < _LEAST_SPARSE_GAIN:
        return None
    lists = geometry.units * geometry.capacity
    sizes = [geometry.image * target.lanes] * 2 + [geometry.filters] * 2 + [lists] * 2 + [geometry.units]
    return Sparse(geometry, bool(activations), *(memory.take("thread", dense_layout((size,))) for size in sizes))


def _gains_by_winograd(convolution: op.Conv2D, channels: int) -> bool:
    """Whether Winograd's method applies, and saves more multiplications than its transforms cost."""
    window = convolution.window
    plain = window.strides == window.dilation == (1, 1) and window.size in _FAST_SIZES
    return plain and channels >= _LEAST_FAST_CHANNELS and convolution.filters >= _LEAST_FAST_UNITS


def _plan_fast(
    memory: _Memory, convolution: op.Conv2D, inputs: Layout, shape: op.Shape, kernel: Kernel, target: Target
) -> FastConvolution | None:
    """Plan a convolution by Winograd's method, if it gains by it."""
    window, channels = convolution.window, inputs.shape[2]
    if not _gains_by_winograd(convolution, channels):
        return None
    tiles = (-(-shape[0] // OUTPUT_TILE), -(-shape[1] // OUTPUT_TILE))
    winograd = Winograd(window.size[0], channels, kernel.units, kernel.block, tiles)
    filters = -(-winograd.elements * channels * kernel.units // target.lanes)
    row = winograd.elements * tiles[1]
    # One vector more takes what the last tile computes beyond the image.
    sizes = [filters, row * channels, row * kernel.block + 1]
    return FastConvolution(winograd, *(memory.take("thread", dense_layout((size,))) for size in sizes))


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

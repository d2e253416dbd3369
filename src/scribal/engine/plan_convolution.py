"""Convolutions that do less than the plain sum asks for: when they can, and what memory they need for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from scribal.engine.blocks import unit_block
from scribal.engine.graph import Node
from scribal.engine.kernels.sparse import Geometry
from scribal.engine.kernels.winograd import OUTPUT_TILE, Winograd
from scribal.engine.kernels.winograd_weight_gradient import FastWeightGradient
from scribal.engine.layout import Border, Layout, dense_layout
from scribal.engine.memory import Buffer, Memory, Place
from scribal.engine.operations import Activation, Conv2D, DepthwiseConv2D, MaxPool2D, Shape
from scribal.engine.target import Target

__all__ = [
    "FastConvolution",
    "FastWeights",
    "Sparse",
    "border_of",
    "gains_by_winograd",
    "plan_fast",
    "plan_fast_return",
    "plan_fast_weights",
    "plan_pooled",
    "plan_sparse",
]

# Zeros a sparse backward pass must leave out, against lanes it leaves empty, to be the faster one.
_LEAST_SPARSE_GAIN = 2

# Filters, and channels in and out, from which on Winograd's method is the faster one; and of each size of filters the
# output tile on the way back, where rounding opens no ReLU.
_RETURN_TILES = {3: 4, 5: 2}
_LEAST_FAST_CHANNELS = 6
_LEAST_FAST_FILTERS = 8

# Units whose sums for a whole pooling window must have registers at once.
_LEAST_POOLED_UNITS = 3


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
    """A convolution by Winograd's method, forward or back: its sizes, and its buffers in the thread's memory.

    Attributes:
        winograd: Sizes.
        filters: The transformed filters.
        transformed: A row of transformed inputs.
        sums: A row of sums.
    """

    winograd: Winograd
    filters: Buffer
    transformed: Buffer
    sums: Buffer


@dataclass(frozen=True)
class FastWeights:
    """A convolution's weight gradient by Winograd's method: its sizes, and its buffers in the thread's memory.

    Attributes:
        sizes: Sizes.
        inputs: Transformed inputs.
        gradients: Transformed output gradients.
        sums: The sums.
    """

    sizes: FastWeightGradient
    inputs: Buffer
    gradients: Buffer
    sums: Buffer


def plan_sparse(
    memory: Memory, node: Node, inputs: Layout, pooled: Node, in_place: Sequence[Node], lanes: int
) -> Sparse | None:
    """Plan a sparse backward pass for a layer, if it is a convolution that gains by one.

    Args:
        memory: Where buffers are set aside.
        node: The layer.
        inputs: Layout of what it reads.
        pooled: The one layer that reads it.
        in_place: Activations and Dropout between the two.
        lanes: Lanes of a vector.
    """
    convolution, pooling = node.operation, pooled.operation
    if not isinstance(convolution, Conv2D) or not isinstance(pooling, MaxPool2D):
        return None
    activations = [n.operation for n in in_place]
    window, channels = convolution.window, inputs.shape[2]
    row_step, column_step = (step // channels for step in (inputs.row_step, inputs.column_step))
    shape = convolution.output_shape(inputs.shape)
    rows, columns, _ = pooling.output_shape(shape)
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
        lanes=lanes,
    )
    overlaps = any(size > stride for size, stride in zip(pooling.window.size, pooling.window.strides, strict=True))
    pads = any(pad for span in pooling.window.spans(*shape[:2]) for pad in span.pads)
    # Places are counted from the first window, which must lie at the border's corner.
    shifted = inputs.window_start(window) != 0
    dropped = pooling.window.size[0] * pooling.window.size[1]
    filled = channels / (geometry.vectors * geometry.width)
    if overlaps or pads or shifted or activations not in ([], [Activation("relu")]):
        return None
    if dropped * filled < _LEAST_SPARSE_GAIN:
        return None
    lists = geometry.units * geometry.capacity
    filters = -(-geometry.filters * geometry.width // lanes)
    sizes = [geometry.image * geometry.width] * 2 + [filters] * 2 + [lists] * 2 + [geometry.units]
    return Sparse(geometry, bool(activations), *(memory.take_vectors(size) for size in sizes))


def plan_pooled(
    memory: Memory, node: Node, shape: Shape, pooled: Node, in_place: Sequence[Node], where: Place, target: Target
) -> Buffer | None:
    """Plan a convolution whose inputs need no gradient, in one with the pooling behind it.

    Args:
        memory: Where buffers are set aside.
        node: The layer.
        shape: What it gives.
        pooled: The one layer that reads it.
        in_place: Activations and Dropout between the two.
        where: Where choices are kept.
        target: The processor.

    Returns:
        The choices' place, or None if the layers have no common form.
    """
    convolution, pooling = node.operation, pooled.operation
    if not isinstance(convolution, Conv2D) or not isinstance(pooling, MaxPool2D):
        return None
    window, activations = pooling.window, [n.operation for n in in_place]
    pads = any(pad for span in window.spans(*shape[:2]) for pad in span.pads)
    if window.size != window.strides or pads or activations not in ([], [Activation("relu")]):
        return None
    if not 1 < window.size[0] * window.size[1] <= target.accumulators // _LEAST_POOLED_UNITS:
        return None
    # A byte for each value.
    return memory.take(where, dense_layout((-(-prod(pooling.output_shape(shape)) // 4),)))


def border_of(convolution: Conv2D | DepthwiseConv2D, shape: Shape) -> Border:
    """What a convolution asks for around an image of this shape."""
    if not isinstance(convolution, Conv2D) or not gains_by_winograd(convolution, shape[2]):
        return Border(convolution.window)
    return Border(convolution.window, max(OUTPUT_TILE, _RETURN_TILES[convolution.window.size[0]]))


def gains_by_winograd(convolution: Conv2D, channels: int) -> bool:
    """Whether Winograd's method applies, and saves more multiplications than its transforms cost."""
    window = convolution.window
    size, square = window.size[0], window.size[0] == window.size[1]
    plain = window.strides == window.dilation == (1, 1) and square and size in _RETURN_TILES
    return plain and channels >= _LEAST_FAST_CHANNELS and convolution.filters >= _LEAST_FAST_FILTERS


def plan_fast(
    memory: Memory, convolution: Conv2D, inputs: Layout, shape: Shape, block: int, lanes: int
) -> FastConvolution | None:
    """Plan a convolution by Winograd's method, if it gains by it.

    Args:
        memory: Where buffers are set aside.
        convolution: The convolution.
        inputs: Layout of what it reads.
        shape: What it gives.
        block: Units of one block.
        lanes: Lanes of a vector.
    """
    if not gains_by_winograd(convolution, inputs.shape[2]):
        return None
    sizes = (convolution.window.size[0], inputs.shape[2], convolution.filters, block)
    return _fast(memory, sizes, OUTPUT_TILE, shape, lanes)


def plan_fast_return(memory: Memory, convolution: Conv2D, input_shape: Shape, lanes: int) -> FastConvolution | None:
    """Plan the gradient of a convolution's inputs by Winograd's method, if it gains by it: the turned filters slide.

    Args:
        memory: Where buffers are set aside.
        convolution: The convolution.
        input_shape: What it reads.
        lanes: Lanes of a vector.
    """
    channels = input_shape[2]
    if not gains_by_winograd(convolution, channels):
        return None
    size = convolution.window.size[0]
    sizes = (size, convolution.filters, channels, unit_block(channels))
    return _fast(memory, sizes, _RETURN_TILES[size], input_shape, lanes)


def plan_fast_weights(
    memory: Memory, convolution: Conv2D, channels: int, shape: Shape, block: int, lanes: int
) -> FastWeights:
    """Plan the gradient of the weights by Winograd's method, for a convolution whose way back goes by it.

    Args:
        memory: Where buffers are set aside.
        convolution: The convolution.
        channels: Channels of what it reads.
        shape: What it gives.
        block: Units of one block.
        lanes: Lanes of a vector.
    """
    size = convolution.window.size[0]
    tile = _RETURN_TILES[size]
    sizes = FastWeightGradient(
        Winograd(size, channels, convolution.filters, block, _tiles(shape, tile), output_tile=tile)
    )
    sums = -(-sizes.passes * sizes.sums // lanes)
    vectors = [sizes.winograd.elements * sizes.input_step, sizes.winograd.elements * sizes.gradient_step, sums]
    return FastWeights(sizes, *(memory.take_vectors(count) for count in vectors))


def _tiles(shape: Shape, tile: int) -> tuple[int, int]:
    return -(-shape[0] // tile), -(-shape[1] // tile)


def _fast(memory: Memory, sizes: tuple[int, int, int, int], tile: int, shape: Shape, lanes: int) -> FastConvolution:
    """Set memory aside; ``sizes`` are filter size, channels, units and block, ``shape`` is that of the result."""
    winograd = Winograd(*sizes, _tiles(shape, tile), output_tile=tile)
    filters = -(-winograd.elements * winograd.channels * winograd.units // lanes)
    # One vector more takes what the last tile computes beyond the image.
    vectors = [filters, winograd.elements * winograd.input_step, winograd.elements * winograd.sum_step + 1]
    return FastConvolution(winograd, *(memory.take_vectors(count) for count in vectors))

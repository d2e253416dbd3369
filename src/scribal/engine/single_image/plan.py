"""From the graph to steps: what is computed one after the other, and where each result lies.

Dropout is nothing here. BatchNormalization is folded into the weights of the layer before it; activations and
Rescaling are done to a result before it is stored. Both need a result that nobody else reads; otherwise they are steps
of their own.
"""

from dataclasses import dataclass, field, replace

from scribal.engine import operations as op
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.kernels.activation import FUNCTIONS
from scribal.engine.kernels.winograd import OUTPUT_TILE
from scribal.engine.layout import Layout
from scribal.engine.single_image.blocks import Block, blocks_of
from scribal.engine.single_image.layout import NO_BORDER, Border, image_layout, pixels_of, room_for
from scribal.engine.single_image.winograd import Tiling, tiling_of
from scribal.engine.target import Target

__all__ = ["ImagePlan", "Kernel", "Step", "Value", "plan_images"]

# Floats of a cache line, at which buffers and weights begin.
_LINE = 16

_WEIGHTED = op.Conv2D | op.DepthwiseConv2D | op.Dense


@dataclass(frozen=True)
class Value:
    """A result: where its layout begins in the memory, in floats."""

    offset: int
    layout: Layout


@dataclass(frozen=True)
class Kernel:
    """A step's weights.

    Attributes:
        offset: Where they begin among all weights, in floats.
        bias: Where the biases begin: one for each channel and for the last vector's empty lanes.
        room: Floats of the biases, and of the weights that belong to one input.
        blocks: How the channels are cut; none for a step that works channel by channel.
    """

    offset: int
    bias: int
    room: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Step:
    """One kernel.

    Attributes:
        node: The layer; a step is named after it.
        sources: What it reads.
        target: What it writes; the source itself if there is nothing to do.
        normalizations: BatchNormalization behind it, folded into its weights.
        finish: Activations and Rescaling, in order, done to each number before it is stored.
        kernel: Its weights, if it has any.
        tiling: Sizes of a convolution by Winograd's method.
        scratch: Where in the memory that keeps its transformed inputs, and its sums.
    """

    node: Node
    sources: tuple[Value, ...]
    target: Value
    normalizations: tuple[Node, ...]
    finish: tuple[op.Activation | op.Rescaling, ...]
    kernel: Kernel | None
    tiling: Tiling | None
    scratch: tuple[int, int]


@dataclass(frozen=True)
class ImagePlan:
    """All the one-image form is written from.

    Attributes:
        graph: The network.
        target: The processor.
        steps: From the Input on.
        output: The network's answer.
        memory: Floats that a call needs, zeros at first.
        weight_count: Floats of all weights.
    """

    graph: Graph
    target: Target
    steps: tuple[Step, ...]
    output: Value
    memory: int
    weight_count: int


def plan_images(graph: Graph, target: Target) -> ImagePlan:
    """Plan a network's forward pass for one image.

    Raises:
        LoweringError: A layer has no native form.
    """
    groups, leaders = _grouped(graph)
    borders = _borders(graph, groups, target)
    places: dict[str, Value] = {}
    steps: list[Step] = []
    memory = weights = 0
    for group in groups:
        sources = tuple(places[name] for name in group.reads)
        shape = graph.shapes[group.node.name]
        tiling = _tiling(graph, group.node, target)
        kernel = _kernel(graph, group.node, weights, target, tiling)
        if kernel is not None:
            weights = _line_after(kernel.bias + kernel.room)
        if sources and borders[group.node.name] == NO_BORDER and _is_seen_anew(group, sources[0].layout):
            value = Value(sources[0].offset, image_layout(shape, pixels_of(shape)[2]))
        else:
            # Samples are read as they lie, without room for empty lanes.
            channels = pixels_of(shape)[2]
            step = channels if not sources else room_for(channels, target.lanes)
            value = Value(memory, image_layout(shape, step, borders[group.node.name]))
            memory = _line_after(memory + value.layout.size)
        scratch = (0, 0)
        if tiling is not None:
            scratch = (memory, _line_after(memory + tiling.memory[0]))
            memory = _line_after(scratch[1] + tiling.memory[1])
        places[group.node.name] = value
        node, joined, finish = _from_the_end(group.node, shape), tuple(group.normalizations), tuple(group.finish)
        steps.append(Step(node, sources, value, joined, finish, kernel, tiling, scratch))
    # The last vector read may reach beyond the last buffer.
    return ImagePlan(graph, target, tuple(steps), places[leaders[graph.nodes[-1].name]], memory + target.lanes, weights)


@dataclass
class _Group:
    """A layer and what is done with it at once; ``reads`` are the layers that lead the groups it reads."""

    node: Node
    reads: tuple[str, ...]
    normalizations: list[Node] = field(default_factory=list)
    finish: list[op.Activation | op.Rescaling] = field(default_factory=list)
    is_shared: bool = False


def _grouped(graph: Graph) -> tuple[list[_Group], dict[str, str]]:
    """Join layers that need no step of their own with the one before; also tells which layer leads each one's group."""
    groups: list[_Group] = []
    of: dict[str, _Group] = {}
    for node in graph.nodes:
        operation = node.operation
        _check(graph, node)
        before = of[node.inputs[0]] if node.inputs else None
        if before is not None:
            before.is_shared |= len(graph.consumers(node.inputs[0])) > 1
            if _joins(before, node):
                of[node.name] = before
                if isinstance(operation, op.BatchNormalization):
                    before.normalizations.append(node)
                elif isinstance(operation, op.Activation | op.Rescaling) and operation != op.Activation("linear"):
                    before.finish.append(operation)
                continue
        of[node.name] = _Group(node, tuple(of[name].node.name for name in node.inputs))
        groups.append(of[node.name])
    return groups, {name: group.node.name for name, group in of.items()}


def _joins(before: _Group, node: Node) -> bool:
    """Whether a layer is done at once with the group it reads."""
    operation = node.operation
    if isinstance(operation, op.Dropout) or operation == op.Activation("linear"):
        return True
    # Softmax needs all channels at once; zeros that are put around an image are never computed.
    if before.is_shared or _is_softmax(before.node.operation) or isinstance(before.node.operation, op.ZeroPadding2D):
        return False
    if isinstance(operation, op.BatchNormalization):
        return isinstance(before.node.operation, _WEIGHTED) and not before.finish
    return isinstance(operation, op.Activation | op.Rescaling) and not _is_softmax(operation)


def _is_softmax(operation: op.Operation) -> bool:
    return isinstance(operation, op.Activation) and operation.name == "softmax"


def _from_the_end(node: Node, shape: op.Shape) -> Node:
    """Count the axis of Concatenate from the end, where rows, columns and channels are the same for every shape."""
    if not isinstance(node.operation, op.Concatenate) or node.operation.axis < 0:
        return node
    return replace(node, operation=op.Concatenate(node.operation.axis - len(shape)))


def _check(graph: Graph, node: Node) -> None:
    """Refuse what has no form here."""
    operation, refused = node.operation, None
    if isinstance(operation, op.Activation) and operation.name not in (*FUNCTIONS, "softmax"):
        refused = f"an activation {operation.name}"
    elif isinstance(operation, op.DepthwiseConv2D) and operation.depth_multiplier != 1:
        refused = f"depth_multiplier={operation.depth_multiplier}"
    elif isinstance(operation, op.Concatenate) and len(graph.shapes[node.name]) > 3:  # noqa: PLR2004 - an image
        refused = f"Concatenate of shape {graph.shapes[node.name]}"
    if refused:
        raise LoweringError(f"Layer {node.name!r} must have a native form", received=refused)


def _borders(graph: Graph, groups: list[_Group], target: Target) -> dict[str, Border]:
    """The zeros that every group needs around its result for the convolutions that read it."""
    borders = {group.node.name: NO_BORDER for group in groups}
    for group in groups:
        operation = group.node.operation
        if isinstance(operation, op.Conv2D | op.DepthwiseConv2D):
            (name,) = group.reads
            rows, columns, _ = graph.shapes[name]
            down, across = operation.window.spans(rows, columns)
            above, below, left, right = borders[name]
            (top, bottom), (before, after) = down.pads, across.pads
            if _tiling(graph, group.node, target) is not None:
                # The last tiles are whole.
                bottom, after = bottom + down.outputs % OUTPUT_TILE, after + across.outputs % OUTPUT_TILE
            borders[name] = (max(above, top), max(below, bottom), max(left, before), max(right, after))
    return borders


def _is_seen_anew(group: _Group, source: Layout) -> bool:
    """Whether a Flatten or Reshape finds its numbers as it wants them: without a gap, or in a single pixel."""
    if not isinstance(group.node.operation, op.Flatten | op.Reshape) or group.finish:
        return False
    return source.is_dense or source.size == source.column_step


def _tiling(graph: Graph, node: Node, target: Target) -> Tiling | None:
    if not isinstance(node.operation, op.Conv2D):
        return None
    ((_, _, channels),) = graph.input_shapes(node)
    return tiling_of(node.operation, graph.shapes[node.name], channels, target)


def _kernel(graph: Graph, node: Node, offset: int, target: Target, tiling: Tiling | None) -> Kernel | None:
    """Give a step's weights their place."""
    operation, shapes = node.operation, graph.input_shapes(node)
    if not isinstance(operation, _WEIGHTED | op.BatchNormalization):
        return None
    _, columns, channels = pixels_of(graph.shapes[node.name])
    room = room_for(channels, target.lanes)
    kernel = operation.weights(*shapes)[0].shape
    if isinstance(operation, op.BatchNormalization):
        return Kernel(offset, _line_after(offset + room), room, ())
    inputs = 1
    for size in kernel[:2] if isinstance(operation, op.DepthwiseConv2D) else kernel[:-1]:
        inputs *= size
    if tiling is not None:
        inputs, columns = tiling.side**2 * tiling.channels, tiling.tiles[1]
    is_depthwise = isinstance(operation, op.DepthwiseConv2D)
    blocks = () if is_depthwise else blocks_of(channels, columns, inputs, target)
    return Kernel(offset, _line_after(offset + inputs * room), room, blocks)


def _line_after(offset: int) -> int:
    return -(-offset // _LINE) * _LINE

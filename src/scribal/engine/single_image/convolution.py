"""Convolution and dense layers, output channels in the lanes.

The plain loop nest, for an image::

    for row, column of the output:
        for vector of output channels:
            sum = bias[vector]
            for tap of the window, channel:
                sum += broadcast(input[row, column, tap, channel]) * weight[tap, channel, vector]
            output[row, column, vector] = finish(sum)

Blocked: the sums of a block of vectors at some columns of a row stay in registers over the whole sum. Where these are
too few to keep the multipliers at work, neighbouring steps go to sums of their own, which are added at the end. A dense
layer is a convolution whose window is one pixel.
"""

from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.ir import Code, Index
from scribal.engine.single_image.blocks import Block
from scribal.engine.single_image.sweep import Array, Finish, each_vector, narrowed, pixel
from scribal.engine.window import Span, Window

__all__ = ["Reduction", "block_sums", "emit_convolution", "emit_depthwise", "vectors_of", "window_start"]

# Sums in work at once below which a step's sums are doubled, and multiplications that pay for the turn of a loop.
_LEAST_SUMS = 8
_LEAST_A_TURN = 24


@dataclass(frozen=True)
class Reduction:
    """A loop of the sum: how often it turns, and its steps in the inputs and in the weights, in floats."""

    count: int
    input_step: int
    weight_step: int


def emit_convolution(
    code: Code,
    window: Window,
    blocks: tuple[Block, ...],
    inputs: Array,
    outputs: Array,
    weights: tuple[ir.Value, ir.Value],
    finish: Finish,
) -> None:
    """Write a convolution.

    Args:
        code: Where to.
        window: The window.
        blocks: How output channels and columns are cut.
        inputs: The image, with the border that the window reaches into.
        outputs: Receives the result.
        weights: Where weights and biases begin.
        finish: Done to each sum before it is stored.
    """
    spans = window.spans(*inputs.layout.shape[:2])
    step = window.strides[1] * inputs.layout.column_step
    for block in blocks:
        at_weights = code.at(weights[0], block.weights)
        loops = _loops(window, inputs, block)
        start = [piece.load_unaligned(weights[1], place, piece.vector_type) for piece, place in vectors_of(code, block)]
        with code.loop(outputs.layout.shape[0]) as row_loop:
            done = 0
            for width, count in block.columns:
                with code.loop(count) as column_loop:
                    column = code.add(code.times(column_loop.index, width), done)
                    first = window_start(code, inputs, spans, row_loop.index, column)
                    sums = block_sums(
                        code, block, loops, (code.at(inputs.base, first), at_weights), start * width, step
                    )
                    place = code.at(outputs.base, pixel(code, outputs.layout, row_loop.index, column))
                    for number, value in enumerate(sums):
                        at_column, vector = divmod(number, len(block.widths))
                        piece, channel = vectors_of(code, block)[vector]
                        to = at_column * outputs.layout.column_step + channel
                        piece.store_unaligned(finish(piece, value), place, to)
                done += width * count


def emit_depthwise(
    code: Code,
    operation: op.DepthwiseConv2D,
    inputs: Array,
    outputs: Array,
    weights: tuple[ir.Value, ir.Value],
    finish: Finish,
    room: int,
) -> None:
    """Write a convolution of each channel with a kernel of its own; ``room`` is the step of the weights at each tap."""
    window, spans = operation.window, operation.window.spans(*inputs.layout.shape[:2])
    with code.grid(*outputs.layout.shape[:2]) as (row, column):
        first = window_start(code, inputs, spans, row, column)
        for piece, channel in each_vector(code, outputs.layout.shape[2]):
            kind = piece.vector_type
            total = piece.load_unaligned(weights[1], channel, kind)
            with code.loop(window.size[0], [total]) as taps:
                (total,) = taps.values
                for tap in range(window.size[1]):
                    down = code.times(taps.index, window.dilation[0] * inputs.layout.row_step)
                    place = code.add(code.add(first, down), tap * window.dilation[1] * inputs.layout.column_step)
                    weight = code.add(code.times(taps.index, window.size[1] * room), tap * room)
                    value = piece.load_unaligned(inputs.base, code.add(place, channel), kind)
                    factor = piece.load_unaligned(weights[0], code.add(weight, channel), kind)
                    total = piece.fma(value, factor, total)
                taps.carry([total])
            (total,) = taps.values
            to = code.add(pixel(code, outputs.layout, row, column), channel)
            piece.store_unaligned(finish(piece, total), outputs.base, to)


def vectors_of(code: Code, block: Block) -> list[tuple[Code, int]]:
    """The block's vectors: code for their width, and their first channel."""
    starts = [block.first + sum(block.widths[:number]) for number in range(len(block.widths))]
    return [(narrowed(code, width), start) for width, start in zip(block.widths, starts, strict=True)]


def _loops(window: Window, inputs: Array, block: Block) -> tuple[Reduction, ...]:
    """The loops of the sum, outermost first: rows, columns and channels; the last two as one where they can be."""
    rows, columns = window.size
    channels, layout, room = inputs.layout.shape[2], inputs.layout, block.room
    down = Reduction(rows, window.dilation[0] * layout.row_step, columns * channels * room)
    if window.dilation[1] == 1 and layout.column_step == channels:
        return down, Reduction(columns * channels, 1, room)
    return (
        down,
        Reduction(columns, window.dilation[1] * layout.column_step, channels * room),
        Reduction(channels, 1, room),
    )


def window_start(code: Code, inputs: Array, spans: tuple[Span, Span], row: Index, column: Index) -> Index:
    """Position of the window's first tap, in floats; a border begins before the image."""
    down, across = spans
    place = pixel(code, inputs.layout, code.times(row, down.stride), code.times(column, across.stride))
    return code.add(place, -down.pads[0] * inputs.layout.row_step - across.pads[0] * inputs.layout.column_step)


def block_sums(
    code: Code,
    block: Block,
    loops: tuple[Reduction, ...],
    pointers: tuple[ir.Value, ir.Value],
    start: list[ir.Value],
    column_step: int,
) -> list[ir.Value]:
    """Run the loops of the sum; the sums are in order of columns, then vectors."""
    sets = min(-(-_LEAST_SUMS // len(start)), loops[-1].count)
    zeros = [piece.splat(0.0) for piece, _ in vectors_of(code, block)] * (len(start) // len(block.widths))
    sums = _turn(code, block, loops, pointers, [*start, *zeros * (sets - 1)], (sets, column_step))
    total = sums[: len(start)]
    for number in range(1, sets):
        part = sums[number * len(start) : (number + 1) * len(start)]
        total = [code.builder.fadd(first, second) for first, second in zip(total, part, strict=True)]
    return total


def _turn(
    code: Code,
    block: Block,
    loops: tuple[Reduction, ...],
    pointers: tuple[ir.Value, ir.Value],
    sums: list[ir.Value],
    shape: tuple[int, int],
) -> list[ir.Value]:
    """Run the remaining loops; ``shape`` is the number of sets of sums, and the step from a column to the next."""
    loop, *inner = loops
    if inner:
        with code.loop(loop.count, sums) as turns:
            moved = _moved(code, loop, pointers, turns.index)
            turns.carry(_turn(code, block, tuple(inner), moved, turns.values, shape))
        return turns.values
    count = len(sums) // shape[0]
    steps = min(max(shape[0], -(-_LEAST_A_TURN // count)), loop.count)
    whole, rest = divmod(loop.count, steps)
    with code.loop(whole, sums) as turns:
        moved = _moved(code, loop, pointers, code.times(turns.index, steps))
        turns.carry(_steps(code, block, loop, moved, turns.values, (*shape, steps)))
    return _steps(code, block, loop, _moved(code, loop, pointers, whole * steps), turns.values, (*shape, rest))


def _moved(code: Code, loop: Reduction, pointers: tuple[ir.Value, ir.Value], turn: Index) -> tuple[ir.Value, ir.Value]:
    inputs, weights = pointers
    return code.at(inputs, code.times(turn, loop.input_step)), code.at(weights, code.times(turn, loop.weight_step))


def _steps(
    code: Code,
    block: Block,
    loop: Reduction,
    pointers: tuple[ir.Value, ir.Value],
    sums: list[ir.Value],
    shape: tuple[int, int, int],
) -> list[ir.Value]:
    """So many steps of the sum, each into the next set."""
    sets, column_step, steps = shape
    count, vectors = len(sums) // sets, vectors_of(code, block)
    sums = [*sums]
    for step in range(steps):
        inputs, weights = _moved(code, loop, pointers, step)
        own = [piece.load_unaligned(weights, place - block.first, piece.vector_type) for piece, place in vectors]
        for column in range(count // len(vectors)):
            number = code.load_number(inputs, column * column_step)
            for vector, (piece, _) in enumerate(vectors):
                place = step % sets * count + column * len(vectors) + vector
                sums[place] = piece.fma(piece.splat(number), own[vector], sums[place])
    return sums

"""Depthwise convolution, forward and back: every channel has kernels of its own.

The plain loop nest, for each of the lanes' images::

    for unit, row, column of the output:
        sum = bias[unit]
        for tap:
            sum += input[row, column, tap, channel of unit] * weight[tap, unit]

The units of a channel lie next to each other. Blocked: a block of ``units x columns`` sums stays in registers over all
taps. The way back to the input is the same nest with the turned kernel over the bordered output gradient, where each
input channel sums over its units as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.blocks import even_runs
from scribal.engine.ir import INT64, Code, Index
from scribal.engine.kernels.product import Output, start_sums

__all__ = ["Depthwise", "emit_depthwise", "emit_depthwise_backward", "emit_depthwise_weights"]

Tap = tuple[Index, ...]


@dataclass(frozen=True)
class Depthwise:
    """Sizes of a depthwise convolution.

    Attributes:
        units: Output channels.
        multiplier: Units of a channel.
        block: Units of one block of weights; they read one channel, or each a channel of its own.
        taps: Rows and columns of the kernel.
    """

    units: int
    multiplier: int
    block: int
    taps: tuple[int, int]

    @property
    def steps(self) -> int:
        """Taps of a kernel."""
        return self.taps[0] * self.taps[1]

    def channel(self, code: Code, first: Index) -> Index:
        """The channel that a block's first unit reads."""
        if self.multiplier == 1:
            return first
        if isinstance(first, int):
            return first // self.multiplier
        return code.builder.sdiv(first, INT64(self.multiplier))

    def channel_step(self, unit: int) -> int:
        """From the channel of a block's first unit to that of another."""
        return unit if self.multiplier == 1 else 0


def emit_depthwise(
    code: Code,
    nest: Depthwise,
    output: Output,
    tap_steps: tuple[int, int],
    arrays: tuple[ir.Value, ir.Value, ir.Value],
    bias: ir.Value | None,
    finish: Callable[[ir.Value], ir.Value],
) -> None:
    """Write the forward nest.

    Args:
        code: Where to.
        nest: Sizes.
        output: Where inputs are read and outputs written.
        tap_steps: Steps in the inputs from a tap to the one below, and to the next.
        arrays: First vector of the inputs, weights, and first vector of the outputs.
        bias: A number for each unit, or nothing.
        finish: Applied to each sum before it is stored.
    """
    inputs, weights, outputs = arrays
    with code.loop(nest.units // nest.block) as blocks:
        first = code.times(blocks.index, nest.block)
        own_inputs = code.vector_at(inputs, nest.channel(code, first))
        own_weights = code.at(weights, code.times(first, nest.steps))
        start = start_sums(code, bias, first, nest.block)

        def multiply(pixels: list[ir.Value], tap: Tap, sums: list[ir.Value]) -> list[ir.Value]:
            at_weights = code.at(own_weights, code.times(_number(code, nest, tap), nest.block))
            numbers = [code.splat(code.load_number(at_weights, unit)) for unit in range(nest.block)]
            return [
                code.fma(code.load(pixels[place // nest.block], nest.channel_step(place % nest.block)), number, total)
                for place, (number, total) in enumerate(zip(numbers * len(pixels), sums, strict=True))
            ]

        own_outputs = code.vector_at(outputs, first)
        _slide(code, nest, output, tap_steps, (own_inputs, own_outputs), (start, multiply), finish)


def emit_depthwise_backward(
    code: Code,
    nest: Depthwise,
    output: Output,
    tap_steps: tuple[int, int],
    arrays: tuple[ir.Value, ir.Value, ir.Value],
) -> None:
    """Write the way back to the inputs.

    Args:
        code: Where to.
        nest: Sizes.
        output: Where the bordered output gradient is read, and the inputs' gradient written.
        tap_steps: Steps in the bordered gradient from a tap to the one below, and to the next.
        arrays: First vector of the bordered gradient, weights, and first vector of the inputs' gradient.
    """
    gradients, weights, results = arrays
    # Channels in registers at a time: as many as a block has, or one, if it has several units.
    channels = nest.block if nest.multiplier == 1 else 1
    with code.loop(nest.units // nest.multiplier // channels) as blocks:
        first = code.times(blocks.index, channels * nest.multiplier)
        own_weights = code.at(weights, code.times(first, nest.steps))

        def multiply(pixels: list[ir.Value], tap: Tap, sums: list[ir.Value]) -> list[ir.Value]:
            # The kernel is turned.
            number = code.add(nest.steps - 1, _minus(code, _number(code, nest, tap)))
            for unit in range(nest.multiplier):
                block, rest = divmod(unit, nest.block)
                at_weights = code.at(own_weights, code.times(code.add(number, block * nest.steps), nest.block))
                factors = [code.splat(code.load_number(at_weights, rest + channel)) for channel in range(channels)]
                sums = [
                    code.fma(code.load(pixels[place // channels], place % channels + unit), factor, total)
                    for place, (factor, total) in enumerate(zip(factors * len(pixels), sums, strict=True))
                ]
            return sums

        own = code.vector_at(gradients, first), code.vector_at(results, code.times(blocks.index, channels))
        _slide(code, nest, output, tap_steps, own, ([code.splat(0.0)] * channels, multiply), lambda value: value)


def emit_depthwise_weights(
    code: Code,
    nest: Depthwise,
    output: Output,
    tap_steps: tuple[int, int],
    arrays: tuple[ir.Value, ir.Value, ir.Value],
) -> None:
    """Write the weights' gradient: for each tap and unit, the sum of input times output gradient.

    Args:
        code: Where to.
        nest: Sizes.
        output: Where inputs and output gradients are read.
        tap_steps: Steps in the inputs from a tap to the one below, and to the next.
        arrays: First vector of the inputs and of the output gradient, and the weights' gradient.
    """
    inputs, gradients, result = arrays
    with code.loop(nest.units // nest.block) as blocks:
        first = code.times(blocks.index, nest.block)
        own_inputs = code.vector_at(inputs, nest.channel(code, first))
        own_gradients = code.vector_at(gradients, first)
        own_result = code.at(result, code.times(first, nest.steps))
        with code.grid(*nest.taps) as tap:
            distance = code.add(code.times(tap[0], tap_steps[0]), code.times(tap[1], tap_steps[1]))
            tap_inputs = code.vector_at(own_inputs, distance)
            with code.loop(output.rows, [code.splat(0.0)] * nest.block) as rows:
                with code.loop(output.columns, rows.values) as columns:
                    from_, to = (
                        code.vector_at(base, code.add(code.times(rows.index, down), code.times(columns.index, across)))
                        for base, down, across in (
                            (tap_inputs, output.input_row_step, output.input_column_step),
                            (own_gradients, output.output_row_step, output.output_column_step),
                        )
                    )
                    columns.carry(
                        [
                            code.fma(code.load(from_, nest.channel_step(unit)), code.load(to, unit), total)
                            for unit, total in enumerate(columns.values)
                        ]
                    )
                rows.carry(columns.values)
            place = code.times(_number(code, nest, tap), nest.block)
            code.store_unaligned(code.lane_sums(rows.values), own_result, place)


def _slide(
    code: Code,
    nest: Depthwise,
    output: Output,
    tap_steps: tuple[int, int],
    arrays: tuple[ir.Value, ir.Value],
    sums: tuple[list[ir.Value], Callable[[list[ir.Value], Tap, list[ir.Value]], list[ir.Value]]],
    finish: Callable[[ir.Value], ir.Value],
) -> None:
    """Sum over the taps for every pixel of the output, a block of columns at a time.

    ``sums`` are the sums of a pixel to start with, and a function that adds a tap to those of some pixels.
    """
    start, multiply = sums
    with code.loop(output.rows) as rows:
        row_inputs = code.vector_at(arrays[0], code.times(rows.index, output.input_row_step))
        row_outputs = code.vector_at(arrays[1], code.times(rows.index, output.output_row_step))
        done = 0
        for size, blocks in even_runs(output.columns, len(start), code.target):
            with code.loop(blocks) as block:
                column = code.add(code.times(block.index, size), done)
                at_inputs = code.vector_at(row_inputs, code.times(column, output.input_column_step))
                at_outputs = code.vector_at(row_outputs, code.times(column, output.output_column_step))
                with code.loop(nest.taps[0], start * size) as down:
                    with code.loop(nest.taps[1], down.values) as across:
                        steps = zip((down.index, across.index), tap_steps, strict=True)
                        distance = code.add(*(code.times(index, step) for index, step in steps))
                        tap_inputs = code.vector_at(at_inputs, distance)
                        pixels = [code.vector_at(tap_inputs, n * output.input_column_step) for n in range(size)]
                        across.carry(multiply(pixels, (down.index, across.index), across.values))
                    down.carry(across.values)
                for place, value in enumerate(down.values):
                    step = place // len(start) * output.output_column_step + place % len(start)
                    code.store(finish(value), at_outputs, step)
            done += size * blocks


def _number(code: Code, nest: Depthwise, tap: Tap) -> Index:
    return code.add(code.times(tap[0], nest.taps[1]), tap[1])


def _minus(code: Code, index: Index) -> Index:
    return -index if isinstance(index, int) else code.builder.neg(index)

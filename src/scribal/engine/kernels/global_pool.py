"""Pooling over a whole image, by mean and by maximum, forward and backward.

The plain loop nest, for each of the lanes' images::

    for channel:
        output = mean, or max, over row, column of input
        backward: all inputs, or those equal to the maximum, get an equal share of the gradient

Blocked: a block of channels stays in registers over all rows and columns.
"""

from collections.abc import Callable

from scribal.engine import llvm as ir
from scribal.engine.blocks import even_runs
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout

__all__ = [
    "emit_global_average",
    "emit_global_average_backward",
    "emit_global_maximum",
    "emit_global_maximum_backward",
    "over_pixels",
]

Values = list[ir.Value]


def over_pixels(
    code: Code, layout: Layout, write: Callable[[Index, int, Callable[[Values, Callable[..., Values]], Values]], None]
) -> None:
    """Write a nest over blocks of channels and, in each, over all pixels.

    Args:
        code: Where to.
        layout: Of what is read.
        write: Gets a block's first channel, its number of channels, and a function that runs over all pixels: given
            values to carry and a function of the pixel's ``(row, column)`` and the values carried to it that gives
            those to carry on, it gives the last.
    """
    rows, columns, channels = layout.shape
    done = 0

    def run(start: Values, step: Callable[..., Values]) -> Values:
        with code.loop(rows, start) as down:
            with code.loop(columns, down.values) as across:
                across.carry(step((down.index, across.index), across.values))
            down.carry(across.values)
        return down.values

    for size, blocks in even_runs(channels, 1, code.target):
        with code.loop(blocks) as block:
            write(code.add(code.times(block.index, size), done), size, run)
        done += size * blocks


def emit_global_average(code: Code, layout: Layout, inputs: ir.Value, outputs: ir.Value) -> None:
    """Write each channel's mean to ``outputs``."""
    share = code.splat(1 / (layout.shape[0] * layout.shape[1]))

    def write(first: Index, size: int, run: Callable[..., Values]) -> None:
        def add(pixel: tuple[Index, Index], sums: Values) -> Values:
            at = code.vector_at(inputs, position(code, layout, (*pixel, first)))
            return [code.builder.fadd(total, code.load(at, number)) for number, total in enumerate(sums)]

        for number, total in enumerate(run([code.splat(0.0)] * size, add)):
            code.store(code.builder.fmul(total, share), outputs, code.add(first, number))

    over_pixels(code, layout, write)


def emit_global_average_backward(code: Code, layout: Layout, gradients: ir.Value, input_gradients: ir.Value) -> None:
    """Share each channel's gradient among all pixels; ``layout`` is that of the inputs' gradient."""
    share = code.splat(1 / (layout.shape[0] * layout.shape[1]))

    def write(first: Index, size: int, run: Callable[..., Values]) -> None:
        shares = [code.builder.fmul(code.load(gradients, code.add(first, n)), share) for n in range(size)]

        def leave(pixel: tuple[Index, Index], _: Values) -> Values:
            at = code.vector_at(input_gradients, position(code, layout, (*pixel, first)))
            for number, value in enumerate(shares):
                code.store(value, at, number)
            return []

        run([], leave)

    over_pixels(code, layout, write)


def emit_global_maximum(code: Code, layout: Layout, inputs: ir.Value, outputs: ir.Value) -> None:
    """Write each channel's largest value to ``outputs``."""

    def write(first: Index, size: int, run: Callable[..., Values]) -> None:
        for number, value in enumerate(_largest(code, layout, inputs, (first, size), run)):
            code.store(value, outputs, code.add(first, number))

    over_pixels(code, layout, write)


def emit_global_maximum_backward(
    code: Code,
    layouts: tuple[Layout, Layout],
    inputs: ir.Value,
    gradients: ir.Value,
    input_gradients: ir.Value,
) -> None:
    """Share each channel's gradient among its largest pixels; ``layouts`` are those of inputs and their gradient."""
    builder, zero, one = code.builder, code.splat(0.0), code.splat(1.0)

    def write(first: Index, size: int, run: Callable[..., Values]) -> None:
        largest = _largest(code, layouts[0], inputs, (first, size), run)

        def found(pixel: tuple[Index, Index]) -> Values:
            at = code.vector_at(inputs, position(code, layouts[0], (*pixel, first)))
            return [builder.fcmp_ordered("==", code.load(at, n), value) for n, value in enumerate(largest)]

        def count(pixel: tuple[Index, Index], counts: Values) -> Values:
            hits = zip(found(pixel), counts, strict=True)
            return [builder.fadd(total, builder.select(hit, one, zero)) for hit, total in hits]

        counts = run([zero] * size, count)
        shares = [builder.fdiv(code.load(gradients, code.add(first, n)), total) for n, total in enumerate(counts)]

        def leave(pixel: tuple[Index, Index], _: Values) -> Values:
            at = code.vector_at(input_gradients, position(code, layouts[1], (*pixel, first)))
            for number, (hit, share) in enumerate(zip(found(pixel), shares, strict=True)):
                code.store(builder.select(hit, share, zero), at, number)
            return []

        run([], leave)

    over_pixels(code, layouts[0], write)


def _largest(
    code: Code, layout: Layout, inputs: ir.Value, channels: tuple[Index, int], run: Callable[..., Values]
) -> Values:
    first, size = channels
    start = code.vector_at(inputs, position(code, layout, (0, 0, first)))

    def compare(pixel: tuple[Index, Index], best: Values) -> Values:
        at = code.vector_at(inputs, position(code, layout, (*pixel, first)))
        values = [code.load(at, number) for number in range(size)]
        pairs = zip(values, best, strict=True)
        return [code.builder.select(code.builder.fcmp_ordered(">", new, old), new, old) for new, old in pairs]

    return run([code.load(start, number) for number in range(size)], compare)

"""Pooling over windows, by maximum and by mean, forward and backward.

The plain loop nest, for each of the lanes' images::

    for row, column, channel of the output:
        output = max(input[tap] for tap in window), or their mean
        backward: the first tap equal to output gets its gradient, or all taps get an equal share

All taps of a window are unrolled; what is compared in one lane does not concern the next. Of a window that reaches over
the edge only the taps inside count: the output is cut into regions whose windows have the same taps inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, product

from scribal.engine import llvm as ir
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout
from scribal.engine.window import Span, Window

__all__ = [
    "Pool",
    "emit_average_pool",
    "emit_average_pool_backward",
    "emit_max_pool",
    "emit_max_pool_backward",
    "largest_of",
]


@dataclass(frozen=True)
class Region:
    """Part of a pooling's output.

    Attributes:
        first: Its first row and column.
        size: Its rows and columns.
        taps: Row and column of each tap inside the image, counted from the input pixel of the window's number times
            its stride.
    """

    first: tuple[int, int]
    size: tuple[int, int]
    taps: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Pool:
    """A pooling's window, without dilation, and the layouts it reads and writes."""

    window: Window
    inputs: Layout
    outputs: Layout

    @property
    def adds_up(self) -> bool:
        """True if an input lies in more than one window, or in none."""
        spans = self.window.spans(*self.inputs.shape[:2])
        return any(span.size != span.stride or span.outputs * span.stride < span.length for span in spans)

    def regions(self) -> Iterator[Region]:
        """Cut the output into regions whose windows have the same taps inside the image."""
        down, across = (list(_runs(span)) for span in self.window.spans(*self.inputs.shape[:2]))
        for (row, rows, row_taps), (column, columns, column_taps) in product(down, across):
            yield Region((row, column), (rows, columns), tuple(product(row_taps, column_taps)))

    def taps(self, layout: Layout, region: Region | None = None) -> list[int]:
        """Positions of the taps, row by row, from the window's first, in inputs of this layout."""
        taps = product(*map(range, self.window.size)) if region is None else region.taps
        return [row * layout.row_step + column * layout.column_step for row, column in taps]

    def first_tap(self, code: Code, layout: Layout, place: tuple[Index, ...]) -> Index:
        """Position of the first tap of a window, without padding, in inputs of this layout."""
        row, column, channel = place
        down = code.times(row, self.window.strides[0] * layout.row_step)
        across = code.times(column, self.window.strides[1] * layout.column_step)
        return code.add(code.add(down, across), code.add(channel, layout.first))


def emit_max_pool(code: Code, pool: Pool, inputs: ir.Value, outputs: ir.Value) -> None:
    """Write the forward nest; pointers are to the layouts' beginnings."""
    for region, place in _places(code, pool):
        window = code.vector_at(inputs, pool.first_tap(code, pool.inputs, place))
        largest = largest_of(code, [code.load(window, tap) for tap in pool.taps(pool.inputs, region)])
        code.store(largest, outputs, position(code, pool.outputs, place))


def emit_max_pool_backward(
    code: Code,
    pool: Pool,
    inputs: ir.Value,
    gradients: tuple[ir.Value, ir.Value],
    gradient_layouts: tuple[Layout, Layout],
    *,
    rectified: bool,
) -> None:
    """Write the backward nest.

    Args:
        code: Where to.
        pool: The pooling, with the layouts of the values.
        inputs: Inputs of the forward nest. Its outputs are of no use: Dropout may have changed them in place.
        gradients: Where the inputs' gradient goes, and the outputs' gradient.
        gradient_layouts: Their layouts.
        rectified: Whether the inputs came out of a ReLU, whose way back is then taken as well.
    """
    to_layout, from_layout = gradient_layouts
    zero = code.splat(0.0)
    _clear(code, pool, to_layout, gradients[0])
    for region, place in _places(code, pool):
        window = code.vector_at(inputs, pool.first_tap(code, pool.inputs, place))
        target = code.vector_at(gradients[0], pool.first_tap(code, to_layout, place))
        values = [code.load(window, tap) for tap in pool.taps(pool.inputs, region)]
        largest = largest_of(code, values)
        waiting = code.load(gradients[1], position(code, from_layout, place))
        if rectified:
            waiting = code.builder.select(code.builder.fcmp_ordered(">", largest, zero), waiting, zero)
        for value, to_tap in zip(values, pool.taps(to_layout, region), strict=True):
            found = code.builder.fcmp_ordered("==", value, largest)
            share = code.builder.select(found, waiting, zero)
            waiting = code.builder.select(found, zero, waiting)
            _leave(code, pool, share, target, to_tap)


def emit_average_pool(code: Code, pool: Pool, inputs: ir.Value, outputs: ir.Value) -> None:
    """Write the forward nest; pointers are to the layouts' beginnings."""
    for region, place in _places(code, pool):
        window = code.vector_at(inputs, pool.first_tap(code, pool.inputs, place))
        first, *others = (code.load(window, tap) for tap in pool.taps(pool.inputs, region))
        for value in others:
            first = code.builder.fadd(first, value)
        mean = code.builder.fmul(first, code.splat(1 / len(region.taps)))
        code.store(mean, outputs, position(code, pool.outputs, place))


def emit_average_pool_backward(
    code: Code, pool: Pool, gradients: tuple[ir.Value, ir.Value], gradient_layouts: tuple[Layout, Layout]
) -> None:
    """Write the backward nest.

    Args:
        code: Where to.
        pool: The pooling.
        gradients: Where the inputs' gradient goes, and the outputs' gradient.
        gradient_layouts: Their layouts.
    """
    to_layout, from_layout = gradient_layouts
    _clear(code, pool, to_layout, gradients[0])
    for region, place in _places(code, pool):
        target = code.vector_at(gradients[0], pool.first_tap(code, to_layout, place))
        gradient = code.load(gradients[1], position(code, from_layout, place))
        share = code.builder.fmul(gradient, code.splat(1 / len(region.taps)))
        for to_tap in pool.taps(to_layout, region):
            _leave(code, pool, share, target, to_tap)


def largest_of(code: Code, values: list[ir.Value]) -> ir.Value:
    """The largest of some vectors, lane by lane."""
    largest, *others = values
    for value in others:
        largest = code.builder.select(code.builder.fcmp_ordered(">", value, largest), value, largest)
    return largest


def _places(code: Code, pool: Pool) -> Iterator[tuple[Region, tuple[Index, ...]]]:
    """For each region, write a loop nest over its outputs."""
    for region in pool.regions():
        with code.grid(*region.size, pool.outputs.shape[2]) as (row, column, channel):
            yield region, (code.add(row, region.first[0]), code.add(column, region.first[1]), channel)


def _runs(span: Span) -> Iterator[tuple[int, int, list[int]]]:
    """Runs of windows along an axis: the first, how many, and which of their taps lie inside."""
    before, _ = span.pads

    def inside(output: int) -> list[int]:
        taps = range(-before, span.size - before)
        return [tap for tap in taps if 0 <= output * span.stride + tap < span.length]

    for taps, outputs in groupby(range(span.outputs), inside):
        run = list(outputs)
        yield run[0], len(run), taps


def _clear(code: Code, pool: Pool, layout: Layout, gradients: ir.Value) -> None:
    if pool.adds_up:
        with code.grid(*layout.shape) as place:
            code.store(code.splat(0.0), gradients, position(code, layout, place))


def _leave(code: Code, pool: Pool, share: ir.Value, target: ir.Value, tap: int) -> None:
    code.store(code.builder.fadd(code.load(target, tap), share) if pool.adds_up else share, target, tap)

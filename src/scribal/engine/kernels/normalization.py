"""Batch normalization (S. Ioffe, C. Szegedy, arXiv:1502.03167), cut up so that chunks are measured one by one.

Each chunk finds its own mean and its sum of squared deviations from it; these are merged in order (T. F. Chan, G. H.
Golub, R. J. LeVeque, "Algorithms for computing the sample variance", The American Statistician 37, 1983)::

    n = n_a + n_b        delta = mean_b - mean_a
    mean = mean_a + delta n_b / n        squares = squares_a + squares_b + delta**2 n_a n_b / n

Lanes without a sample count nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.blocks import even_runs
from scribal.engine.ir import FLOAT, INT32, INT64, Code, Index
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout

__all__ = ["Groups", "emit_measure", "emit_normalize", "emit_settle", "emit_total", "over_channels"]

Values = list[ir.Value]


@dataclass(frozen=True)
class Groups:
    """The groups of a chunk.

    Attributes:
        count: How many.
        samples: Samples from the chunk's first to the batch's last, an int64.
    """

    count: int
    samples: ir.Value

    def present(self, code: Code, group: Index) -> ir.Value:
        """Lanes of a group that hold a sample."""
        first = code.index(code.times(group, code.target.lanes))
        left = code.splat_integer(code.builder.trunc(code.builder.sub(self.samples, first), INT32))
        return code.builder.icmp_signed("<", code.lane_numbers(), left)

    def filled(self, code: Code) -> ir.Value:
        """Samples of the chunk, a float32."""
        most = INT64(self.count * code.target.lanes)
        fewer = code.builder.icmp_signed("<", self.samples, most)
        return code.builder.sitofp(code.builder.select(fewer, self.samples, most), FLOAT)


def emit_measure(code: Code, groups: Groups, layout: Layout, values: ir.Value, statistics: ir.Value) -> None:
    """Write each channel's mean and then each channel's sum of squared deviations.

    Args:
        code: Where to.
        groups: The groups, whose values follow each other.
        layout: Of a group's values.
        values: The first group's.
        statistics: Receives ``2 * channels`` numbers.
    """
    builder, zero = code.builder, code.splat(0.0)
    rows, columns, channels = layout.shape
    count = builder.fmul(groups.filled(code), FLOAT(rows * columns))

    def write(first: Index, size: int) -> None:
        def add(at: Values, present: ir.Value, sums: Values) -> Values:
            parts = [builder.select(present, code.load(at[0], number), zero) for number in range(size)]
            return [builder.fadd(total, part) for total, part in zip(sums, parts, strict=True)]

        at_mean = code.at(statistics, first)
        _store_sums(code, _sum(code, groups, [(layout, values)], first, size, add), at_mean)
        means = []
        for number in range(size):
            mean = builder.fdiv(code.load_number(at_mean, number), count)
            code.store_number(mean, at_mean, number)
            means.append(code.splat(mean))

        def add_squares(at: Values, present: ir.Value, sums: Values) -> Values:
            results = []
            for number, (mean, total) in enumerate(zip(means, sums, strict=True)):
                deviation = builder.select(present, builder.fsub(code.load(at[0], number), mean), zero)
                results.append(code.fma(deviation, deviation, total))
            return results

        squares = _sum(code, groups, [(layout, values)], first, size, add_squares)
        _store_sums(code, squares, code.at(at_mean, channels))

    _blocks(code, channels, 1, write)


def emit_normalize(
    code: Code,
    layouts: tuple[Layout, Layout],
    factors: ir.Value,
    arrays: tuple[ir.Value, ir.Value],
    finish: Callable[[ir.Value], ir.Value],
) -> None:
    """Write ``(value - mean) * scale + shift``.

    Args:
        code: Where to.
        layouts: Of values and results.
        factors: Mean, scale and shift of each channel, kind after kind.
        arrays: Values and results.
        finish: Applied to each result before it is stored.
    """
    rows, columns, channels = layouts[0].shape

    def write(first: Index, size: int) -> None:
        mean, scale, shift = (_splats(code, factors, code.add(first, kind * channels), size) for kind in range(3))
        with code.grid(rows, columns) as pixel:
            from_, to = _at(code, zip(layouts, arrays, strict=True), (*pixel, first))
            for number in range(size):
                deviation = code.builder.fsub(code.load(from_, number), mean[number])
                code.store(finish(code.fma(deviation, scale[number], shift[number])), to, number)

    _blocks(code, channels, 3, write)


def emit_total(
    code: Code,
    groups: Groups,
    layouts: tuple[Layout, Layout],
    factors: ir.Value,
    arrays: tuple[ir.Value, ir.Value],
    statistics: ir.Value,
) -> None:
    """Write each channel's sum of gradients, and then each channel's sum of gradients times normalized values.

    Args:
        code: Where to.
        groups: The groups, whose values and gradients follow each other.
        layouts: Of a group's values and gradients.
        factors: Of each channel: mean and, as fourth kind, one over the standard deviation.
        arrays: The first group's values and gradients.
        statistics: Receives ``2 * channels`` numbers.
    """
    channels = layouts[0].shape[2]

    def write(first: Index, size: int) -> None:
        mean = _splats(code, factors, first, size)

        def add(at: Values, _: ir.Value, sums: Values) -> Values:
            # The gradients of lanes without a sample are zero.
            gradients = [code.load(at[1], number) for number in range(size)]
            plain = [code.builder.fadd(total, new) for total, new in zip(sums[:size], gradients, strict=True)]
            deviations = [code.builder.fsub(code.load(at[0], number), mean[number]) for number in range(size)]
            return plain + [
                code.fma(d, g, total) for d, g, total in zip(deviations, gradients, sums[size:], strict=True)
            ]

        sums = _sum(code, groups, list(zip(layouts, arrays, strict=True)), first, size, add, kinds=2)
        at = code.at(statistics, first)
        _store_sums(code, sums[:size], at)
        _store_sums(code, sums[size:], code.at(at, channels))
        for number in range(size):
            inverse = code.load_number(factors, code.add(first, 3 * channels + number))
            stretched = code.builder.fmul(code.load_number(at, channels + number), inverse)
            code.store_number(stretched, at, channels + number)

    _blocks(code, channels, 3, write)


def emit_settle(
    code: Code,
    layouts: tuple[Layout, Layout, Layout],
    present: ir.Value | None,
    factors: ir.Value,
    arrays: tuple[ir.Value, ir.Value, ir.Value],
) -> None:
    """Write the gradient of what was normalized: ``gradient * scale - pull - (value - mean) * stretch``.

    Args:
        code: Where to.
        layouts: Of values, gradients and results.
        present: Lanes that hold a sample; None leaves out pull and stretch, for a mean and variance that stand still.
        factors: Of each channel, kind after kind: mean, scale and, as fifth and sixth, pull and stretch.
        arrays: Values, gradients, and results.
    """
    builder, (rows, columns, channels) = code.builder, layouts[0].shape

    def write(first: Index, size: int) -> None:
        kinds = (0, 1, 4, 5)
        mean, scale, pull, stretch = (_splats(code, factors, code.add(first, k * channels), size) for k in kinds)
        with code.grid(rows, columns) as pixel:
            from_, gradients, to = _at(code, zip(layouts, arrays, strict=True), (*pixel, first))
            for number in range(size):
                gradient = builder.fmul(code.load(gradients, number), scale[number])
                if present is not None:
                    deviation = builder.fsub(mean[number], code.load(from_, number))
                    gradient = code.fma(deviation, stretch[number], builder.fsub(gradient, pull[number]))
                    gradient = builder.select(present, gradient, code.splat(0.0))
                code.store(gradient, to, number)

    _blocks(code, channels, 4, write)


def over_channels(code: Code, channels: int, write: Callable[[Index, ir.Type], None]) -> None:
    """Write a loop over numbers that belong to channels: vectors of them, then what is left one by one."""
    whole, rest = divmod(channels, code.target.lanes)
    if whole:
        with code.loop(whole) as loop:
            write(code.times(loop.index, code.target.lanes), code.vector_type)
    if rest:
        with code.loop(rest) as loop:
            write(code.add(loop.index, whole * code.target.lanes), FLOAT)


def _blocks(code: Code, channels: int, kinds: int, write: Callable[[Index, int], None]) -> None:
    """Write a loop over blocks of channels, for each of which ``kinds`` vectors fit into the registers."""
    done = 0
    for size, blocks in even_runs(channels, kinds, code.target):
        with code.loop(blocks) as block:
            write(code.add(code.times(block.index, size), done), size)
        done += size * blocks


def _sum(
    code: Code,
    groups: Groups,
    arrays: Sequence[tuple[Layout, ir.Value]],
    first: Index,
    size: int,
    add: Callable[[Values, ir.Value, Values], Values],
    kinds: int = 1,
) -> Values:
    """Sum over all groups and pixels; ``add`` gets pointers to a pixel's channels, present lanes, and the sums."""
    rows, columns, _ = arrays[0][0].shape
    with code.loop(groups.count, [code.splat(0.0)] * size * kinds) as group:
        present = groups.present(code, group.index)
        own = [(layout, code.vector_at(base, code.times(group.index, layout.size))) for layout, base in arrays]
        with code.loop(rows, group.values) as down:
            with code.loop(columns, down.values) as across:
                at = _at(code, own, (down.index, across.index, first))
                across.carry(add(at, present, across.values))
            down.carry(across.values)
        group.carry(down.values)
    return group.values


def _at(code: Code, arrays: Iterable[tuple[Layout, ir.Value]], place: tuple[Index, ...]) -> Values:
    return [code.vector_at(base, position(code, layout, place)) for layout, base in arrays]


def _splats(code: Code, numbers: ir.Value, first: Index, count: int) -> Values:
    return [code.splat(code.load_number(numbers, code.add(first, number))) for number in range(count)]


def _store_sums(code: Code, sums: Values, result: ir.Value) -> None:
    for first in range(0, len(sums), code.target.lanes):
        code.store_unaligned(code.lane_sums(sums[first : first + code.target.lanes]), result, first)

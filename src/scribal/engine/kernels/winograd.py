"""Convolution with fewer multiplications: Winograd's minimal filtering (A. Lavin, S. Gray, arXiv:1509.09308).

An output tile of ``m x m`` pixels of an ``r x r`` convolution is computed from ``n x n`` inputs, n = m + r - 1, as::

    output = A' [ (G filter G') * (B' input B) ] A

where * goes element by element: n*n multiplications for each pair of channels, where the plain sum takes m*m*r*r.
That is 36 instead of 100 for 5x5 filters, 16 instead of 36 for 3x3. The matrices come from evaluating polynomials
at n - 1 points and at infinity; more points would save more and round worse, so m stays 2.

For each row of tiles, the plain loop nest::

    for tile, channel: transform the n x n inputs
    for element of n x n: sums over channels, the product kernel, with tiles as its columns
    for tile, unit: transform the sums back, add the bias, store m x m outputs

An element's inputs, once in the first cache, serve all units; what streams through the second one are a row's sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from llvmlite import ir

from scribal.engine.ir import FLOAT, INT32, Code, Index
from scribal.engine.kernels.product import Output, Product, Reduction, emit_product
from scribal.engine.layout import Layout

__all__ = [
    "OUTPUT_TILE",
    "Winograd",
    "emit_transform_filters",
    "emit_transform_turned_filters",
    "emit_winograd",
    "transform",
    "winograd_matrices",
]

OUTPUT_TILE = 2
_POINTS = (0, 1, -1, 2, -2)
# Elements lie an odd number of vectors apart: a power of two would put them all into the same few sets of a cache.
_ODD = 1

Matrix = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class Winograd:
    """Sizes of a convolution that runs this way.

    Attributes:
        filter_size: Rows, and columns, of a filter.
        channels: Input channels.
        units: Output channels.
        block: Units of one block.
        tiles: Rows and columns of tiles.
    """

    filter_size: int
    channels: int
    units: int
    block: int
    tiles: tuple[int, int]

    @property
    def input_tile(self) -> int:
        """Rows, and columns, of the inputs of a tile."""
        return OUTPUT_TILE + self.filter_size - 1

    @property
    def elements(self) -> int:
        """Elements of a transformed tile."""
        return self.input_tile**2

    @property
    def input_step(self) -> int:
        """Vectors from an element of a row of transformed inputs to the next."""
        return self.tiles[1] * self.channels | _ODD

    @property
    def sum_step(self) -> int:
        """Vectors from an element of a row of sums to the next."""
        return self.tiles[1] * self.units | _ODD


def winograd_matrices(filter_size: int) -> tuple[Matrix, Matrix, Matrix]:
    """Construct A', G and B' for tiles of two outputs.

    Polynomials are multiplied by evaluating them at points, multiplying the values, and interpolating; filtering is the
    transpose of that (R. E. Blahut, "Fast Algorithms for Signal Processing", 2010, chapter 5). Fractions are moved
    from the inputs' matrix to the filters', which is applied once a step.

    >>> output, filters, inputs = winograd_matrices(3)
    >>> [[int(number) for number in row] for row in inputs]
    [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]
    >>> [[int(number) for number in row] for row in output]
    [[1, 1, 1, 0], [0, 1, -1, 1]]
    """
    size = OUTPUT_TILE + filter_size - 1
    vandermonde = _evaluation(size, size)
    inputs = list(zip(*_inverse(vandermonde), strict=True))
    scales = [lcm(*(number.denominator for number in row)) for row in inputs]
    return (
        tuple(zip(*_evaluation(size, OUTPUT_TILE), strict=True)),
        tuple(
            tuple(number / scale for number in row)
            for row, scale in zip(_evaluation(size, filter_size), scales, strict=True)
        ),
        tuple(tuple(number * scale for number in row) for row, scale in zip(inputs, scales, strict=True)),
    )


def emit_transform_filters(code: Code, winograd: Winograd, weights: ir.Value, filters: ir.Value) -> None:
    """Write ``G filter G'`` for all filters, as ``[element][unit block][channel][unit in block]``."""
    size, block, channels = winograd.filter_size, winograd.block, winograd.channels
    kind = ir.VectorType(FLOAT, block)
    with code.grid(winograd.units // block, channels) as (unit_block, channel):
        first = code.times(code.add(code.times(unit_block, size**2 * channels), channel), block)

        def load(row: int, column: int) -> ir.Value:
            return code.load_unaligned(weights, code.add(first, (row * size + column) * channels * block), kind)

        _transform_filter(code, winograd, load, (unit_block, channel), filters)


def emit_transform_turned_filters(
    code: Code, winograd: Winograd, block: int, weights: ir.Value, filters: ir.Value
) -> None:
    """Write the same for the way back, on which filters are turned and channels and units change places.

    Args:
        code: Where to.
        winograd: Sizes of the way back: its units are the convolution's channels.
        block: Units of one block of the convolution's weights.
        weights: The convolution's.
        filters: Receives the transformed filters.
    """
    size, channels, units = winograd.filter_size, winograd.channels, winograd.units
    with code.grid(units // winograd.block, channels // block, block) as (unit_block, channel_block, within):
        first = code.add(code.times(channel_block, size**2 * units * block), within)
        first = code.add(first, code.times(unit_block, winograd.block * block))
        kind = ir.VectorType(FLOAT, winograd.block)

        def load(row: int, column: int) -> ir.Value:
            tap = (size - 1 - row) * size + size - 1 - column
            vector: ir.Value = ir.Constant(kind, ir.Undefined)
            for unit in range(winograd.block):
                number = code.load_number(weights, code.add(first, (tap * units + unit) * block))
                vector = code.builder.insert_element(vector, number, INT32(unit))
            return vector

        channel = code.add(code.times(channel_block, block), within)
        _transform_filter(code, winograd, load, (unit_block, channel), filters)


def _transform_filter(
    code: Code,
    winograd: Winograd,
    load: Callable[[int, int], ir.Value],
    place: tuple[Index, Index],
    filters: ir.Value,
) -> None:
    """Transform the filters of a block of units and a channel, whose numbers are ``place``."""
    _, matrix, _ = winograd_matrices(winograd.filter_size)
    unit_block, channel = place
    first = code.times(code.add(code.times(unit_block, winograd.channels), channel), winograd.block)
    for element, value in enumerate(transform(code, matrix, load)):
        code.store_unaligned(value, filters, code.add(first, element * winograd.units * winograd.channels))


def emit_winograd(
    code: Code,
    winograd: Winograd,
    layouts: tuple[Layout, Layout],
    arrays: tuple[ir.Value, ir.Value, ir.Value],
    scratch: tuple[ir.Value, ir.Value],
    bias: ir.Value | None,
    finish: Callable[[ir.Value], ir.Value],
) -> None:
    """Write the convolution.

    Args:
        code: Where to.
        winograd: Sizes.
        layouts: Of the bordered inputs and of the outputs.
        arrays: Inputs, transformed filters, and outputs.
        scratch: Room for a row of transformed inputs ``[element][tile][channel]``, and for a row of sums
            ``[element][tile][unit]`` and one vector more.
        bias: A number for each unit, or nothing.
        finish: Applied to each output before it is stored.
    """
    inputs, filters, outputs = arrays
    transformed, sums = scratch
    across, channels, units, block = winograd.tiles[1], winograd.channels, winograd.units, winograd.block
    output = Output(1, across, 0, channels, 0, units)
    product = Product(units, block, channels * block, 1, 0, (Reduction(channels, 1, block),), output)
    with code.loop(winograd.tiles[0]) as tile_rows:
        row_inputs = code.vector_at(inputs, code.times(tile_rows.index, OUTPUT_TILE * layouts[0].row_step))
        row_outputs = code.vector_at(outputs, code.times(tile_rows.index, OUTPUT_TILE * layouts[1].row_step))
        _transform_inputs(code, winograd, layouts[0], row_inputs, transformed)
        with code.loop(winograd.elements) as elements:
            from_ = code.vector_at(transformed, code.times(elements.index, winograd.input_step))
            to = code.vector_at(sums, code.times(elements.index, winograd.sum_step))
            emit_product(code, product, from_, code.at(filters, code.times(elements.index, channels * units)), to)
        _transform_outputs(code, winograd, (tile_rows.index, layouts[1]), sums, row_outputs, bias, finish)


def _transform_inputs(code: Code, winograd: Winograd, layout: Layout, inputs: ir.Value, transformed: ir.Value) -> None:
    """One row of tiles: ``B' input B``."""
    _, _, matrix = winograd_matrices(winograd.filter_size)
    across, channels = winograd.tiles[1], winograd.channels
    with code.grid(across, channels) as (tile, channel):
        at_tile = code.vector_at(inputs, code.add(code.times(tile, OUTPUT_TILE * layout.column_step), channel))

        def load(row: int, column: int) -> ir.Value:
            return code.load(at_tile, row * layout.row_step + column * layout.column_step)

        place = code.add(code.times(tile, channels), channel)
        for element, value in enumerate(transform(code, matrix, load)):
            code.store(value, transformed, code.add(place, element * winograd.input_step))


def _transform_outputs(
    code: Code,
    winograd: Winograd,
    place: tuple[Index, Layout],
    sums: ir.Value,
    outputs: ir.Value,
    bias: ir.Value | None,
    finish: Callable[[ir.Value], ir.Value],
) -> None:
    """One row of tiles: ``A' sums A``, and the bias.

    ``place`` is the row's number and the layout of the outputs.
    """
    matrix, _, _ = winograd_matrices(winograd.filter_size)
    tile_row, layout = place
    across, units = winograd.tiles[1], winograd.units
    # Of an odd number of rows or columns, the last tile has one too many, which goes to a spare vector.
    spare = code.vector_at(sums, winograd.elements * winograd.sum_step)
    with code.grid(across, units) as (tile, unit):
        at_sums = code.vector_at(sums, code.add(code.times(tile, units), unit))
        at_outputs = code.vector_at(outputs, code.add(code.times(tile, OUTPUT_TILE * layout.column_step), unit))
        offset = code.splat(0.0 if bias is None else code.load_number(bias, unit))

        def load(row: int, column: int) -> ir.Value:
            return code.load(at_sums, (row * winograd.input_tile + column) * winograd.sum_step)

        for number, value in enumerate(transform(code, matrix, load)):
            row, column = divmod(number, OUTPUT_TILE)
            pointer = code.vector_at(at_outputs, row * layout.row_step + column * layout.column_step)
            for part, index, axis in ((row, tile_row, 0), (column, tile, 1)):
                if part and layout.shape[axis] % OUTPUT_TILE:
                    last = code.index(winograd.tiles[axis] - 1)
                    inside = code.builder.icmp_signed("<", code.index(index), last)
                    pointer = code.builder.select(inside, pointer, spare)
            code.store(finish(code.builder.fadd(value, offset)), pointer)


def transform(code: Code, matrix: Matrix, load: Callable[[int, int], ir.Value]) -> list[ir.Value]:
    """``M x M'``, row by row, of a square x whose elements are loaded when they are needed."""
    size = len(matrix[0])
    halves = [_combine(code, matrix, [load(row, column) for row in range(size)]) for column in range(size)]
    rows = [_combine(code, matrix, [half[row] for half in halves]) for row in range(len(matrix))]
    return [value for row in rows for value in row]


def _combine(code: Code, matrix: Matrix, values: list[ir.Value]) -> list[ir.Value]:
    """``M v`` for a vector of values; zeros and ones cost nothing."""
    results = []
    for row in matrix:
        terms = [(float(factor), value) for factor, value in zip(row, values, strict=True) if factor]
        # A factor of one to start with, if there is one, needs no multiplication.
        (factor, total), *others = sorted(terms, key=lambda term: term[0] != 1)
        if factor != 1:
            total = code.builder.fmul(total, _constant(total.type, factor))
        for factor, value in others:
            if abs(factor) == 1:
                total = code.builder.fadd(total, value) if factor > 0 else code.builder.fsub(total, value)
            else:
                total = code.fma(value, _constant(value.type, factor), total)
        results.append(total)
    return results


def _constant(kind: ir.VectorType, number: float) -> ir.Constant:
    return kind([number] * kind.count)


def _evaluation(size: int, coefficients: int) -> list[list[Fraction]]:
    """Rows that evaluate a polynomial of some coefficients at ``size`` points, the last of them infinity."""
    rows = [[Fraction(point) ** power for power in range(coefficients)] for point in _POINTS[: size - 1]]
    return [*rows, [Fraction(power == coefficients - 1) for power in range(coefficients)]]


def _inverse(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """Invert by Gauss-Jordan elimination, in exact fractions."""
    size = len(matrix)
    rows = [row + [Fraction(i == j) for j in range(size)] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = next(i for i in range(column, size) if rows[i][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [number / rows[column][column] for number in rows[column]]
        for i in range(size):
            if i != column:
                factor = rows[i][column]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[column], strict=True)]
    return [row[size:] for row in rows]

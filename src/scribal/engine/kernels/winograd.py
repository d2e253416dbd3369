"""Convolution with fewer multiplications: Winograd's minimal filtering (A. Lavin, S. Gray, arXiv:1509.09308).

An output tile of ``m x m`` pixels of an ``r x r`` convolution is computed from ``n x n`` inputs, n = m + r - 1, as::

    output = A' [ (G filter G') * (B' input B) ] A

where * goes element by element: n*n multiplications for each pair of channels, where the plain sum takes m*m*r*r.
With m = 2 that is 36 instead of 100 for 5x5 filters and 16 instead of 36 for 3x3, with m = 4 for the latter 36 instead
of 144. The matrices come from evaluating polynomials at n - 1 points and at infinity; more points save more and round
worse.

Forward, m is 2: then sums over nothing but zeros stay exactly zero, since each of the two outputs leaves out the one
element that only an input beyond its window reaches. Of a larger tile they come out as some rounding error, and a ReLU
whose biases are zero would let half of an empty background through.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from scribal.engine import llvm as ir
from scribal.engine.ir import Code
from scribal.engine.layout import Layout

__all__ = [
    "ODD",
    "OUTPUT_TILE",
    "Matrix",
    "Winograd",
    "transform",
    "transform_tiles",
    "weight_gradient_matrices",
    "winograd_matrices",
]

# Rows, and columns, of the outputs of a tile, on the way forward.
OUTPUT_TILE = 2
_POINTS = (0, 1, -1, 2, -2)
# Elements lie an odd number of vectors apart: a power of two would put them all into the same few sets of a cache.
ODD = 1

# A pair of rows or columns costs two additions more, and from so many numbers on saves more than that.
_WORTH_FOLDING = 2

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
        output_tile: Rows, and columns, of the outputs of a tile.
    """

    filter_size: int
    channels: int
    units: int
    block: int
    tiles: tuple[int, int]
    output_tile: int = OUTPUT_TILE

    @property
    def input_tile(self) -> int:
        """Rows, and columns, of the inputs of a tile."""
        return self.output_tile + self.filter_size - 1

    @property
    def elements(self) -> int:
        """Elements of a transformed tile."""
        return self.input_tile**2

    @property
    def input_step(self) -> int:
        """Vectors from an element of a row of transformed inputs to the next."""
        return self.tiles[1] * self.channels | ODD

    @property
    def sum_step(self) -> int:
        """Vectors from an element of a row of sums to the next."""
        return self.tiles[1] * self.units | ODD


def winograd_matrices(filter_size: int, output_tile: int = OUTPUT_TILE) -> tuple[Matrix, Matrix, Matrix]:
    """Construct A', G and B'.

    Polynomials are multiplied by evaluating them at points, multiplying the values, and interpolating; filtering is the
    transpose of that (R. E. Blahut, "Fast Algorithms for Signal Processing", 2010, chapter 5). Fractions are moved
    from the inputs' matrix to the filters', which is applied once a step.

    >>> output, filters, inputs = winograd_matrices(3)
    >>> [[int(number) for number in row] for row in inputs]
    [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]
    >>> [[int(number) for number in row] for row in output]
    [[1, 1, 1, 0], [0, 1, -1, 1]]
    """
    size = output_tile + filter_size - 1
    inputs, scales = _inputs_matrix(size)
    return (
        tuple(zip(*_evaluation(size, output_tile), strict=True)),
        tuple(
            tuple(number / scale for number in row)
            for row, scale in zip(_evaluation(size, filter_size), scales, strict=True)
        ),
        inputs,
    )


def weight_gradient_matrices(filter_size: int, output_tile: int) -> tuple[Matrix, Matrix, Matrix]:
    """Construct the matrices of a filter's gradient: the inputs of a tile, filtered by its output gradients.

    Filter and output tile have changed places, so that the inputs' matrix is that of ``winograd_matrices``.

    Returns:
        From sums to weights (with the fractions, as it is applied once a step), of the output gradient, of the inputs.
    """
    size = output_tile + filter_size - 1
    inputs, scales = _inputs_matrix(size)
    to_weights = zip(*_evaluation(size, filter_size), strict=True)
    return (
        tuple(tuple(number / scale for number, scale in zip(row, scales, strict=True)) for row in to_weights),
        tuple(map(tuple, _evaluation(size, output_tile))),
        inputs,
    )


def transform(code: Code, matrix: Matrix, load: Callable[[int, int], ir.Value]) -> list[ir.Value]:
    """``M x M'``, row by row, of a square x whose elements are loaded when they are needed."""
    size = len(matrix[0])
    halves = [_combine(code, matrix, [load(row, column) for row in range(size)]) for column in range(size)]
    rows = [_combine(code, matrix, [half[row] for half in halves]) for row in range(len(matrix))]
    return [value for row in rows for value in row]


def transform_tiles(
    code: Code,
    matrix: Matrix,
    tiles: tuple[int, int, int],
    source: tuple[Layout, ir.Value],
    target: tuple[ir.Value, int],
) -> None:
    """Write ``M tile M'`` for tiles of an image, as ``[element][tile][channel]``.

    Args:
        code: Where to.
        matrix: The matrix; it tells the size of a tile.
        tiles: Rows and columns of tiles, and how many pixels lie between their corners.
        source: Layout of the image, and the corner of its first tile.
        target: Where to, and vectors from an element to the next.
    """
    (rows, across, step), (layout, start), (to, element_step) = tiles, source, target
    channels = layout.shape[2]
    with code.grid(rows, across, channels) as (row, column, channel):
        corner = code.add(
            code.times(row, step * layout.row_step), code.add(code.times(column, step * layout.column_step), channel)
        )
        at_tile = code.vector_at(start, corner)

        def load(down: int, right: int) -> ir.Value:
            return code.load(at_tile, down * layout.row_step + right * layout.column_step)

        number = code.add(code.times(row, across), column)
        place = code.vector_at(to, code.add(code.times(number, channels), channel))
        for element, value in enumerate(transform(code, matrix, load)):
            code.store(value, place, element * element_step)


def _combine(code: Code, matrix: Matrix, values: list[ir.Value]) -> list[ir.Value]:
    """``M v`` for a vector of values; zeros and ones cost nothing.

    Points come in pairs x and -x: what two columns, or two rows, have in common up to signs is computed once.
    """
    matrix, values = _fold_columns(code, matrix, values)
    results: list[ir.Value] = []
    while len(results) < len(matrix):
        row, below = matrix[len(results)], matrix[len(results) + 1 : len(results) + 2]
        signs = _signs(row, below[0]) if below else None
        if signs is None or sum(map(bool, row)) <= _WORTH_FOLDING:
            results.append(_sum(code, row, values))
            continue
        same, opposite = (_sum(code, part, values) for part in _parted(row, signs))
        results += [code.builder.fadd(same, opposite), code.builder.fsub(same, opposite)]
    return results


def _fold_columns(code: Code, matrix: Matrix, values: list[ir.Value]) -> tuple[Matrix, list[ir.Value]]:
    """Replace pairs of values that all rows use with equal factors, up to signs, by their sum and difference."""
    columns, values = list(zip(*matrix, strict=True)), list(values)
    for first in range(len(columns) - 1):
        signs = _signs(columns[first], columns[first + 1])
        if signs is not None and sum(map(bool, columns[first])) > _WORTH_FOLDING:
            pair = values[first : first + 2]
            columns[first : first + 2] = _parted(columns[first], signs)
            values[first : first + 2] = [code.builder.fadd(*pair), code.builder.fsub(*pair)]
    return tuple(zip(*columns, strict=True)), values


def _signs(first: Sequence[Fraction], second: Sequence[Fraction]) -> list[int] | None:
    """Where two rows have equal numbers (1) and where opposite ones (-1), if that is all and both occur."""
    signs = [1 if a == b else -1 for a, b in zip(first, second, strict=True)]
    fold = all(abs(a) == abs(b) for a, b in zip(first, second, strict=True))
    occurring = {sign for sign, number in zip(signs, first, strict=True) if number}
    return signs if fold and len(occurring) > 1 else None


def _parted(numbers: Sequence[Fraction], signs: Sequence[int]) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """The numbers of either sign, with zeros in place of the others."""
    zero = Fraction(0)
    pairs = list(zip(numbers, signs, strict=True))
    return tuple(n if sign > 0 else zero for n, sign in pairs), tuple(n if sign < 0 else zero for n, sign in pairs)


def _sum(code: Code, factors: Sequence[Fraction], values: Sequence[ir.Value]) -> ir.Value:
    """The sum of values times factors that are not all zero."""
    terms = [(float(factor), value) for factor, value in zip(factors, values, strict=True) if factor]
    # A factor of one to start with, if there is one, needs no multiplication.
    (factor, total), *others = sorted(terms, key=lambda term: term[0] != 1)
    if factor != 1:
        total = code.builder.fmul(total, total.type(factor))
    for factor, value in others:
        if abs(factor) == 1:
            total = code.builder.fadd(total, value) if factor > 0 else code.builder.fsub(total, value)
        else:
            total = code.fma(value, value.type(factor), total)
    return total


def _evaluation(size: int, coefficients: int) -> list[list[Fraction]]:
    """Rows that evaluate a polynomial of some coefficients at ``size`` points, the last of them infinity."""
    rows = [[Fraction(point) ** power for power in range(coefficients)] for point in _POINTS[: size - 1]]
    return [*rows, [Fraction(power == coefficients - 1) for power in range(coefficients)]]


def _inputs_matrix(size: int) -> tuple[Matrix, list[int]]:
    """B' in whole numbers, and what its rows were multiplied by."""
    rows = list(zip(*_inverse(_evaluation(size, size)), strict=True))
    scales = [lcm(*(number.denominator for number in row)) for row in rows]
    return tuple(tuple(number * scale for number in row) for row, scale in zip(rows, scales, strict=True)), scales


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

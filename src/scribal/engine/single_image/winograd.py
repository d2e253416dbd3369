"""Winograd's minimal filtering with channels in the lanes; see :mod:`scribal.engine.kernels.winograd` for the method.

For each row of tiles, the plain loop nest::

    for tile, vector of channels: transform the n x n inputs
    for element of n x n: sums over channels, for a block of units and of tiles
    for tile, vector of units: transform the sums back, add the bias, store m x m outputs

Filters are transformed when weights are packed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.winograd import OUTPUT_TILE, transform, winograd_matrices
from scribal.engine.plan_convolution import gains_by_winograd
from scribal.engine.single_image.blocks import Block
from scribal.engine.single_image.convolution import Reduction, block_sums, vectors_of, window_start
from scribal.engine.single_image.layout import room_for
from scribal.engine.single_image.sweep import Array, Finish, each_vector, pixel
from scribal.engine.target import Target

__all__ = ["Tiling", "emit_winograd", "tiling_of", "transformed_filters"]

# Outputs from which on a tile's elements are fewer than the taps of its pixels by enough to pay for the transforms.
_LEAST_PIXELS = 16
_LINE = 16


@dataclass(frozen=True)
class Tiling:
    """Sizes of a convolution that runs this way.

    Attributes:
        size: Rows, and columns, of a filter.
        tiles: Rows and columns of tiles.
        channels: Input channels.
        input_room: Floats of a tile's element of transformed inputs.
        sum_room: Floats of a tile's element of sums.
    """

    size: int
    tiles: tuple[int, int]
    channels: int
    input_room: int
    sum_room: int

    @property
    def side(self) -> int:
        """Rows, and columns, of the inputs of a tile."""
        return OUTPUT_TILE + self.size - 1

    @property
    def input_step(self) -> int:
        """Floats from an element of a row of transformed inputs to the next."""
        return self.tiles[1] * self.input_room + _LINE

    @property
    def sum_step(self) -> int:
        """Floats from an element of a row of sums to the next."""
        return self.tiles[1] * self.sum_room + _LINE

    @property
    def memory(self) -> tuple[int, int]:
        """Floats of a row of transformed inputs, and of a row of sums with a vector to spare."""
        return self.side**2 * self.input_step, (self.side**2 + 1) * self.sum_step


def tiling_of(convolution: op.Operation, shape: op.Shape, channels: int, target: Target) -> Tiling | None:
    """Plan a convolution this way, if it gains by it.

    Args:
        convolution: The layer.
        shape: What it gives.
        channels: What it reads.
        target: The processor.
    """
    if not isinstance(convolution, op.Conv2D) or not gains_by_winograd(convolution, channels):
        return None
    rows, columns, units = shape
    if rows * columns < _LEAST_PIXELS:
        return None
    tiles = (-(-rows // OUTPUT_TILE), -(-columns // OUTPUT_TILE))
    rooms = room_for(channels, target.lanes), room_for(units, target.lanes)
    return Tiling(convolution.window.size[0], tiles, channels, *rooms)


def transformed_filters(kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """``G filter G'`` of a kernel ``(size, size, channels, units)``, as ``(elements, channels, units)``."""
    _, matrix, _ = winograd_matrices(len(kernel))
    numbers = np.array(matrix, np.float64)
    elements = np.einsum("ar,rsck,bs->abck", numbers, kernel, numbers)
    return elements.reshape(-1, *kernel.shape[2:])


def emit_winograd(
    code: Code,
    operation: op.Conv2D,
    tiling: Tiling,
    blocks: tuple[Block, ...],
    images: tuple[Array, Array],
    scratch: tuple[ir.Value, ir.Value],
    weights: tuple[ir.Value, ir.Value],
    finish: Finish,
) -> None:
    """Write the convolution.

    Args:
        code: Where to.
        operation: The layer.
        tiling: Sizes.
        blocks: How units and tiles of a row are cut.
        images: Inputs, with a border in which the last tiles are whole, and outputs.
        scratch: Room for a row of transformed inputs, and for a row of sums.
        weights: Where transformed filters and biases begin.
        finish: Done to each output before it is stored.
    """
    inputs, outputs = images
    spans = operation.window.spans(*inputs.layout.shape[:2])
    with code.loop(tiling.tiles[0]) as tile_rows:
        row = code.times(tile_rows.index, OUTPUT_TILE)
        with code.loop(tiling.tiles[1]) as tiles:
            first = window_start(code, inputs, spans, row, code.times(tiles.index, OUTPUT_TILE))
            _transform_tile(
                code, tiling, inputs, first, code.at(scratch[0], code.times(tiles.index, tiling.input_room))
            )
        with code.loop(tiling.side**2) as elements:
            for block in blocks:
                _multiply(code, tiling, block, elements.index, scratch, weights[0])
        with code.loop(tiling.tiles[1]) as tiles:
            _transform_back(code, tiling, outputs, (tile_rows.index, tiles.index), scratch[1], weights[1], finish)


def _transform_tile(code: Code, tiling: Tiling, inputs: Array, first: Index, to: ir.Value) -> None:
    """``B' input B`` of a tile."""
    _, _, matrix = winograd_matrices(tiling.size)
    for piece, channel in each_vector(code, tiling.channels):
        corner = code.at(inputs.base, code.add(first, channel))

        def load(row: int, column: int, piece: Code = piece, corner: ir.Value = corner) -> ir.Value:
            place = row * inputs.layout.row_step + column * inputs.layout.column_step
            return piece.load_unaligned(corner, place, piece.vector_type)

        for element, value in enumerate(transform(piece, matrix, load)):
            piece.store_unaligned(value, to, code.add(channel, element * tiling.input_step))


def _multiply(
    code: Code, tiling: Tiling, block: Block, element: Index, scratch: tuple[ir.Value, ir.Value], filters: ir.Value
) -> None:
    """The sums of one element, for a row of tiles and a block of units."""
    at_filters = code.at(filters, code.add(block.weights, code.times(element, tiling.channels * block.room)))
    loops = (Reduction(tiling.channels, 1, block.room),)
    done = 0
    for width, count in block.columns:
        with code.loop(count) as columns:
            tile = code.add(code.times(columns.index, width), done)
            place = code.add(code.times(element, tiling.input_step), code.times(tile, tiling.input_room))
            to = code.add(code.times(element, tiling.sum_step), code.times(tile, tiling.sum_room))
            start = [piece.splat(0.0) for piece, _ in vectors_of(code, block)] * width
            pointers = (code.at(scratch[0], place), at_filters)
            sums = block_sums(code, block, loops, pointers, start, tiling.input_room)
            target = code.at(scratch[1], to)
            for number, value in enumerate(sums):
                at_tile, vector = divmod(number, len(block.widths))
                piece, unit = vectors_of(code, block)[vector]
                piece.store_unaligned(value, target, at_tile * tiling.sum_room + unit)
        done += width * count


def _transform_back(
    code: Code,
    tiling: Tiling,
    outputs: Array,
    tile: tuple[Index, Index],
    sums: ir.Value,
    bias: ir.Value,
    finish: Finish,
) -> None:
    """``A' sums A`` of a tile, and the bias."""
    matrix, _, _ = winograd_matrices(tiling.size)
    layout, builder = outputs.layout, code.builder
    # Of an odd number of rows or columns, the last tile has one too many, which goes to a spare vector.
    spare = code.at(sums, tiling.side**2 * tiling.sum_step)
    place = pixel(code, layout, code.times(tile[0], OUTPUT_TILE), code.times(tile[1], OUTPUT_TILE))
    for piece, unit in each_vector(code, layout.shape[2]):
        at_sums = code.at(sums, code.add(code.times(tile[1], tiling.sum_room), unit))
        offset = piece.load_unaligned(bias, unit, piece.vector_type)

        def load(row: int, column: int, piece: Code = piece, at_sums: ir.Value = at_sums) -> ir.Value:
            return piece.load_unaligned(at_sums, (row * tiling.side + column) * tiling.sum_step, piece.vector_type)

        for number, value in enumerate(transform(piece, matrix, load)):
            corner = divmod(number, OUTPUT_TILE)
            to = code.add(code.add(place, unit), corner[0] * layout.row_step + corner[1] * layout.column_step)
            pointer = code.at(outputs.base, to)
            for axis in (0, 1):
                if corner[axis] and layout.shape[axis] % OUTPUT_TILE:
                    last = code.index(tiling.tiles[axis] - 1)
                    inside = builder.icmp_signed("<", code.index(tile[axis]), last)
                    pointer = builder.select(inside, pointer, spare)
            piece.store_unaligned(finish(piece, builder.fadd(value, offset)), pointer, 0)

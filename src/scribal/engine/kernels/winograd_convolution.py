"""Convolution by Winograd's method, images in the lanes; see :mod:`scribal.engine.kernels.winograd` for the method.

For each row of tiles, the plain loop nest::

    for tile, channel: transform the n x n inputs
    for element of n x n: sums over channels, the product kernel, with tiles as its columns
    for tile, unit: transform the sums back, add the bias, store m x m outputs

An element's inputs, once in the first cache, serve all units; what streams through the second one are a row's sums.
"""

from collections.abc import Callable

from scribal.engine import llvm as ir
from scribal.engine.ir import FLOAT, INT32, Code, Index
from scribal.engine.kernels.product import Output, Product, Reduction, emit_product
from scribal.engine.kernels.winograd import Winograd, transform, transform_tiles, winograd_matrices
from scribal.engine.layout import Layout

__all__ = ["emit_transform_filters", "emit_transform_turned_filters", "emit_winograd"]


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
            vector: ir.Value = kind.undefined
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
    _, matrix, _ = winograd_matrices(winograd.filter_size, winograd.output_tile)
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
    _, _, input_matrix = winograd_matrices(winograd.filter_size, winograd.output_tile)
    output = Output(1, across, 0, channels, 0, units)
    product = Product(units, block, channels * block, 1, 0, (Reduction(channels, 1, block),), output)
    with code.loop(winograd.tiles[0]) as tile_rows:
        row_inputs = code.vector_at(inputs, code.times(tile_rows.index, winograd.output_tile * layouts[0].row_step))
        row_outputs = code.vector_at(outputs, code.times(tile_rows.index, winograd.output_tile * layouts[1].row_step))
        tiles, source = (1, across, winograd.output_tile), (layouts[0], row_inputs)
        transform_tiles(code, input_matrix, tiles, source, (transformed, winograd.input_step))
        with code.loop(winograd.elements) as elements:
            from_ = code.vector_at(transformed, code.times(elements.index, winograd.input_step))
            to = code.vector_at(sums, code.times(elements.index, winograd.sum_step))
            emit_product(code, product, from_, code.at(filters, code.times(elements.index, channels * units)), to)
        _transform_outputs(code, winograd, (tile_rows.index, layouts[1]), sums, row_outputs, bias, finish)


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
    matrix, _, _ = winograd_matrices(winograd.filter_size, winograd.output_tile)
    tile_row, layout = place
    across, units = winograd.tiles[1], winograd.units
    # What the last tiles compute beyond the image goes to a spare vector.
    spare = code.vector_at(sums, winograd.elements * winograd.sum_step)
    with code.grid(across, units) as (tile, unit):
        at_sums = code.vector_at(sums, code.add(code.times(tile, units), unit))
        at_outputs = code.vector_at(
            outputs, code.add(code.times(tile, winograd.output_tile * layout.column_step), unit)
        )
        offset = code.splat(0.0 if bias is None else code.load_number(bias, unit))

        def load(row: int, column: int) -> ir.Value:
            return code.load(at_sums, (row * winograd.input_tile + column) * winograd.sum_step)

        for number, value in enumerate(transform(code, matrix, load)):
            row, column = divmod(number, winograd.output_tile)
            pointer = code.vector_at(at_outputs, row * layout.row_step + column * layout.column_step)
            for part, index, axis in ((row, tile_row, 0), (column, tile, 1)):
                before_last = winograd.tiles[axis] - 1
                if part >= layout.shape[axis] - before_last * winograd.output_tile:
                    last = code.index(before_last)
                    inside = code.builder.icmp_signed("<", code.index(index), last)
                    pointer = code.builder.select(inside, pointer, spare)
            code.store(finish(code.builder.fadd(value, offset)), pointer)

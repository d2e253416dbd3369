"""Weight gradients by Winograd's method, images in the lanes; see :mod:`scribal.engine.kernels.winograd`.

A filter's gradient is a tile's inputs, filtered by the tile's output gradients, so that filter and output tile change
places, and the sums run over tiles and images, where those of the convolution run over channels::

    weight gradient = A' [ sum over tiles (G gradient G') * (B' input B) ] A

The plain loop nest, for some rows of tiles at a time::

    for tile, channel: transform the inputs
    for tile, unit: transform the output gradients
    for element: sums over tiles and lanes for each unit and channel, the weight gradient's kernel

and at the end, for each unit and channel, from the sums to the weights.
"""

from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.ir import FLOAT, Code
from scribal.engine.kernels.weight_gradient import WeightGradient, emit_weight_gradient
from scribal.engine.kernels.winograd import ODD, Winograd, transform, transform_tiles, weight_gradient_matrices
from scribal.engine.layout import Layout

__all__ = ["FastWeightGradient", "emit_fast_weight_gradient"]

# Vectors of transformed inputs and gradients that the second cache holds beside all else.
_MOST_VECTORS = 11_000


@dataclass(frozen=True)
class FastWeightGradient:
    """Sizes of a weight gradient that is computed this way.

    Attributes:
        winograd: Sizes of the convolution.
    """

    winograd: Winograd

    @property
    def rows(self) -> int:
        """Rows of tiles that are taken together: as many as the cache holds, and a divisor of all."""
        sizes, down = self.winograd, self.winograd.tiles[0]
        row = sizes.elements * sizes.tiles[1] * (sizes.channels + sizes.units)
        return max(
            rows for rows in range(1, down + 1) if down % rows == 0 and (rows == 1 or rows * row <= _MOST_VECTORS)
        )

    @property
    def tiles(self) -> int:
        """Tiles that are taken together."""
        return self.rows * self.winograd.tiles[1]

    @property
    def passes(self) -> int:
        """How often tiles are taken together."""
        return self.winograd.tiles[0] // self.rows

    @property
    def input_step(self) -> int:
        """Vectors from an element of transformed inputs to the next."""
        return self.tiles * self.winograd.channels | ODD

    @property
    def gradient_step(self) -> int:
        """Vectors from an element of transformed gradients to the next."""
        return self.tiles * self.winograd.units | ODD

    @property
    def sums(self) -> int:
        """Numbers of all sums of one pass."""
        return self.winograd.elements * self.winograd.channels * self.winograd.units


def emit_fast_weight_gradient(
    code: Code,
    sizes: FastWeightGradient,
    layouts: tuple[Layout, Layout],
    arrays: tuple[ir.Value, ir.Value, ir.Value],
    scratch: tuple[ir.Value, ir.Value, ir.Value],
) -> None:
    """Write the gradient.

    Args:
        code: Where to.
        sizes: Sizes.
        layouts: Of the bordered inputs and of the bordered output gradient.
        arrays: The first window of the inputs, the output gradient's first pixel, and where the weights' gradient goes.
        scratch: Room for transformed inputs ``[element][tile][channel]`` and gradients ``[element][tile][unit]`` of
            one pass, and for the sums ``[pass][element][unit block][channel][unit in block]``, in numbers.
    """
    winograd = sizes.winograd
    inputs, gradient, result = arrays
    to_inputs, to_gradients, sums = scratch
    channels, units, block, tile = winograd.channels, winograd.units, winograd.block, winograd.output_tile
    _, gradient_matrix, input_matrix = weight_gradient_matrices(winograd.filter_size, tile)
    nest = WeightGradient(block, channels * block, (), channels, (0, channels), (0, units))
    with code.loop(sizes.passes) as passes:
        down = code.times(passes.index, sizes.rows * tile)
        from_inputs = code.vector_at(inputs, code.times(down, layouts[0].row_step))
        from_gradient = code.vector_at(gradient, code.times(down, layouts[1].row_step))
        tiles = (sizes.rows, winograd.tiles[1], tile)
        inputs_source, gradient_source = (layouts[0], from_inputs), (layouts[1], from_gradient)
        transform_tiles(code, input_matrix, tiles, inputs_source, (to_inputs, sizes.input_step))
        transform_tiles(code, gradient_matrix, tiles, gradient_source, (to_gradients, sizes.gradient_step))
        pass_sums = code.at(sums, code.times(passes.index, sizes.sums))
        with code.grid(winograd.elements, units // block) as (element, unit_block):
            at_inputs = code.vector_at(to_inputs, code.times(element, sizes.input_step))
            at_gradients = code.vector_at(to_gradients, code.times(element, sizes.gradient_step))
            to = code.at(pass_sums, code.times(element, channels * units))
            emit_weight_gradient(code, nest, unit_block, (1, sizes.tiles), at_inputs, at_gradients, to)
    _transform_sums(code, sizes, sums, result)


def _transform_sums(code: Code, sizes: FastWeightGradient, sums: ir.Value, result: ir.Value) -> None:
    """From the sums of all passes to the weights: ``A' sums A``."""
    winograd = sizes.winograd
    channels, block, size = winograd.channels, winograd.block, winograd.filter_size
    matrix, _, _ = weight_gradient_matrices(size, winograd.output_tile)
    kind = ir.VectorType(FLOAT, block)
    with code.grid(winograd.units // block, channels) as (unit_block, channel):
        first = code.times(code.add(code.times(unit_block, channels), channel), block)
        at_sums = code.at(sums, first)

        def load(row: int, column: int) -> ir.Value:
            element = (row * winograd.input_tile + column) * channels * winograd.units
            total: ir.Value = code.load_unaligned(at_sums, element, kind)
            for number in range(1, sizes.passes):
                total = code.builder.fadd(total, code.load_unaligned(at_sums, number * sizes.sums + element, kind))
            return total

        at_result = code.at(
            result, code.add(code.times(unit_block, size**2 * channels * block), code.times(channel, block))
        )
        for tap, value in enumerate(transform(code, matrix, load)):
            code.store_unaligned(value, at_result, tap * channels * block)

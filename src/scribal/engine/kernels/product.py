"""Sums of products: convolution forward, its input gradient, and the dense layer both ways.

The plain loop nest, for each of the lanes' images::

    for unit:
        for row, column:
            sum = bias[unit]
            for step of the reduction:
                sum += input[row, column, step] * weight[unit, step]
            output[row, column, unit] = sum

Rows and columns are those of the output image; for a dense layer the columns are groups of images. The reduction is
itself a nest of loops, each of which moves on in the inputs and in the weights by fixed steps; channels-last images
make kernel columns and channels one such loop.

Blocked: a block of ``units x columns`` sums stays in registers over the whole reduction. A step loads one vector of
inputs for each column and one weight for each unit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scribal.engine import llvm as ir
from scribal.engine.blocks import even_runs
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.occupied import list_item, list_length

__all__ = ["Block", "Output", "Product", "Reduction", "emit_block", "emit_product", "start_sums"]

# A loop of so few steps costs more to turn than to write out.
_UNROLLED = 6


@dataclass(frozen=True)
class Reduction:
    """One loop of the sum: how often it turns, and its steps in the inputs (vectors) and in the weights (floats)."""

    count: int
    input_step: int
    weight_step: int


@dataclass(frozen=True)
class Output:
    """The output image: rows and columns, and for each of them the step in the inputs and in the outputs (vectors)."""

    rows: int
    columns: int
    input_row_step: int
    input_column_step: int
    output_row_step: int
    output_column_step: int


@dataclass(frozen=True)
class Product:
    """A kernel's loop nest.

    Attributes:
        units: Output channels.
        block: Units in registers at a time; divides ``units``.
        block_step: Step in the weights (floats) from a block of units to the next.
        unit_step: Step in the weights (floats) from a unit to the next in a block.
        first_weight: Where the reduction starts in the weights.
        reductions: Loops of the sum, outermost first; the last is unrolled if it is short.
        output: Where inputs are read and outputs written.
    """

    units: int
    block: int
    block_step: int
    unit_step: int
    first_weight: int
    reductions: tuple[Reduction, ...]
    output: Output


@dataclass(frozen=True)
class Block:
    """Sums that stay in registers together: some places of the image times some units.

    Attributes:
        reductions: Loops of the sum, outermost first.
        places: Where each place's inputs start (vectors).
        units: Where each unit's weights start (floats).
    """

    reductions: Sequence[Reduction]
    places: Sequence[int]
    units: Sequence[int]


def emit_product(
    code: Code,
    product: Product,
    inputs: ir.Value,
    weights: ir.Value,
    outputs: ir.Value,
    bias: ir.Value | None = None,
    finish: Callable[[ir.Value], ir.Value] = lambda value: value,
    occupied: ir.Value | None = None,
) -> None:
    """Write the blocked loop nest.

    Args:
        code: Where to.
        product: The loop nest.
        inputs: First vector of the inputs.
        weights: The weights.
        outputs: First vector of the outputs.
        bias: A number for each unit, or nothing.
        finish: Applied to each sum before it is stored.
        occupied: For a sum of a single loop, the list of its steps whose inputs are not all zero; or nothing.
    """
    out = product.output
    with code.loop(product.units // product.block) as unit_blocks, code.loop(out.rows) as rows:
        first_unit = code.times(unit_blocks.index, product.block)
        block_weights = code.at(
            weights, code.add(code.times(unit_blocks.index, product.block_step), product.first_weight)
        )
        row_inputs = code.vector_at(inputs, code.times(rows.index, out.input_row_step))
        row_outputs = code.vector_at(outputs, code.add(code.times(rows.index, out.output_row_step), first_unit))
        start = start_sums(code, bias, first_unit, product.block)
        done = 0
        for columns, blocks in even_runs(out.columns, product.block, code.target):
            with code.loop(blocks) as column_blocks:
                column = code.add(code.times(column_blocks.index, columns), done)
                block_inputs = code.vector_at(row_inputs, code.times(column, out.input_column_step))
                block_outputs = code.vector_at(row_outputs, code.times(column, out.output_column_step))
                offsets = [number * out.input_column_step for number in range(columns)]
                block = Block(
                    product.reductions, offsets, [number * product.unit_step for number in range(product.block)]
                )
                sums = [value for _ in range(columns) for value in start]
                if occupied is None:
                    sums = emit_block(code, block, block_inputs, block_weights, sums)
                else:
                    sums = _emit_occupied(code, block, occupied, block_inputs, block_weights, sums)
                for place, value in enumerate(sums):
                    step = place // product.block * out.output_column_step + place % product.block
                    code.store(finish(value), block_outputs, step)
            done += columns * blocks


def start_sums(code: Code, bias: ir.Value | None, first: Index, units: int) -> list[ir.Value]:
    """What the sums of ``units`` units from the ``first`` on start from: their biases, or zeros without any."""
    return [code.splat(0.0 if bias is None else code.load_number(bias, code.add(first, unit))) for unit in range(units)]


def emit_block(code: Code, block: Block, inputs: ir.Value, weights: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
    """Write the sum of one block.

    Args:
        code: Where to.
        block: What is summed.
        inputs: Where the reduction starts in the inputs.
        weights: Where it starts in the weights.
        sums: What to start from, place by place.

    Returns:
        The new sums, place by place.
    """
    if not block.reductions:
        return _multiply_add(code, block, inputs, weights, sums)
    loop, *others = block.reductions
    inner = replace(block, reductions=others)
    if not others and loop.count <= _UNROLLED:
        for turn in range(loop.count):
            at_inputs = code.vector_at(inputs, turn * loop.input_step)
            sums = _multiply_add(code, inner, at_inputs, code.at(weights, turn * loop.weight_step), sums)
        return sums
    with code.loop(loop.count, sums) as turns:
        at_inputs = code.vector_at(inputs, code.times(turns.index, loop.input_step))
        at_weights = code.at(weights, code.times(turns.index, loop.weight_step))
        turns.carry(emit_block(code, inner, at_inputs, at_weights, turns.values))
    return turns.values


def _emit_occupied(
    code: Code, block: Block, occupied: ir.Value, inputs: ir.Value, weights: ir.Value, sums: list[ir.Value]
) -> list[ir.Value]:
    """Write the sum of one block over the steps of a list."""
    (reduction,) = block.reductions
    with code.loop(list_length(code, occupied), sums, perhaps_never=True) as turns:
        step = list_item(code, occupied, turns.index)
        at_inputs = code.vector_at(inputs, code.times(step, reduction.input_step))
        at_weights = code.at(weights, code.times(step, reduction.weight_step))
        turns.carry(_multiply_add(code, block, at_inputs, at_weights, turns.values))
    return turns.values


def _multiply_add(
    code: Code, block: Block, inputs: ir.Value, weights: ir.Value, sums: list[ir.Value]
) -> list[ir.Value]:
    """One step: every place's inputs times every unit's weight."""
    vectors = [code.load(inputs, offset) for offset in block.places]
    numbers = [code.splat(code.load_number(weights, offset)) for offset in block.units]
    products = [(vector, number) for vector in vectors for number in numbers]
    return [code.fma(vector, number, total) for (vector, number), total in zip(products, sums, strict=True)]

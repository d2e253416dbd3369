"""Weight gradients: for each weight, the sum of every product of input and output gradient it stood between.

The plain loop nest, for each of the lanes' images, then summed over the lanes::

    for unit:
        for tap, step:
            for row, column:
                gradient[unit, tap, step] += input[row, column, tap, step] * output_gradient[row, column, unit]

Blocked: a block of ``units x steps`` sums stays in registers over all rows and columns, and is summed over the
lanes once, at the end. For dense layers the rows are groups of images, so that the sum runs over the whole batch.
"""

from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.blocks import even_runs
from scribal.engine.ir import INT32, Code, Index
from scribal.engine.kernels.occupied import list_item, list_length

__all__ = ["WeightGradient", "emit_bias_gradient", "emit_weight_gradient"]


@dataclass(frozen=True)
class WeightGradient:
    """A kernel's loop nest. Steps are counted in vectors, those in the weights in floats.

    Attributes:
        block: Units in registers at a time.
        block_step: Step in the weights from a block of units to the next.
        taps: Loops over the kernel's taps that are not contiguous, as ``(count, step in the inputs)``.
        steps: Contiguous inputs under each of these taps.
        input_steps: Steps in the inputs from an output row to the next, and from an output column to the next.
        gradient_steps: The same in the output gradient.
    """

    block: int
    block_step: int
    taps: tuple[tuple[int, int], ...]
    steps: int
    input_steps: tuple[int, int]
    gradient_steps: tuple[int, int]


def emit_weight_gradient(
    code: Code,
    nest: WeightGradient,
    unit_block: Index,
    size: tuple[Index, int],
    inputs: ir.Value,
    gradient: ir.Value,
    result: ir.Value,
    occupied: tuple[ir.Value, int] | None = None,
) -> None:
    """Write the nest for one block of units.

    Args:
        code: Where to.
        nest: The loop nest.
        unit_block: Which block of units.
        size: Rows and columns to sum over, at least one of each.
        inputs: First vector of the inputs.
        gradient: First vector of the output gradient.
        result: The weights' gradient.
        occupied: For each block of inputs, the list of rows in which they are not all zero; and the room for a list.
    """
    block_gradient = code.vector_at(gradient, code.times(unit_block, nest.block))
    block_result = code.at(result, code.times(unit_block, nest.block_step))
    with code.grid(*(count for count, _ in nest.taps)) as taps:
        tap_inputs = inputs
        tap_number: Index = 0
        for tap, (count, step) in zip(taps, nest.taps, strict=True):
            tap_inputs = code.vector_at(tap_inputs, code.times(tap, step))
            tap_number = code.add(code.times(tap_number, count), tap)
        tap_result = code.at(block_result, code.times(tap_number, nest.steps * nest.block))
        done, blocks_done = 0, 0
        for steps, blocks in even_runs(nest.steps, nest.block, code.target):
            with code.loop(blocks) as step_blocks:
                first = code.add(code.times(step_blocks.index, steps), done)
                rows = None
                if occupied is not None:
                    number = code.add(step_blocks.index, blocks_done)
                    rows = code.at(occupied[0], code.times(number, occupied[1]), INT32)
                at_inputs = code.vector_at(tap_inputs, first)
                sums = _sum_products(code, nest, size, at_inputs, block_gradient, steps, rows)
                _store_lane_sums(code, sums, code.at(tap_result, code.times(first, nest.block)))
            done, blocks_done = done + steps * blocks, blocks_done + blocks


def emit_bias_gradient(
    code: Code, nest: WeightGradient, unit_block: Index, size: tuple[Index, int], gradient: ir.Value, result: ir.Value
) -> None:
    """Write the sum of the output gradient for one block of units; arguments as in ``emit_weight_gradient``."""
    block_gradient = code.vector_at(gradient, code.times(unit_block, nest.block))
    sums = [code.splat(0.0)] * nest.block
    with code.loop(size[0], sums) as rows:
        with code.loop(size[1], rows.values) as columns:
            at_gradient = _at_pixel(code, block_gradient, nest.gradient_steps, rows.index, columns.index)
            columns.carry(
                [code.builder.fadd(value, code.load(at_gradient, unit)) for unit, value in enumerate(columns.values)]
            )
        rows.carry(columns.values)
    _store_lane_sums(code, rows.values, code.at(result, code.times(unit_block, nest.block)))


def _sum_products(
    code: Code,
    nest: WeightGradient,
    size: tuple[Index, int],
    inputs: ir.Value,
    gradient: ir.Value,
    steps: int,
    occupied: ir.Value | None,
) -> list[ir.Value]:
    """Sum ``steps x units`` products over all rows, or those of a list, and all columns; step by step."""
    count = size[0] if occupied is None else list_length(code, occupied)
    zeros = [code.splat(0.0)] * (steps * nest.block)
    with code.loop(count, zeros, perhaps_never=occupied is not None) as rows:
        row = rows.index if occupied is None else list_item(code, occupied, rows.index)
        with code.loop(size[1], rows.values) as columns:
            at_inputs = _at_pixel(code, inputs, nest.input_steps, row, columns.index)
            at_gradient = _at_pixel(code, gradient, nest.gradient_steps, row, columns.index)
            gradients = [code.load(at_gradient, unit) for unit in range(nest.block)]
            sums = columns.values
            for step in range(steps):
                vector = code.load(at_inputs, step)
                for unit in range(nest.block):
                    place = step * nest.block + unit
                    sums = [*sums[:place], code.fma(vector, gradients[unit], sums[place]), *sums[place + 1 :]]
            columns.carry(sums)
        rows.carry(columns.values)
    return rows.values


def _at_pixel(code: Code, base: ir.Value, steps: tuple[int, int], row: Index, column: Index) -> ir.Value:
    return code.vector_at(base, code.add(code.times(row, steps[0]), code.times(column, steps[1])))


def _store_lane_sums(code: Code, sums: list[ir.Value], result: ir.Value) -> None:
    for first in range(0, len(sums), code.target.lanes):
        code.store_unaligned(code.lane_sums(sums[first : first + code.target.lanes]), result, first)

"""Sums over a run of numbers, always in the same order."""

from collections.abc import Callable

from scribal.engine import llvm as ir
from scribal.engine.ir import FLOAT, INT32, Code, Index

__all__ = ["emit_number_sum", "emit_run_sum"]


def emit_run_sum(code: Code, first: Index, count: int, value: Callable[[Index, ir.Type], ir.Value]) -> ir.Value:
    """Write the sum of values at the places ``first`` to ``first + count``.

    Args:
        code: Where to.
        first: First place.
        count: How many, a multiple of the lanes or not.
        value: Writes the value at a place, as a vector or a number.
    """
    lanes = code.target.lanes
    whole, rest = divmod(count, lanes)
    total = FLOAT(0)
    if whole:
        with code.loop(whole, [code.splat(0.0)]) as loop:
            place = code.add(first, code.times(loop.index, lanes))
            loop.carry([code.builder.fadd(loop.values[0], value(place, code.vector_type))])
        total = code.builder.extract_element(code.lane_sums(loop.values), INT32(0))
    if rest:
        with code.loop(rest, [total]) as loop:
            place = code.add(first, code.add(loop.index, whole * lanes))
            loop.carry([code.builder.fadd(loop.values[0], value(place, FLOAT))])
        total = loop.values[0]
    return total


def emit_number_sum(code: Code, numbers: ir.Value, count: int) -> ir.Value:
    """Write the sum of an array of ``count`` numbers."""
    return emit_run_sum(code, 0, count, lambda place, kind: code.load_unaligned(numbers, place, kind))

"""Penalties on weights and their slopes.

Formulas are those of ``scribal.engine.regularizer``.
"""

from scribal.engine import llvm as ir
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.run_sum import emit_run_sum
from scribal.engine.regularizer import Regularizer

__all__ = ["emit_penalty", "emit_slope"]


def emit_penalty(code: Code, regularizer: Regularizer, weights: ir.Value, first: Index, count: int) -> ir.Value:
    """Write the penalty on ``count`` weights from the ``first`` on."""

    def penalty(place: Index, kind: ir.Type) -> ir.Value:
        weight = code.load_unaligned(weights, place, kind)
        size = code.intrinsic("llvm.fabs", kind, weight)
        # l1 * |w| + l2 * w ** 2
        factor = code.fma(size, _number(code, regularizer.l2, kind), _number(code, regularizer.l1, kind))
        return code.builder.fmul(size, factor)

    return emit_run_sum(code, first, count, penalty)


def emit_slope(code: Code, regularizer: Regularizer, weight: ir.Value) -> ir.Value:
    """Write the slope of the penalty at a vector of weights, or at one."""
    builder, kind = code.builder, weight.type
    slope = _number(code, 2 * regularizer.l2, kind)
    if not regularizer.l1:
        return builder.fmul(weight, slope)
    up, down = (_number(code, sign * regularizer.l1, kind) for sign in (1, -1))
    is_negative = builder.fcmp_ordered("<", weight, _number(code, 0.0, kind))
    return code.fma(weight, slope, builder.select(is_negative, down, up))


def _number(code: Code, value: float, kind: ir.Type) -> ir.Value:
    return code.splat(value) if kind == code.vector_type else kind(value)

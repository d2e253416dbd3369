"""exp, log and the error function of vectors, to within a few units in the last place of float32.

exp and log reduce the argument to a small interval and sum a power series there (J.-M. Muller, "Elementary
Functions", 3rd edition, chapters 3 and 11); the series are cut where their next term is below the rounding.
"""

from functools import cache
from math import erfc as exact_erfc
from math import exp as exact_exp
from math import factorial, log, log2

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from scribal.engine import llvm as ir
from scribal.engine.ir import INT32, Code

__all__ = ["erfc", "exp", "log_of_positive", "sigmoid", "softplus"]

_MANTISSA_BITS = 23
_EXPONENT_BIAS = 127
# ln 2 in two parts; the first has so few bits that its product with an exponent is exact.
_LN2_HIGH = 0.693359375
_LN2_LOW = log(2) - _LN2_HIGH
# Beyond, exp is zero, or infinity, in float32.
_LEAST, _MOST = -87.33654, 88.72283
_SQRT_HALF_BITS = 0x3F3504F3
# erfc(x) exp(x * x) is smooth in t = (x - c) / (x + c), which maps 0..infinity to -1..1. Beyond 10.1, erfc is zero in
# float32.
_ERFC_CENTER = 2.0
_ERFC_END = 10.1
_ERFC_DEGREE = 12
# Leaves 12 bits of a mantissa.
_FEW_BITS = -(2**12)


def exp(code: Code, x: ir.Value) -> ir.Value:
    """``e ** x`` for each lane: ``x = n ln 2 + r``, a series for r, and n added to the exponent."""
    builder = code.builder
    # Clamped from below by comparison, so that NaN passes.
    clamped = builder.select(builder.fcmp_ordered("<", x, code.splat(_LEAST)), code.splat(_LEAST), x)
    clamped = builder.select(builder.fcmp_ordered(">", clamped, code.splat(_MOST)), code.splat(_MOST), clamped)
    # Next to this number floats lie one apart: adding it rounds, on every processor alike.
    rounder = code.splat(1.5 * 2**_MANTISSA_BITS)
    turns = builder.fsub(code.fma(clamped, code.splat(log2(2.718281828459045)), rounder), rounder)
    rest = code.fma(turns, code.splat(-_LN2_HIGH), clamped)
    rest = code.fma(turns, code.splat(-_LN2_LOW), rest)
    series = code.splat(1 / factorial(7))
    for power in range(6, -1, -1):
        series = code.fma(series, rest, code.splat(1 / factorial(power)))
    # 2 ** 128 has no exponent of its own: half of it is put in twice.
    whole = _to_integer(code, turns)
    half = builder.ashr(whole, code.splat_integer(1))
    return builder.fmul(builder.fmul(series, _power_of_two(code, half)), _power_of_two(code, builder.sub(whole, half)))


def log_of_positive(code: Code, x: ir.Value) -> ir.Value:
    """Natural logarithm of positive, normal numbers: ``x = m 2 ** n``, and a series in ``(m - 1) / (m + 1)``."""
    builder = code.builder
    bits = builder.bitcast(x, code.integers_type)
    # n is chosen so that m lies between the square roots of one half and of two.
    exponent = builder.ashr(builder.sub(bits, code.splat_integer(_SQRT_HALF_BITS)), code.splat_integer(_MANTISSA_BITS))
    shifted = builder.sub(bits, builder.shl(exponent, code.splat_integer(_MANTISSA_BITS)))
    mantissa = builder.bitcast(shifted, code.vector_type)
    one = code.splat(1.0)
    ratio = builder.fdiv(builder.fsub(mantissa, one), builder.fadd(mantissa, one))
    turns = builder.sitofp(exponent, code.vector_type)
    return code.fma(turns, code.splat(log(2)), _log_of_ratio(code, ratio))


def sigmoid(code: Code, x: ir.Value) -> ir.Value:
    """``1 / (1 + exp(-x))``."""
    one = code.splat(1.0)
    return code.builder.fdiv(one, code.builder.fadd(one, exp(code, code.builder.fneg(x))))


def softplus(code: Code, x: ir.Value) -> ir.Value:
    """``log(1 + exp(x))``, without overflow: ``max(x, 0) + log(1 + exp(-abs(x)))``."""
    builder, zero = code.builder, code.splat(0.0)
    size = code.intrinsic("llvm.fabs", code.vector_type, x)
    small = exp(code, builder.fneg(size))
    # Added to one, a small number would lose its digits.
    ratio = builder.fdiv(small, builder.fadd(small, code.splat(2.0)))
    near = _log_of_ratio(code, ratio)
    far = log_of_positive(code, builder.fadd(code.splat(1.0), small))
    rest = builder.select(builder.fcmp_ordered("<", small, code.splat(0.25)), near, far)
    return builder.fadd(builder.select(builder.fcmp_ordered("<", x, zero), zero, x), rest)


def erfc(code: Code, x: ir.Value) -> ir.Value:
    """The complementary error function: ``exp(-x * x)`` times a polynomial, and 2 minus it below zero.

    The polynomial interpolates in Chebyshev points (L. N. Trefethen, "Approximation Theory and Approximation
    Practice", 2013, chapters 2 and 8), in a variable after M. M. Shepherd, J. G. Laframboise, Math. Comp. 36 (1981).
    """
    builder = code.builder
    size = code.intrinsic("llvm.fabs", code.vector_type, x)
    end = code.splat(_ERFC_END)
    size = builder.select(builder.fcmp_ordered(">", size, end), end, size)
    center = code.splat(_ERFC_CENTER)
    t = builder.fdiv(builder.fsub(size, center), builder.fadd(size, center))
    first, *others = _erfc_coefficients()
    series = code.splat(first)
    for coefficient in others:
        series = code.fma(series, t, code.splat(coefficient))
    # exp would turn the rounding of a large square into a large error. Of a number with few bits the square is exact.
    high = builder.bitcast(size, code.integers_type)
    high = builder.bitcast(builder.and_(high, code.splat_integer(_FEW_BITS)), code.vector_type)
    rest = builder.fmul(builder.fsub(high, size), builder.fadd(high, size))
    power = builder.fmul(exp(code, builder.fneg(builder.fmul(high, high))), exp(code, rest))
    value = builder.fmul(power, series)
    below = builder.fcmp_ordered("<", x, code.splat(0.0))
    return builder.select(below, builder.fsub(code.splat(2.0), value), value)


@cache
def _erfc_coefficients() -> tuple[float, ...]:
    """Coefficients of ``erfc(x) exp(x * x)`` as a polynomial in t, that of the highest power first."""
    end = (_ERFC_END - _ERFC_CENTER) / (_ERFC_END + _ERFC_CENTER)

    def scaled(t: np.ndarray) -> np.ndarray:
        points = _ERFC_CENTER * (1 + t) / (1 - t)
        return np.array([exact_erfc(point) * exact_exp(point * point) for point in points])

    interpolated = Chebyshev.interpolate(scaled, _ERFC_DEGREE, domain=[-1, end])
    return tuple(float(number) for number in reversed(interpolated.convert(kind=Polynomial, domain=[-1, 1]).coef))


def _log_of_ratio(code: Code, ratio: ir.Value) -> ir.Value:
    """``log((1 + ratio) / (1 - ratio))`` for ratios of at most a sixth or so, to each side."""
    square = code.builder.fmul(ratio, ratio)
    series = code.splat(2 / 9)
    for power in (7, 5, 3, 1):
        series = code.fma(series, square, code.splat(2 / power))
    return code.builder.fmul(series, ratio)


def _to_integer(code: Code, x: ir.Value) -> ir.Value:
    # NaN has no integer; it goes through the series instead.
    finite = code.builder.select(code.builder.fcmp_ordered("ord", x, x), x, code.splat(0.0))
    return code.builder.fptosi(finite, code.integers_type)


def _power_of_two(code: Code, exponent: ir.Value) -> ir.Value:
    biased = code.builder.add(exponent, code.splat_integer(_EXPONENT_BIAS))
    bits = code.builder.shl(biased, ir.VectorType(INT32, code.target.lanes)([_MANTISSA_BITS] * code.target.lanes))
    return code.builder.bitcast(bits, code.vector_type)

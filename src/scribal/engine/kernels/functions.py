"""exp and log of vectors, to within two units in the last place of float32.

Both reduce the argument to a small interval and sum a power series there (J.-M. Muller, "Elementary Functions", 3rd
edition, chapters 3 and 11); the series are cut where their next term is below the rounding.
"""

from math import factorial, log, log2

from llvmlite import ir

from scribal.engine.ir import INT32, Code

__all__ = ["exp", "log_of_positive", "sigmoid"]

_MANTISSA_BITS = 23
_EXPONENT_BIAS = 127
# ln 2 in two parts; the first has so few bits that its product with an exponent is exact.
_LN2_HIGH = 0.693359375
_LN2_LOW = log(2) - _LN2_HIGH
# Beyond, exp is zero, or infinity, in float32.
_LEAST, _MOST = -87.33654, 88.72283
_SQRT_HALF_BITS = 0x3F3504F3


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
    square = builder.fmul(ratio, ratio)
    series = code.splat(2 / 9)
    for power in (7, 5, 3, 1):
        series = code.fma(series, square, code.splat(2 / power))
    turns = builder.sitofp(exponent, code.vector_type)
    return code.fma(turns, code.splat(log(2)), builder.fmul(series, ratio))


def sigmoid(code: Code, x: ir.Value) -> ir.Value:
    """``1 / (1 + exp(-x))``."""
    one = code.splat(1.0)
    return code.builder.fdiv(one, code.builder.fadd(one, exp(code, code.builder.fneg(x))))


def _to_integer(code: Code, x: ir.Value) -> ir.Value:
    # NaN has no integer; it goes through the series instead.
    finite = code.builder.select(code.builder.fcmp_ordered("ord", x, x), x, code.splat(0.0))
    return code.builder.fptosi(finite, code.integers_type)


def _power_of_two(code: Code, exponent: ir.Value) -> ir.Value:
    biased = code.builder.add(exponent, code.splat_integer(_EXPONENT_BIAS))
    bits = code.builder.shl(biased, ir.VectorType(INT32, code.target.lanes)([_MANTISSA_BITS] * code.target.lanes))
    return code.builder.bitcast(bits, code.vector_type)

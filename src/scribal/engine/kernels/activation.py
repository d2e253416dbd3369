"""Activations, in place, forward and backward.

Backward reads the activation's output only, so that the inputs need not be kept: every slope here can be told from it.
"""

from collections.abc import Callable
from math import factorial
from typing import Final

from llvmlite import ir

from scribal.engine.ir import Code
from scribal.engine.kernels.functions import exp, sigmoid
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout
from scribal.engine.operations import Activation, Rescaling

__all__ = [
    "POINTWISE",
    "SIGN_KEEPING",
    "emit_activation",
    "emit_activation_backward",
    "emit_rescaling",
    "emit_softmax",
    "emit_softmax_backward",
    "relu",
]

# Of these the slope is still known after dropout has zeroed or scaled the output.
SIGN_KEEPING = ("relu", "leaky_relu", "linear")


def relu(code: Code, x: ir.Value) -> ir.Value:
    """``max(x, 0)``."""
    # Not "x > 0 ? x : 0", which would turn NaN into zero.
    return code.builder.select(code.builder.fcmp_ordered("<", x, code.splat(0.0)), code.splat(0.0), x)


def _relu_slope(code: Code, y: ir.Value, gradient: ir.Value) -> ir.Value:
    return code.builder.select(code.builder.fcmp_ordered(">", y, code.splat(0.0)), gradient, code.splat(0.0))


def _tanh(code: Code, x: ir.Value) -> ir.Value:
    # 2 sigmoid(2x) - 1 = (1 - e) / (1 + e) with e = exp(-2|x|), and the sign put back. Near zero the difference 1 -
    # e would lose digits; there the series of tanh is exact to rounding.
    builder = code.builder
    size = code.intrinsic("llvm.fabs", code.vector_type, x)
    small = exp(code, builder.fmul(size, code.splat(-2.0)))
    one = code.splat(1.0)
    far = builder.fdiv(builder.fsub(one, small), builder.fadd(one, small))
    square = builder.fmul(x, x)
    series = code.splat(-17 / 315)
    for coefficient in (2 / 15, -1 / 3):
        series = code.fma(series, square, code.splat(coefficient))
    near = code.fma(builder.fmul(series, square), size, size)
    value = builder.select(builder.fcmp_ordered("<", size, code.splat(0.125)), near, far)
    return code.intrinsic("llvm.copysign", code.vector_type, value, x)


def _tanh_slope(code: Code, y: ir.Value, gradient: ir.Value) -> ir.Value:
    return code.builder.fmul(gradient, code.fma(code.builder.fneg(y), y, code.splat(1.0)))


def _sigmoid_slope(code: Code, y: ir.Value, gradient: ir.Value) -> ir.Value:
    slope = code.builder.fmul(y, code.builder.fsub(code.splat(1.0), y))
    return code.builder.fmul(gradient, slope)


def _leaky_relu(code: Code, x: ir.Value, alpha: float) -> ir.Value:
    low = code.builder.fcmp_ordered("<", x, code.splat(0.0))
    return code.builder.select(low, code.builder.fmul(x, code.splat(alpha)), x)


def _leaky_relu_slope(code: Code, y: ir.Value, gradient: ir.Value, alpha: float) -> ir.Value:
    low = code.builder.fcmp_ordered("<", y, code.splat(0.0))
    return code.builder.select(low, code.builder.fmul(gradient, code.splat(alpha)), gradient)


def _elu(code: Code, x: ir.Value, alpha: float) -> ir.Value:
    builder = code.builder
    # exp(x) - 1 would lose digits near zero; there its series is exact to rounding.
    far = builder.fsub(exp(code, x), code.splat(1.0))
    series = code.splat(1 / factorial(7))
    for power in range(6, 0, -1):
        series = code.fma(series, x, code.splat(1 / factorial(power)))
    near = builder.fcmp_ordered(">", x, code.splat(-0.25))
    below = builder.fmul(builder.select(near, builder.fmul(series, x), far), code.splat(alpha))
    return builder.select(builder.fcmp_ordered("<", x, code.splat(0.0)), below, x)


def _elu_slope(code: Code, y: ir.Value, gradient: ir.Value, alpha: float) -> ir.Value:
    slope = code.builder.fmul(gradient, code.builder.fadd(y, code.splat(alpha)))
    return code.builder.select(code.builder.fcmp_ordered("<=", y, code.splat(0.0)), slope, gradient)


Forward = Callable[[Code, ir.Value, float], ir.Value]
Backward = Callable[[Code, ir.Value, ir.Value, float], ir.Value]

POINTWISE: Final[dict[str, tuple[Forward, Backward]]] = {
    "linear": (lambda _code, x, _alpha: x, lambda _code, _y, gradient, _alpha: gradient),
    "relu": (lambda code, x, _: relu(code, x), lambda code, y, gradient, _: _relu_slope(code, y, gradient)),
    "leaky_relu": (_leaky_relu, _leaky_relu_slope),
    "elu": (_elu, _elu_slope),
    "tanh": (lambda code, x, _: _tanh(code, x), lambda code, y, gradient, _: _tanh_slope(code, y, gradient)),
    "sigmoid": (lambda code, x, _: sigmoid(code, x), lambda code, y, gradient, _: _sigmoid_slope(code, y, gradient)),
}


def emit_activation(code: Code, activation: Activation, layout: Layout, values: ir.Value) -> None:
    """Replace every value by its activation."""
    forward, _ = POINTWISE[activation.name]
    with code.grid(*layout.shape) as place:
        where = position(code, layout, place)
        code.store(forward(code, code.load(values, where), activation.alpha), values, where)


def emit_activation_backward(
    code: Code, activation: Activation, layouts: tuple[Layout, Layout], values: ir.Value, gradients: ir.Value
) -> None:
    """Multiply every gradient by the slope at its value; ``layouts`` are those of values and gradients."""
    _, backward = POINTWISE[activation.name]
    with code.grid(*layouts[0].shape) as place:
        value = code.load(values, position(code, layouts[0], place))
        where = position(code, layouts[1], place)
        code.store(backward(code, value, code.load(gradients, where), activation.alpha), gradients, where)


def emit_rescaling(code: Code, rescaling: Rescaling, layout: Layout, values: ir.Value) -> None:
    """Replace every value by ``value * scale + offset``; a border stays zero."""
    scale, offset = code.splat(rescaling.scale), code.splat(rescaling.offset)
    with code.grid(*layout.shape) as place:
        where = position(code, layout, place)
        code.store(code.fma(code.load(values, where), scale, offset), values, where)


def emit_softmax(code: Code, classes: int, values: ir.Value) -> None:
    """Replace the classes' values by their probabilities, in each lane."""
    builder = code.builder
    with code.loop(classes, [code.load(values)]) as largest:
        value = code.load(values, largest.index)
        bigger = builder.fcmp_ordered(">", value, largest.values[0])
        largest.carry([builder.select(bigger, value, largest.values[0])])
    with code.loop(classes, [code.splat(0.0)]) as total:
        value = exp(code, builder.fsub(code.load(values, total.index), largest.values[0]))
        code.store(value, values, total.index)
        total.carry([builder.fadd(total.values[0], value)])
    with code.loop(classes) as each:
        code.store(builder.fdiv(code.load(values, each.index), total.values[0]), values, each.index)


def emit_softmax_backward(code: Code, classes: int, values: ir.Value, gradients: ir.Value) -> None:
    """``gradient = y * (gradient - sum(y * gradient))``, in each lane."""
    builder = code.builder
    with code.loop(classes, [code.splat(0.0)]) as mean:
        value, gradient = code.load(values, mean.index), code.load(gradients, mean.index)
        mean.carry([code.fma(value, gradient, mean.values[0])])
    with code.loop(classes) as each:
        gradient = builder.fsub(code.load(gradients, each.index), mean.values[0])
        code.store(builder.fmul(code.load(values, each.index), gradient), gradients, each.index)

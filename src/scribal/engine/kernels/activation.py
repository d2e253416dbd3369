"""Activations, value by value, forward and backward.

Most slopes can be told from the activation's output, so that it works in place and its input need not be kept. The
others are told from the input.
"""

from collections.abc import Callable
from math import factorial, pi, sqrt
from typing import Final

from scribal.engine import llvm as ir
from scribal.engine.ir import Code
from scribal.engine.kernels.functions import erfc, exp, sigmoid, softplus
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout
from scribal.engine.operations import Activation, Rescaling

__all__ = [
    "FUNCTIONS",
    "SIGN_KEEPING",
    "emit_activation",
    "emit_activation_backward",
    "emit_input_slope",
    "emit_outputs",
    "emit_rescaling",
    "emit_rescaling_backward",
    "relu",
    "tells_slope",
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


def _gelu(code: Code, x: ir.Value) -> ir.Value:
    """``x`` times the probability that a normal number is below it (D. Hendrycks, K. Gimpel, arXiv:1606.08415)."""
    return code.builder.fmul(x, _normal_probability(code, x))


def _normal_probability(code: Code, x: ir.Value) -> ir.Value:
    return code.builder.fmul(erfc(code, code.builder.fmul(x, code.splat(-sqrt(0.5)))), code.splat(0.5))


def _gelu_slope(code: Code, x: ir.Value, gradient: ir.Value) -> ir.Value:
    builder = code.builder
    half = builder.fmul(builder.fmul(x, x), code.splat(-0.5))
    density = builder.fmul(exp(code, half), code.splat(1 / sqrt(2 * pi)))
    return builder.fmul(gradient, code.fma(x, density, _normal_probability(code, x)))


def _silu(code: Code, x: ir.Value) -> ir.Value:
    return code.builder.fmul(x, sigmoid(code, x))


def _silu_slope(code: Code, x: ir.Value, gradient: ir.Value) -> ir.Value:
    builder, share = code.builder, sigmoid(code, x)
    rest = builder.fmul(x, builder.fsub(code.splat(1.0), share))
    return builder.fmul(gradient, code.fma(share, rest, share))


def _elu_input_slope(code: Code, x: ir.Value, gradient: ir.Value, alpha: float) -> ir.Value:
    below = code.builder.fmul(gradient, code.builder.fmul(exp(code, x), code.splat(alpha)))
    return code.builder.select(code.builder.fcmp_ordered("<=", x, code.splat(0.0)), below, gradient)


Forward = Callable[[Code, ir.Value, float], ir.Value]
Backward = Callable[[Code, ir.Value, ir.Value, float], ir.Value]

FUNCTIONS: Final[dict[str, Forward]] = {
    "linear": lambda _code, x, _alpha: x,
    "relu": lambda code, x, _: relu(code, x),
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "gelu": lambda code, x, _: _gelu(code, x),
    "silu": lambda code, x, _: _silu(code, x),
    "tanh": lambda code, x, _: _tanh(code, x),
    "sigmoid": lambda code, x, _: sigmoid(code, x),
    "softplus": lambda code, x, _: softplus(code, x),
}

# Gradients times slopes, given the output.
_OUTPUT_SLOPES: Final[dict[str, Backward]] = {
    "linear": lambda _code, _y, gradient, _alpha: gradient,
    "relu": lambda code, y, gradient, _: _relu_slope(code, y, gradient),
    "leaky_relu": _leaky_relu_slope,
    "elu": _elu_slope,
    "tanh": lambda code, y, gradient, _: _tanh_slope(code, y, gradient),
    "sigmoid": lambda code, y, gradient, _: _sigmoid_slope(code, y, gradient),
}

# Gradients times slopes, given the input.
_INPUT_SLOPES: Final[dict[str, Backward]] = {
    "leaky_relu": _leaky_relu_slope,
    "elu": _elu_input_slope,
    "gelu": lambda code, x, gradient, _: _gelu_slope(code, x, gradient),
    "silu": lambda code, x, gradient, _: _silu_slope(code, x, gradient),
    "softplus": lambda code, x, gradient, _: code.builder.fmul(gradient, sigmoid(code, x)),
}


def tells_slope(activation: Activation) -> bool:
    """Whether an activation's slope can be told from its output alone."""
    # With a factor below zero two inputs have the same output; with zero, elu forgets which side it came from.
    folds = activation.name in ("leaky_relu", "elu") and activation.alpha <= 0
    return activation.name == "softmax" or (activation.name in _OUTPUT_SLOPES and not folds)


def emit_activation(code: Code, activation: Activation, layout: Layout, values: ir.Value) -> None:
    """Replace every value by its activation."""
    emit_outputs(code, activation, (layout, layout), values, values)


def emit_outputs(
    code: Code, activation: Activation, layouts: tuple[Layout, Layout], inputs: ir.Value, outputs: ir.Value
) -> None:
    """Write every input's activation to the outputs; ``layouts`` are theirs."""
    forward = FUNCTIONS[activation.name]
    with code.grid(*layouts[0].shape) as place:
        value = code.load(inputs, position(code, layouts[0], place))
        code.store(forward(code, value, activation.alpha), outputs, position(code, layouts[1], place))


def emit_activation_backward(
    code: Code, activation: Activation, layouts: tuple[Layout, Layout], values: ir.Value, gradients: ir.Value
) -> None:
    """Multiply every gradient by the slope at its value; ``layouts`` are those of values and gradients."""
    backward = _OUTPUT_SLOPES[activation.name]
    with code.grid(*layouts[0].shape) as place:
        value = code.load(values, position(code, layouts[0], place))
        where = position(code, layouts[1], place)
        code.store(backward(code, value, code.load(gradients, where), activation.alpha), gradients, where)


def emit_input_slope(
    code: Code,
    activation: Activation,
    layouts: tuple[Layout, Layout, Layout],
    inputs: ir.Value,
    gradients: ir.Value,
    input_gradients: ir.Value,
) -> None:
    """Multiply every gradient by the slope at the activation's input; ``layouts`` are those of the arrays, in order."""
    backward = _INPUT_SLOPES[activation.name]
    with code.grid(*layouts[0].shape) as place:
        value, gradient = (
            code.load(array, position(code, layout, place))
            for array, layout in zip((inputs, gradients), layouts[:2], strict=True)
        )
        where = position(code, layouts[2], place)
        code.store(backward(code, value, gradient, activation.alpha), input_gradients, where)


def emit_rescaling_backward(code: Code, rescaling: Rescaling, layout: Layout, gradients: ir.Value) -> None:
    """Multiply every gradient by the scale."""
    with code.grid(*layout.shape) as place:
        where = position(code, layout, place)
        code.store(code.builder.fmul(code.load(gradients, where), code.splat(rescaling.scale)), gradients, where)


def emit_rescaling(code: Code, rescaling: Rescaling, layout: Layout, values: ir.Value) -> None:
    """Replace every value by ``value * scale + offset``; a border stays zero."""
    scale, offset = code.splat(rescaling.scale), code.splat(rescaling.offset)
    with code.grid(*layout.shape) as place:
        where = position(code, layout, place)
        code.store(code.fma(code.load(values, where), scale, offset), values, where)

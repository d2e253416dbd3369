"""Optimizer steps over a run of weights.

Formulas are those of ``scribal.engine.reference.optimizers``. What changes from step to step but not from weight to
weight, the learning rate with Adam's correction and the factor of the weight decay, is computed beforehand in
Python.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scribal.engine import llvm as ir
from scribal.engine.arrays import Floats
from scribal.engine.ir import Code, Index
from scribal.engine.training import SGD, Adadelta, Adagrad, Adam, Adamax, Optimizer, RMSprop

__all__ = ["SETTINGS", "State", "emit_update", "step_settings"]

# Numbers for each step: learning rate, corrected as the optimizer asks, and what weights are multiplied by first.
SETTINGS = 2

Values = list[ir.Value]
Number = Callable[[float], ir.Value]


def step_settings(optimizer: Optimizer, first: int, count: int) -> Floats:
    """Settings of ``count`` steps from number ``first``, which is 0 at the start of a training.

    Returns:
        ``(count, SETTINGS)``: learning rate, corrected as the optimizer asks, and weight decay's factor.
    """
    one = np.float32(1)
    rate = optimizer.rates(first, count).astype(np.float32)
    shrink = one - np.float32(optimizer.weight_decay or 0.0) * rate
    if isinstance(optimizer, Adam):
        # In float32 like Keras, whose rounding of 1 - beta ** step shows in the fifth digit of the first steps.
        number = np.arange(first + 1, first + count + 1, dtype=np.float32)
        beta_1, beta_2 = np.float32(optimizer.beta_1), np.float32(optimizer.beta_2)
        rate = rate * np.sqrt(one - beta_2**number) / (one - beta_1**number)
    if isinstance(optimizer, Adamax):
        rate = rate / (one - np.float32(optimizer.beta_1) ** np.arange(first + 1, first + count + 1, dtype=np.float32))
    return np.stack([rate, shrink], axis=1)


@dataclass(frozen=True)
class State:
    """Arrays an optimizer reads and writes, each with an element for every weight, and this step's settings."""

    weights: ir.Value
    slots: tuple[ir.Value, ...]
    settings: ir.Value


def emit_update(
    code: Code,
    optimizer: Optimizer,
    state: State,
    first: Index,
    count: int,
    gradient: Callable[[Index, ir.Type], ir.Value],
) -> None:
    """Update the weights ``first`` to ``first + count``.

    Args:
        code: Where to.
        optimizer: Which rule.
        state: The arrays.
        first: First weight.
        count: How many, a multiple of the lanes or not.
        gradient: Reads the gradient at a place, as a vector or a number.
    """
    lanes = code.target.lanes
    whole, rest = divmod(count, lanes)
    rate, shrink = (code.load_number(state.settings, setting) for setting in range(SETTINGS))
    if whole:
        vectors = code.splat(rate), code.splat(shrink)
        with code.loop(whole) as loop:
            place = code.add(first, code.times(loop.index, lanes))
            _step(code, optimizer, state, place, vectors, gradient(place, code.vector_type))
    if rest:
        with code.loop(rest) as loop:
            place = code.add(first, code.add(loop.index, whole * lanes))
            _step(code, optimizer, state, place, (rate, shrink), gradient(place, ir.FloatType()))


def _step(
    code: Code,
    optimizer: Optimizer,
    state: State,
    place: Index,
    settings: tuple[ir.Value, ir.Value],
    gradient: ir.Value,
) -> None:
    """Update one vector of weights, or one weight."""
    builder, kind = code.builder, gradient.type
    rate, shrink = settings

    def number(value: float) -> ir.Value:
        return code.splat(value) if kind == code.vector_type else kind(value)

    weight = code.load_unaligned(state.weights, place, kind)
    if optimizer.weight_decay is not None:
        weight = builder.fmul(weight, shrink)
    if optimizer.clipvalue:
        gradient = _clamp(code, gradient, number(-optimizer.clipvalue), number(optimizer.clipvalue))
    slots = [code.load_unaligned(slot, place, kind) for slot in state.slots]
    step, slots = _step_and_slots(code, optimizer, (rate, gradient), slots, number)
    code.store_unaligned(builder.fsub(weight, step), state.weights, place)
    for value, slot in zip(slots, state.slots, strict=True):
        code.store_unaligned(value, slot, place)


def _step_and_slots(
    code: Code, optimizer: Optimizer, given: tuple[ir.Value, ir.Value], slots: Values, number: Number
) -> tuple[ir.Value, Values]:
    """What to subtract from the weights, and what the slots become; given are the learning rate and the gradient."""
    match optimizer:
        case Adam():
            return _adam(code, optimizer, given, slots, number)
        case Adamax():
            return _adamax(code, optimizer, given, slots, number)
        case RMSprop():
            return _rmsprop(code, optimizer, given, slots, number)
        case Adagrad():
            return _adagrad(code, optimizer, given, slots, number)
        case Adadelta():
            return _adadelta(code, optimizer, given, slots, number)
        case SGD():
            return _sgd(code, optimizer, code.builder.fmul(*given), slots, number)
    raise TypeError(f"optimizer must be one of scribal.engine.training. Received: {optimizer!r}")


def _sgd(code: Code, optimizer: SGD, step: ir.Value, slots: Values, number: Number) -> tuple[ir.Value, Values]:
    if not optimizer.momentum:
        return step, []
    momentum = code.builder.fsub(code.builder.fmul(slots[0], number(optimizer.momentum)), step)
    if optimizer.nesterov:
        return code.builder.fsub(step, code.builder.fmul(momentum, number(optimizer.momentum))), [momentum]
    return code.builder.fneg(momentum), [momentum]


def _adam(
    code: Code, optimizer: Adam, given: tuple[ir.Value, ir.Value], slots: Values, number: Number
) -> tuple[ir.Value, Values]:
    builder, (rate, gradient) = code.builder, given
    mean, square, *largest = slots
    mean = code.fma(builder.fsub(gradient, mean), number(1 - optimizer.beta_1), mean)
    square = code.fma(code.fma(gradient, gradient, builder.fneg(square)), number(1 - optimizer.beta_2), square)
    spread = square
    if optimizer.amsgrad:
        spread = builder.select(builder.fcmp_ordered(">", square, largest[0]), square, largest[0])
        largest = [spread]
    root = code.intrinsic("llvm.sqrt", square.type, spread)
    step = builder.fdiv(builder.fmul(mean, rate), builder.fadd(root, number(optimizer.epsilon)))
    return step, [mean, square, *largest]


def _rmsprop(
    code: Code, optimizer: RMSprop, given: tuple[ir.Value, ir.Value], slots: Values, number: Number
) -> tuple[ir.Value, Values]:
    builder, (rate, gradient) = code.builder, given

    def move(average: ir.Value, value: ir.Value) -> ir.Value:
        return code.fma(value, number(1 - optimizer.rho), builder.fmul(average, number(optimizer.rho)))

    named = dict(zip(optimizer.slots, slots, strict=True))
    named["velocity"] = spread = move(named["velocity"], builder.fmul(gradient, gradient))
    if optimizer.centered:
        named["average_gradient"] = average = move(named["average_gradient"], gradient)
        spread = builder.fsub(spread, builder.fmul(average, average))
    root = code.intrinsic("llvm.sqrt", gradient.type, builder.fadd(spread, number(optimizer.epsilon)))
    step = builder.fdiv(builder.fmul(rate, gradient), root)
    if optimizer.momentum:
        step = named["momentum"] = code.fma(named["momentum"], number(optimizer.momentum), step)
    return step, list(named.values())


def _adagrad(
    code: Code, optimizer: Adagrad, given: tuple[ir.Value, ir.Value], slots: Values, number: Number
) -> tuple[ir.Value, Values]:
    builder, (rate, gradient) = code.builder, given
    total = code.fma(gradient, gradient, slots[0])
    root = code.intrinsic("llvm.sqrt", total.type, builder.fadd(total, number(optimizer.epsilon)))
    return builder.fdiv(builder.fmul(rate, gradient), root), [total]


def _adadelta(
    code: Code, optimizer: Adadelta, given: tuple[ir.Value, ir.Value], slots: Values, number: Number
) -> tuple[ir.Value, Values]:
    builder, (rate, gradient) = code.builder, given
    gradients, steps = slots

    def move(average: ir.Value, value: ir.Value) -> ir.Value:
        square = builder.fmul(value, value)
        return code.fma(square, number(1 - optimizer.rho), builder.fmul(average, number(optimizer.rho)))

    def root(average: ir.Value) -> ir.Value:
        return code.intrinsic("llvm.sqrt", average.type, builder.fadd(average, number(optimizer.epsilon)))

    gradients = move(gradients, gradient)
    step = builder.fdiv(builder.fmul(root(steps), gradient), root(gradients))
    return builder.fmul(rate, step), [gradients, move(steps, step)]


def _adamax(
    code: Code, optimizer: Adamax, given: tuple[ir.Value, ir.Value], slots: Values, number: Number
) -> tuple[ir.Value, Values]:
    builder, (rate, gradient) = code.builder, given
    mean, norm = slots
    mean = code.fma(builder.fsub(gradient, mean), number(1 - optimizer.beta_1), mean)
    faded = builder.fmul(norm, number(optimizer.beta_2))
    size = code.intrinsic("llvm.fabs", gradient.type, gradient)
    norm = builder.select(builder.fcmp_ordered(">", size, faded), size, faded)
    step = builder.fdiv(builder.fmul(rate, mean), builder.fadd(norm, number(optimizer.epsilon)))
    return step, [mean, norm]


def _clamp(code: Code, value: ir.Value, least: ir.Value, most: ir.Value) -> ir.Value:
    value = code.builder.select(code.builder.fcmp_ordered("<", value, least), least, value)
    return code.builder.select(code.builder.fcmp_ordered(">", value, most), most, value)

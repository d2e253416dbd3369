"""Optimizer steps over a run of weights.

Formulas are those of ``scribal.engine.reference.optimizers``. What changes from step to step but not from weight to
weight, the learning rate with Adam's correction and the factor of the weight decay, is computed beforehand in
Python.
"""

from collections.abc import Callable
from dataclasses import dataclass

from llvmlite import ir

from scribal.engine.ir import Code, Index
from scribal.engine.training import SGD, Adam, Optimizer

__all__ = ["SETTINGS", "State", "emit_update"]

# Numbers for each step: learning rate, corrected as the optimizer asks, and what weights are multiplied by first.
SETTINGS = 2


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
    slots = [code.load_unaligned(slot, place, kind) for slot in state.slots]
    match optimizer:
        case SGD(momentum=0.0):
            weight = builder.fsub(weight, builder.fmul(rate, gradient))
        case SGD():
            step = builder.fmul(rate, gradient)
            slots = [builder.fsub(builder.fmul(slots[0], number(optimizer.momentum)), step)]
            move = slots[0]
            if optimizer.nesterov:
                move = builder.fsub(builder.fmul(slots[0], number(optimizer.momentum)), step)
            weight = builder.fadd(weight, move)
        case Adam():
            mean, square = slots
            mean = code.fma(builder.fsub(gradient, mean), number(1 - optimizer.beta_1), mean)
            square = code.fma(code.fma(gradient, gradient, builder.fneg(square)), number(1 - optimizer.beta_2), square)
            root = code.intrinsic("llvm.sqrt", kind, square)
            step = builder.fdiv(builder.fmul(mean, rate), builder.fadd(root, number(optimizer.epsilon)))
            weight, slots = builder.fsub(weight, step), [mean, square]
    code.store_unaligned(weight, state.weights, place)
    for value, slot in zip(slots, state.slots, strict=True):
        code.store_unaligned(value, slot, place)

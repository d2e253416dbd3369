"""Dropout with a counter-based generator: Threefry-2x32 in every lane (see ``scribal.engine.threefry``).

The counter is (sample in the batch, element in the sample), so the same elements are dropped however work is divided.
"""

from scribal.engine import llvm as ir
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout
from scribal.engine.threefry import PARITY, ROTATIONS, dropout_threshold

__all__ = ["emit_dropout", "emit_dropout_backward"]


def emit_dropout(
    code: Code,
    rate: float,
    layout: Layout,
    key: tuple[ir.Value, ir.Value],
    first_sample: Index,
    values: ir.Value,
    masks: ir.Value,
) -> None:
    """Zero or scale every value in place, and keep the factors for the way back.

    Args:
        code: Where to.
        rate: Share of values to zero.
        layout: Of the values.
        key: Two int32, the key of this layer in this step.
        first_sample: Number, in the batch, of the sample in lane 0.
        values: Beginning of the layout.
        masks: Receives 0 or ``1 / (1 - rate)`` for each value, without gaps.
    """
    builder = code.builder
    first = builder.trunc(code.index(first_sample), ir.IntType(32))
    samples = builder.add(code.splat_integer(first), code.lane_numbers())
    keys = [code.splat_integer(word) for word in key]
    _, columns, channels = layout.shape
    with code.grid(*layout.shape) as place:
        row, column, channel = place
        pixel = code.add(code.times(row, columns), column)
        element = code.add(code.times(pixel, channels), channel)
        number = code.splat_integer(builder.trunc(code.index(element), ir.IntType(32)))
        bits = _threefry(code, keys, samples, number)
        keep = builder.icmp_unsigned(">=", bits, code.splat_integer(dropout_threshold(rate)))
        factor = builder.select(keep, code.splat(1 / (1 - rate)), code.splat(0.0))
        where = position(code, layout, place)
        code.store(factor, masks, element)
        code.store(builder.fmul(code.load(values, where), factor), values, where)


def emit_dropout_backward(code: Code, layout: Layout, masks: ir.Value, gradients: ir.Value) -> None:
    """Multiply every gradient, in place, by the factor its value was multiplied by."""
    _, columns, channels = layout.shape
    with code.grid(*layout.shape) as place:
        row, column, channel = place
        element = code.add(code.times(code.add(code.times(row, columns), column), channels), channel)
        where = position(code, layout, place)
        code.store(code.builder.fmul(code.load(gradients, where), code.load(masks, element)), gradients, where)


def _threefry(code: Code, key: list[ir.Value], first: ir.Value, second: ir.Value) -> ir.Value:
    """First random word for each lane's counter; step for step ``threefry.threefry``."""
    builder = code.builder
    parity = builder.xor(builder.xor(key[0], key[1]), code.splat_integer(PARITY))
    schedule = [*key, parity]
    first, second = builder.add(first, schedule[0]), builder.add(second, schedule[1])
    for turn in range(5):
        for rotation in ROTATIONS[4 * (turn % 2) : 4 * (turn % 2) + 4]:
            first = builder.add(first, second)
            shift = code.splat_integer(rotation)
            second = builder.xor(code.intrinsic("llvm.fshl", code.integers_type, second, second, shift), first)
        first = builder.add(first, schedule[(turn + 1) % 3])
        second = builder.add(builder.add(second, schedule[(turn + 2) % 3]), code.splat_integer(turn + 1))
    return first

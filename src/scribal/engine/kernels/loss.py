"""Losses and their gradients, for one group of lanes; lanes without a sample count nothing.

Formulas are those of ``scribal.engine.reference.losses``.
"""

from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.ir import Code
from scribal.engine.kernels.functions import exp, log_of_positive, sigmoid
from scribal.engine.training import Loss, yes_above

__all__ = ["Sample", "emit_hits", "emit_loss"]

_EPSILON = 1e-7


@dataclass(frozen=True)
class Sample:
    """What is compared in a group, and how much it counts.

    Attributes:
        outputs: The network's answers, a vector for each class.
        targets: The targets, a vector for each class.
        present: Lanes that hold a sample.
        weight: How much the sample in each lane counts.
        share: That over the samples of the batch.
    """

    outputs: ir.Value
    targets: ir.Value
    present: ir.Value
    weight: ir.Value
    share: ir.Value


def emit_loss(code: Code, loss: Loss, classes: int, sample: Sample, gradients: ir.Value) -> ir.Value:
    """Write the gradients of the outputs; returns each lane's weighted loss.

    Sparse targets arrive here as one-hot ones.
    """
    if loss.name == "mean_squared_error":
        losses = _mean_squared_error(code, classes, sample, gradients)
    elif loss.name == "binary_crossentropy":
        losses = _binary_crossentropy(code, loss, classes, sample, gradients)
    elif loss.from_logits:
        losses = _categorical_crossentropy_of_logits(code, loss, classes, sample, gradients)
    else:
        losses = _categorical_crossentropy(code, loss, classes, sample, gradients)
    return code.builder.select(sample.present, code.builder.fmul(losses, sample.weight), code.splat(0.0))


def emit_hits(code: Code, loss: Loss, classes: int, sample: Sample) -> ir.Value:
    """One, in each lane whose sample was answered rightly, else zero.

    With several classes: the largest output is where the largest target is. With one: the output means yes
    where the target does.
    """
    builder = code.builder
    zero = code.splat(0.0)
    if classes == 1:
        high = builder.fcmp_ordered(">", code.load(sample.outputs), code.splat(yes_above(loss)))
        same = builder.fcmp_ordered("==", builder.select(high, code.splat(1.0), zero), code.load(sample.targets))
        return builder.select(builder.and_(same, sample.present), code.splat(1.0), zero)
    start = [code.load(sample.outputs), zero, code.load(sample.targets), zero]
    with code.loop(classes, start) as best:
        output, target = code.load(sample.outputs, best.index), code.load(sample.targets, best.index)
        place = code.splat(builder.sitofp(code.index(best.index), ir.FloatType()))
        higher = builder.fcmp_ordered(">", output, best.values[0])
        truer = builder.fcmp_ordered(">", target, best.values[2])
        best.carry(
            [
                builder.select(higher, output, best.values[0]),
                builder.select(higher, place, best.values[1]),
                builder.select(truer, target, best.values[2]),
                builder.select(truer, place, best.values[3]),
            ]
        )
    same = builder.fcmp_ordered("==", best.values[1], best.values[3])
    return builder.select(builder.and_(same, sample.present), code.splat(1.0), zero)


def _mean_squared_error(code: Code, classes: int, sample: Sample, gradients: ir.Value) -> ir.Value:
    builder = code.builder
    slope = builder.fmul(sample.share, code.splat(2 / classes))
    with code.loop(classes, [code.splat(0.0)]) as total:
        difference = builder.fsub(code.load(sample.outputs, total.index), code.load(sample.targets, total.index))
        gradient = builder.select(sample.present, builder.fmul(difference, slope), code.splat(0.0))
        code.store(gradient, gradients, total.index)
        total.carry([code.fma(difference, difference, total.values[0])])
    return builder.fmul(total.values[0], code.splat(1 / classes))


def _categorical_crossentropy(code: Code, loss: Loss, classes: int, sample: Sample, gradients: ir.Value) -> ir.Value:
    builder = code.builder
    with code.loop(classes, [code.splat(0.0)]) as total:
        total.carry([builder.fadd(total.values[0], code.load(sample.outputs, total.index))])
    whole = total.values[0]
    with code.loop(classes, [code.splat(0.0)] * 2) as each:
        target = _smoothed(code, loss, code.load(sample.targets, each.index), classes)
        probability = builder.fdiv(code.load(sample.outputs, each.index), whole)
        kept, cut = _cut_off(code, probability)
        slope = builder.select(cut, code.splat(0.0), builder.fneg(builder.fdiv(target, kept)))
        code.store(slope, gradients, each.index)
        losses = builder.fsub(each.values[0], builder.fmul(target, log_of_positive(code, kept)))
        each.carry([losses, code.fma(slope, probability, each.values[1])])
    losses, pull = each.values
    factor = builder.fdiv(sample.share, whole)
    with code.loop(classes) as each:
        gradient = builder.fmul(builder.fsub(code.load(gradients, each.index), pull), factor)
        code.store(builder.select(sample.present, gradient, code.splat(0.0)), gradients, each.index)
    return losses


def _categorical_crossentropy_of_logits(
    code: Code, loss: Loss, classes: int, sample: Sample, gradients: ir.Value
) -> ir.Value:
    builder = code.builder
    with code.loop(classes, [code.load(sample.outputs)]) as largest:
        value = code.load(sample.outputs, largest.index)
        bigger = builder.fcmp_ordered(">", value, largest.values[0])
        largest.carry([builder.select(bigger, value, largest.values[0])])
    with code.loop(classes, [code.splat(0.0)] * 2) as total:
        power = exp(code, builder.fsub(code.load(sample.outputs, total.index), largest.values[0]))
        code.store(power, gradients, total.index)
        target = _smoothed(code, loss, code.load(sample.targets, total.index), classes)
        total.carry([builder.fadd(value, new) for value, new in zip(total.values, (power, target), strict=True)])
    powers, weight = total.values
    level = builder.fadd(largest.values[0], log_of_positive(code, powers))
    factor = builder.fdiv(weight, powers)
    with code.loop(classes, [code.splat(0.0)]) as each:
        target = _smoothed(code, loss, code.load(sample.targets, each.index), classes)
        below = builder.fsub(level, code.load(sample.outputs, each.index))
        gradient = builder.fsub(builder.fmul(code.load(gradients, each.index), factor), target)
        gradient = builder.select(sample.present, builder.fmul(gradient, sample.share), code.splat(0.0))
        code.store(gradient, gradients, each.index)
        each.carry([code.fma(target, below, each.values[0])])
    return each.values[0]


def _binary_crossentropy(code: Code, loss: Loss, classes: int, sample: Sample, gradients: ir.Value) -> ir.Value:
    builder, one, zero = code.builder, code.splat(1.0), code.splat(0.0)
    scale = builder.fmul(sample.share, code.splat(1 / classes))
    with code.loop(classes, [zero]) as total:
        output = code.load(sample.outputs, total.index)
        # Smoothing moves yes and no towards one half, as it moves classes towards their mean.
        target = _smoothed(code, loss, code.load(sample.targets, total.index), 2)
        if loss.from_logits:
            positive = builder.select(builder.fcmp_ordered(">", output, zero), output, zero)
            size = code.intrinsic("llvm.fabs", code.vector_type, output)
            rest = log_of_positive(code, builder.fadd(one, exp(code, builder.fneg(size))))
            losses = builder.fadd(builder.fsub(positive, builder.fmul(output, target)), rest)
            gradient = builder.fsub(sigmoid(code, output), target)
        else:
            kept, cut = _cut_off(code, output)
            other_target, other = builder.fsub(one, target), builder.fsub(one, kept)
            losses = builder.fmul(target, log_of_positive(code, kept))
            losses = builder.fneg(code.fma(other_target, log_of_positive(code, other), losses))
            slope = builder.fsub(builder.fdiv(other_target, other), builder.fdiv(target, kept))
            gradient = builder.select(cut, zero, slope)
        code.store(builder.select(sample.present, builder.fmul(gradient, scale), zero), gradients, total.index)
        total.carry([builder.fadd(total.values[0], losses)])
    return builder.fmul(total.values[0], code.splat(1 / classes))


def _smoothed(code: Code, loss: Loss, target: ir.Value, classes: int) -> ir.Value:
    if not loss.label_smoothing:
        return target
    return code.fma(target, code.splat(1 - loss.label_smoothing), code.splat(loss.label_smoothing / classes))


def _cut_off(code: Code, probability: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Keep a probability from 0 and 1; also says where that changed it, for there it has no slope."""
    builder, least, most = code.builder, code.splat(_EPSILON), code.splat(1 - _EPSILON)
    low, high = builder.fcmp_ordered("<", probability, least), builder.fcmp_ordered(">", probability, most)
    return builder.select(high, most, builder.select(low, least, probability)), builder.or_(low, high)

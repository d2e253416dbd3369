"""Losses and their gradients, for one group of lanes; lanes without a sample count nothing.

Formulas are those of ``scribal.engine.reference.losses``.
"""

from dataclasses import dataclass

from llvmlite import ir

from scribal.engine.ir import Code
from scribal.engine.kernels.functions import exp, log_of_positive
from scribal.engine.training import Loss

__all__ = ["Sample", "emit_hits", "emit_loss"]

_EPSILON = 1e-7


@dataclass(frozen=True)
class Sample:
    """What is compared in a group, and how much it counts.

    Attributes:
        outputs: The network's answers, a vector for each class.
        targets: The targets, a vector for each class.
        present: Lanes that hold a sample.
        share: One over the samples of the batch, in every lane.
    """

    outputs: ir.Value
    targets: ir.Value
    present: ir.Value
    share: ir.Value


def emit_loss(code: Code, loss: Loss, classes: int, sample: Sample, gradients: ir.Value) -> ir.Value:
    """Write the gradients of the outputs; returns each lane's loss."""
    if loss.name == "mean_squared_error":
        losses = _mean_squared_error(code, classes, sample, gradients)
    elif loss.from_logits:
        losses = _crossentropy_of_logits(code, loss, classes, sample, gradients)
    else:
        losses = _categorical_crossentropy(code, loss, classes, sample, gradients)
    return code.builder.select(sample.present, losses, code.splat(0.0))


def emit_hits(code: Code, classes: int, sample: Sample) -> ir.Value:
    """Number of samples, as floats in each lane, whose largest output is where the largest target is.

    A single output is a sigmoid's: it and its target have to be on the same side of one half.
    """
    builder = code.builder
    zero = code.splat(0.0)
    if classes == 1:
        half = code.splat(0.5)
        said, true = (builder.fcmp_ordered(">", code.load(each), half) for each in (sample.outputs, sample.targets))
        agreed = builder.not_(builder.xor(said, true))
        return builder.select(builder.and_(agreed, sample.present), code.splat(1.0), zero)
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


def _crossentropy_of_logits(code: Code, loss: Loss, classes: int, sample: Sample, gradients: ir.Value) -> ir.Value:
    """Softmax and cross-entropy in one; the largest logit is taken off first, so that no exponential overflows."""
    builder = code.builder
    with code.loop(classes, [code.load(sample.outputs)]) as best:
        logit = code.load(sample.outputs, best.index)
        best.carry([builder.select(builder.fcmp_ordered(">", logit, best.values[0]), logit, best.values[0])])
    largest = best.values[0]
    with code.loop(classes, [code.splat(0.0)]) as total:
        power = exp(code, builder.fsub(code.load(sample.outputs, total.index), largest))
        code.store(power, gradients, total.index)
        total.carry([builder.fadd(total.values[0], power)])
    whole = total.values[0]
    log_of_whole = log_of_positive(code, whole)
    with code.loop(classes, [code.splat(0.0)] * 2) as each:
        target = _smoothed(code, loss, classes, code.load(sample.targets, each.index))
        log_probability = builder.fsub(builder.fsub(code.load(sample.outputs, each.index), largest), log_of_whole)
        losses = builder.fsub(each.values[0], builder.fmul(target, log_probability))
        each.carry([losses, builder.fadd(each.values[1], target)])
    losses, weight = each.values
    with code.loop(classes) as each:
        target = _smoothed(code, loss, classes, code.load(sample.targets, each.index))
        probability = builder.fdiv(code.load(gradients, each.index), whole)
        gradient = builder.fmul(builder.fsub(builder.fmul(probability, weight), target), sample.share)
        code.store(builder.select(sample.present, gradient, code.splat(0.0)), gradients, each.index)
    return losses


def _smoothed(code: Code, loss: Loss, classes: int, target: ir.Value) -> ir.Value:
    if not loss.label_smoothing:
        return target
    return code.fma(target, code.splat(1 - loss.label_smoothing), code.splat(loss.label_smoothing / classes))


def _categorical_crossentropy(code: Code, loss: Loss, classes: int, sample: Sample, gradients: ir.Value) -> ir.Value:
    builder = code.builder
    least, most = code.splat(_EPSILON), code.splat(1 - _EPSILON)
    with code.loop(classes, [code.splat(0.0)]) as total:
        total.carry([builder.fadd(total.values[0], code.load(sample.outputs, total.index))])
    whole = total.values[0]
    with code.loop(classes, [code.splat(0.0)] * 2) as each:
        target = _smoothed(code, loss, classes, code.load(sample.targets, each.index))
        probability = builder.fdiv(code.load(sample.outputs, each.index), whole)
        low, high = builder.fcmp_ordered("<", probability, least), builder.fcmp_ordered(">", probability, most)
        kept = builder.select(high, most, builder.select(low, least, probability))
        # A probability that was cut off has no slope.
        slope = builder.select(builder.or_(low, high), code.splat(0.0), builder.fneg(builder.fdiv(target, kept)))
        code.store(slope, gradients, each.index)
        losses = builder.fsub(each.values[0], builder.fmul(target, log_of_positive(code, kept)))
        each.carry([losses, code.fma(slope, probability, each.values[1])])
    losses, pull = each.values
    factor = builder.fdiv(sample.share, whole)
    with code.loop(classes) as each:
        gradient = builder.fmul(builder.fsub(code.load(gradients, each.index), pull), factor)
        code.store(builder.select(sample.present, gradient, code.splat(0.0)), gradients, each.index)
    return losses

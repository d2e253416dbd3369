"""Softmax over the channels of each pixel, in place, forward and backward."""

from scribal.engine import llvm as ir
from scribal.engine.ir import Code
from scribal.engine.kernels.functions import exp
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout

__all__ = ["emit_softmax", "emit_softmax_backward"]


def emit_softmax(code: Code, layout: Layout, values: ir.Value) -> None:
    """Replace each pixel's values by their probabilities, in each lane."""
    builder, (rows, columns, classes) = code.builder, layout.shape
    with code.grid(rows, columns) as (row, column):
        pixel = code.vector_at(values, position(code, layout, (row, column, 0)))
        with code.loop(classes, [code.load(pixel)]) as largest:
            value = code.load(pixel, largest.index)
            bigger = builder.fcmp_ordered(">", value, largest.values[0])
            largest.carry([builder.select(bigger, value, largest.values[0])])
        with code.loop(classes, [code.splat(0.0)]) as total:
            value = exp(code, builder.fsub(code.load(pixel, total.index), largest.values[0]))
            code.store(value, pixel, total.index)
            total.carry([builder.fadd(total.values[0], value)])
        with code.loop(classes) as each:
            code.store(builder.fdiv(code.load(pixel, each.index), total.values[0]), pixel, each.index)


def emit_softmax_backward(code: Code, layouts: tuple[Layout, Layout], values: ir.Value, gradients: ir.Value) -> None:
    """``gradient = y * (gradient - sum(y * gradient))`` for each pixel, in each lane."""
    builder, (rows, columns, classes) = code.builder, layouts[0].shape
    with code.grid(rows, columns) as (row, column):
        outputs, own = (
            code.vector_at(array, position(code, layout, (row, column, 0)))
            for array, layout in zip((values, gradients), layouts, strict=True)
        )
        with code.loop(classes, [code.splat(0.0)]) as mean:
            value, gradient = code.load(outputs, mean.index), code.load(own, mean.index)
            mean.carry([code.fma(value, gradient, mean.values[0])])
        with code.loop(classes) as each:
            gradient = builder.fsub(code.load(own, each.index), mean.values[0])
            code.store(builder.fmul(code.load(outputs, each.index), gradient), own, each.index)

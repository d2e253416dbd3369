"""Layers that work pixel by pixel: BatchNormalization, Add, activations, softmax."""

from scribal.engine import llvm as ir
from scribal.engine.ir import FLOAT, INT32, Code, Index
from scribal.engine.kernels.functions import exp
from scribal.engine.single_image.layout import Run, runs_of
from scribal.engine.single_image.sweep import Array, Finish, each_vector, narrowed, pixel

__all__ = ["emit_affine", "emit_softmax", "emit_sum"]

_BIT = ir.IntType(1)


def emit_sum(code: Code, inputs: tuple[Array, ...], outputs: Array, finish: Finish) -> None:
    """Add images of one shape; a single one is only finished."""
    with code.grid(*outputs.layout.shape[:2]) as (row, column):
        to = pixel(code, outputs.layout, row, column)
        places = [pixel(code, image.layout, row, column) for image in inputs]
        for piece, channel in each_vector(code, outputs.layout.shape[2]):
            total, *others = (
                piece.load_unaligned(image.base, code.add(place, channel), piece.vector_type)
                for image, place in zip(inputs, places, strict=True)
            )
            for other in others:
                total = code.builder.fadd(total, other)
            piece.store_unaligned(finish(piece, total), outputs.base, code.add(to, channel))


def emit_affine(code: Code, inputs: Array, outputs: Array, weights: tuple[ir.Value, ir.Value], finish: Finish) -> None:
    """``x * scale + shift``, with a scale and a shift for each channel: BatchNormalization by moving averages."""
    with code.grid(*outputs.layout.shape[:2]) as (row, column):
        place, to = (pixel(code, image.layout, row, column) for image in (inputs, outputs))
        for piece, channel in each_vector(code, outputs.layout.shape[2]):
            kind = piece.vector_type
            value = piece.load_unaligned(inputs.base, code.add(place, channel), kind)
            scale, shift = (piece.load_unaligned(pointer, channel, kind) for pointer in weights)
            piece.store_unaligned(finish(piece, piece.fma(value, scale, shift)), outputs.base, code.add(to, channel))


def emit_softmax(code: Code, inputs: Array, outputs: Array) -> None:
    """Turn the channels of each pixel into probabilities."""
    builder, channels = code.builder, outputs.layout.shape[2]
    runs = [(run, narrowed(code, run.width)) for run in runs_of(channels, code.target.lanes)]
    with code.grid(*outputs.layout.shape[:2]) as (row, column):
        source = code.at(inputs.base, pixel(code, inputs.layout, row, column))
        to = code.at(outputs.base, pixel(code, outputs.layout, row, column))
        largest: ir.Value = FLOAT(float("-inf"))
        for run, piece in runs:
            with code.loop(run.count, [piece.splat(float("-inf"))]) as loop:
                value = piece.load_unaligned(source, _channel(code, run, loop.index), piece.vector_type)
                value = builder.select(_filled(run, channels), value, loop.values[0])
                loop.carry([builder.select(builder.fcmp_ordered(">", value, loop.values[0]), value, loop.values[0])])
            for lane in range(run.width):
                value = builder.extract_element(loop.values[0], INT32(lane))
                largest = builder.select(builder.fcmp_ordered(">", value, largest), value, largest)
        total: ir.Value = FLOAT(0.0)
        for run, piece in runs:
            with code.loop(run.count, [piece.splat(0.0)]) as loop:
                place = _channel(code, run, loop.index)
                value = piece.load_unaligned(source, place, piece.vector_type)
                value = exp(piece, builder.fsub(value, piece.splat(largest)))
                value = builder.select(_filled(run, channels), value, piece.splat(0.0))
                piece.store_unaligned(value, to, place)
                loop.carry([builder.fadd(loop.values[0], value)])
            part = builder.extract_element(piece.lane_sums(loop.values), INT32(0))
            total = builder.fadd(total, part)
        for piece, channel in each_vector(code, channels):
            value = piece.load_unaligned(to, channel, piece.vector_type)
            piece.store_unaligned(builder.fdiv(value, piece.splat(total)), to, channel)


def _channel(code: Code, run: Run, number: Index) -> Index:
    return code.add(code.times(number, run.width), run.first)


def _filled(run: Run, channels: int) -> ir.Value:
    """Lanes of a run's last vector that hold a channel; only a single vector can have others."""
    filled = min(channels - run.first, run.width)
    return ir.VectorType(_BIT, run.width)([lane < filled for lane in range(run.width)])

"""Pooling, channels in the lanes: each pixel of the result is the largest, or the mean, of a window.

Where a window reaches over the edge only its taps inside the image count; rows and columns are therefore cut into
stretches in which the same taps lie inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.ir import Code, Index
from scribal.engine.kernels.pool import largest_of
from scribal.engine.single_image.sweep import Array, Finish, each_vector, pixel
from scribal.engine.window import Span, Window

__all__ = ["emit_pooling", "window_of"]


@dataclass(frozen=True)
class _Stretch:
    """Neighbouring windows along an axis: the first, how many, where its taps begin in the input, and how many."""

    first: int
    count: int
    start: int
    taps: int


def window_of(operation: op.Operation, rows: int, columns: int) -> Window:
    """The window of a pooling; a global one's is the image."""
    return operation.window if isinstance(operation, op.MaxPool2D | op.AveragePooling2D) else Window((rows, columns))


def emit_pooling(code: Code, operation: op.Operation, inputs: Array, outputs: Array, finish: Finish) -> None:
    """Write a pooling of any kind."""
    is_mean = isinstance(operation, op.AveragePooling2D | op.GlobalAveragePooling2D)
    rows, columns, channels = inputs.layout.shape
    down, across = window_of(operation, rows, columns).spans(rows, columns)
    for tall in _stretches(down):
        for wide in _stretches(across):
            with code.grid(tall.count, wide.count) as (row, column):
                input_row = code.add(code.times(row, down.stride), tall.start)
                input_column = code.add(code.times(column, across.stride), wide.start)
                first = pixel(code, inputs.layout, input_row, input_column)
                to = pixel(code, outputs.layout, code.add(row, tall.first), code.add(column, wide.first))
                for piece, channel in each_vector(code, channels):
                    window = piece.at(inputs.base, code.add(first, channel))
                    value = _reduce(piece, inputs, window, (tall.taps, wide.taps), is_mean=is_mean)
                    piece.store_unaligned(finish(piece, value), outputs.base, code.add(to, channel))


def _reduce(code: Code, inputs: Array, window: ir.Value, taps: tuple[int, int], *, is_mean: bool) -> ir.Value:
    """The mean, or the largest, of a window's taps; ``window`` points to the first."""

    def tap(row: Index, column: int) -> ir.Value:
        place = code.add(code.times(row, inputs.layout.row_step), column * inputs.layout.column_step)
        return code.load_unaligned(window, place, code.vector_type)

    start = code.splat(0.0) if is_mean else tap(0, 0)
    with code.loop(taps[0], [start]) as rows:
        (value,) = rows.values
        for column in range(taps[1]):
            value = (
                code.builder.fadd(value, tap(rows.index, column))
                if is_mean
                else largest_of(code, [value, tap(rows.index, column)])
            )
        rows.carry([value])
    (value,) = rows.values
    return code.builder.fdiv(value, code.splat(float(taps[0] * taps[1]))) if is_mean else value


def _stretches(span: Span) -> Iterator[_Stretch]:
    """Cut the windows along an axis into stretches with the same taps inside the image."""
    found: list[_Stretch] = []
    for number in range(span.outputs):
        start = number * span.stride - span.pads[0]
        inside = range(max(start, 0), min(start + span.size, span.length))
        skipped = inside.start - start
        last = found[-1] if found else None
        is_same = (
            last and last.taps == len(inside) and last.start - (last.first * span.stride - span.pads[0]) == skipped
        )
        if last and is_same:
            found[-1] = _Stretch(last.first, last.count + 1, last.start, last.taps)
        else:
            found.append(_Stretch(number, 1, inside.start, len(inside)))
    yield from found

"""Layers that move numbers and change none: the samples coming in, Concatenate, padding, reshaping, the answer."""

from math import gcd, prod

from scribal.engine import llvm as ir
from scribal.engine.ir import BYTE, Code
from scribal.engine.single_image.sweep import Array, Finish, move, pixel

__all__ = ["emit_load", "emit_place", "emit_reshape"]


def emit_load(code: Code, sample: ir.Value, outputs: Array, finish: Finish, *, are_bytes: bool) -> None:
    """Bring a sample, whose numbers lie side by side, to its place."""
    rows, columns, channels = outputs.layout.shape
    if outputs.layout.is_dense:
        rows, columns = 1, rows * columns
    with code.loop(rows) as loop:
        kind = {"kind": BYTE} if are_bytes else {}
        source = code.at(sample, code.times(loop.index, columns * channels), **kind)
        target = code.at(outputs.base, pixel(code, outputs.layout, loop.index, 0))
        move(code, source, target, columns * channels, finish, are_bytes=are_bytes)


def emit_place(code: Code, inputs: Array, outputs: Array, corner: tuple[int, int, int], finish: Finish) -> None:
    """Bring an image to a place in a larger one; ``corner`` is its first row, column and channel there."""
    rows, columns, channels = inputs.layout.shape
    with code.grid(rows, columns) as (row, column):
        source = code.at(inputs.base, pixel(code, inputs.layout, row, column))
        place = pixel(code, outputs.layout, code.add(row, corner[0]), code.add(column, corner[1]))
        move(code, source, code.at(outputs.base, code.add(place, corner[2])), channels, finish)


def emit_reshape(code: Code, inputs: Array, outputs: Array, finish: Finish) -> None:
    """Bring numbers, in their order, from one layout to another."""
    total = prod(inputs.layout.shape)
    side_by_side = gcd(inputs.layout.shape[2], outputs.layout.shape[2])
    with code.loop(total // side_by_side) as loop:
        first = code.times(loop.index, side_by_side)
        source, target = (code.at(array.base, _position(code, array, first)) for array in (inputs, outputs))
        move(code, source, target, side_by_side, finish)


def _position(code: Code, array: Array, number: int | ir.Value) -> int | ir.Value:
    """Where the layout keeps the number that comes so many places behind the first."""
    _, columns, channels = array.layout.shape
    if isinstance(number, int):
        at, channel = divmod(number, channels)
        return code.add(pixel(code, array.layout, *divmod(at, columns)), channel)
    builder = code.builder
    place, beyond = builder.udiv(number, code.index(channels)), builder.urem(number, code.index(channels))
    row, column = builder.udiv(place, code.index(columns)), builder.urem(place, code.index(columns))
    return code.add(pixel(code, array.layout, row, column), beyond)

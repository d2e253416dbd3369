"""What all kernels of the one-image form share: pixels, vectors of a width, and numbers moved from place to place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.ir import BYTE, Code, Index
from scribal.engine.kernels.activation import FUNCTIONS
from scribal.engine.layout import Layout
from scribal.engine.single_image.layout import runs_of

__all__ = ["Array", "Finish", "each_vector", "finishing", "move", "narrowed", "pixel"]

Finish = Callable[[Code, ir.Value], ir.Value]

# So many pieces are written out; more become a loop.
_MOST_PIECES = 4


@dataclass(frozen=True)
class Array:
    """Numbers in memory: a pointer to the beginning of a layout."""

    base: ir.Value
    layout: Layout


def finishing(operations: tuple[op.Activation | op.Rescaling, ...]) -> Finish:
    """What is done to a vector of any width before it is stored."""

    def finish(code: Code, value: ir.Value) -> ir.Value:
        for operation in operations:
            if isinstance(operation, op.Activation):
                value = FUNCTIONS[operation.name](code, value, operation.alpha)
            else:
                value = code.fma(value, code.splat(operation.scale), code.splat(operation.offset))
        return value

    return finish


def narrowed(code: Code, width: int) -> Code:
    """The same place to write to, with vectors of another width."""
    return Code(code.builder, replace(code.target, lanes=width))


def pixel(code: Code, layout: Layout, row: Index, column: Index) -> Index:
    """Position of a pixel's first channel, in floats."""
    place = code.add(code.times(row, layout.row_step), code.times(column, layout.column_step))
    return code.add(place, layout.first)


def each_vector(code: Code, channels: int) -> Iterator[tuple[Code, Index]]:
    """Write what a ``for`` has inside for the whole vectors of a pixel, in a loop, and for the narrower one behind.

    Yields:
        The code for vectors of that width, and the vector's first channel.
    """
    for run in runs_of(channels, code.target.lanes):
        with code.loop(run.count) as loop:
            yield narrowed(code, run.width), code.add(code.times(loop.index, run.width), run.first)


def move(
    code: Code, source: ir.Value, target: ir.Value, count: int, finish: Finish, *, are_bytes: bool = False
) -> None:
    """Bring numbers that lie side by side to another place, and not one more than ``count``."""
    done, width = 0, code.target.lanes
    while done < count:
        while width > count - done:
            width //= 2
        pieces = (count - done) // width
        turns, unrolled = (pieces, 1) if pieces > _MOST_PIECES else (1, pieces)
        piece = narrowed(code, width)
        with code.loop(turns) as loop:
            for number in range(unrolled):
                place = code.add(code.times(loop.index, width), done + number * width)
                finished = finish(piece, _read(piece, source, place, are_bytes=are_bytes))
                piece.store_unaligned(finished, target, place)
        done += pieces * width


def _read(code: Code, source: ir.Value, place: Index, *, are_bytes: bool) -> ir.Value:
    if not are_bytes:
        return code.load_unaligned(source, place, code.vector_type)
    kind = ir.VectorType(BYTE, code.target.lanes)
    values = code.builder.load(code.at(source, place, BYTE), kind=kind, align=1)
    return code.builder.uitofp(values, code.vector_type)

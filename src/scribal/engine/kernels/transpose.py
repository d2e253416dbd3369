"""Samples in rows -> one sample in each lane, and back.

Memory outside holds sample after sample; inside, every vector holds one value of all samples of a group. Squares of
``lanes x lanes`` numbers are turned over in registers (H. S. Warren, "Hacker's Delight", 2nd edition, 7-3); what is
left at the end of a row goes number by number.
"""

from scribal.engine import llvm as ir
from scribal.engine.ir import BYTE, FLOAT, Code

__all__ = ["emit_gather", "emit_scatter"]


def emit_gather(code: Code, size: int, rows: list[ir.Value], values: ir.Value, kind: ir.Type = FLOAT) -> None:
    """Read one row of ``size`` numbers for each lane.

    Args:
        code: Where to.
        size: Numbers in a row.
        rows: Pointer to each lane's row.
        values: Receives ``size`` vectors.
        kind: Type of the numbers in the rows: float32, or bytes from 0 to 255.
    """
    lanes = code.target.lanes
    square = ir.VectorType(kind, lanes)

    def as_float(number: ir.Value, to: ir.Type) -> ir.Value:
        return code.builder.uitofp(number, to) if kind == BYTE else number

    whole, rest = divmod(size, lanes)
    if whole:
        with code.loop(whole) as loop:
            first = code.times(loop.index, lanes)
            vectors = code.transpose(
                [code.builder.load(code.at(row, first, kind), kind=square, align=1) for row in rows]
            )
            for number, vector in enumerate(vectors):
                code.store(as_float(vector, code.vector_type), values, code.add(first, number))
    if rest:
        with code.loop(rest) as loop:
            place = code.add(loop.index, whole * lanes)
            for lane, row in enumerate(rows):
                single = as_float(code.load_number(row, place, kind), FLOAT)
                code.store_number(single, code.vector_at(values, place), lane)


def emit_scatter(code: Code, size: int, values: ir.Value, lane: ir.Value, row: ir.Value) -> None:
    """Write one lane's ``size`` values as a row of numbers."""
    with code.loop(size) as loop:
        code.store_number(
            code.builder.load(code.at(code.vector_at(values, loop.index), lane), kind=FLOAT), row, loop.index
        )

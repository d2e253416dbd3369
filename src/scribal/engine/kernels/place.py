"""Values of a layout, found and moved."""

from llvmlite import ir

from scribal.engine.ir import Code, Index
from scribal.engine.layout import Layout, dense_layout

__all__ = ["emit_place", "position"]


def position(code: Code, layout: Layout, place: tuple[Index, ...]) -> Index:
    """Position of a value in a layout."""
    row, column, channel = place
    across = code.add(code.times(column, layout.column_step), code.add(channel, layout.first))
    return code.add(code.times(row, layout.row_step), across)


def emit_place(code: Code, layout: Layout, dense: ir.Value, placed: ir.Value) -> None:
    """Copy values without gaps to where a layout wants them."""
    with code.grid(*layout.shape) as place:
        value = code.load(dense, position(code, dense_layout(layout.shape), place))
        code.store(value, placed, position(code, layout, place))

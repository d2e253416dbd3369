"""Values of a layout, found and moved."""

from collections.abc import Callable

from scribal.engine import llvm as ir
from scribal.engine.ir import Code, Index
from scribal.engine.layout import Layout, dense_layout

__all__ = ["emit_copy", "emit_place", "emit_sum", "position"]


def position(code: Code, layout: Layout, place: tuple[Index, ...]) -> Index:
    """Position of a value in a layout."""
    row, column, channel = place
    across = code.add(code.times(column, layout.column_step), code.add(channel, layout.first))
    return code.add(code.times(row, layout.row_step), across)


def emit_place(code: Code, layout: Layout, dense: ir.Value, placed: ir.Value) -> None:
    """Copy values without gaps to where a layout wants them."""
    emit_copy(code, (dense_layout(layout.shape), layout), dense, placed)


def emit_copy(
    code: Code, layouts: tuple[Layout, Layout], values: ir.Value, target: ir.Value, *, adds: bool = False
) -> None:
    """Copy values from a layout to another of the same shape, or add them to what is there."""
    with code.grid(*layouts[0].shape) as place:
        value = code.load(values, position(code, layouts[0], place))
        where = position(code, layouts[1], place)
        code.store(code.builder.fadd(code.load(target, where), value) if adds else value, target, where)


def emit_sum(
    code: Code,
    layouts: list[Layout],
    values: list[ir.Value],
    target: ir.Value,
    finish: Callable[[ir.Value], ir.Value],
) -> None:
    """Add up values, one from each array, in order.

    Args:
        code: Where to.
        layouts: Of the arrays and, at last, of the target, all of one shape.
        values: The arrays.
        target: Receives the sums.
        finish: Applied to each sum before it is stored.
    """
    with code.grid(*layouts[-1].shape) as place:
        first, *others = (
            code.load(array, position(code, layout, place)) for array, layout in zip(values, layouts[:-1], strict=True)
        )
        for other in others:
            first = code.builder.fadd(first, other)
        code.store(finish(first), target, position(code, layouts[-1], place))

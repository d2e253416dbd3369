"""Max-pooling, forward and backward.

The plain loop nest, for each of the lanes' images::

    for row, column, channel of the output:
        output = max(input[tap] for tap in window)
        backward: the first tap equal to output gets its gradient

All taps of a window are unrolled; what is compared in one lane does not concern the next.
"""

from dataclasses import dataclass

from llvmlite import ir

from scribal.engine.ir import Code, Index
from scribal.engine.kernels.place import position
from scribal.engine.layout import Layout
from scribal.engine.window import Window

__all__ = ["Pool", "emit_max_pool", "emit_max_pool_backward", "largest_of"]


@dataclass(frozen=True)
class Pool:
    """A pooling's window and the layouts it reads and writes; the window must not reach over the edge."""

    window: Window
    inputs: Layout
    outputs: Layout

    @property
    def overlaps(self) -> bool:
        """True if an input lies in more than one window."""
        return any(size > stride for size, stride in zip(self.window.size, self.window.strides, strict=True))

    def taps(self, layout: Layout) -> list[int]:
        """Positions of the taps, row by row, from the window's first, in inputs of this layout."""
        rows, columns = self.window.size
        return [row * layout.row_step + column * layout.column_step for row in range(rows) for column in range(columns)]

    def first_tap(self, code: Code, layout: Layout, place: tuple[Index, ...]) -> Index:
        """Position of the first tap of a window in inputs of this layout."""
        row, column, channel = place
        down = code.times(row, self.window.strides[0] * layout.row_step)
        across = code.times(column, self.window.strides[1] * layout.column_step)
        return code.add(code.add(down, across), code.add(channel, layout.first))


def emit_max_pool(code: Code, pool: Pool, inputs: ir.Value, outputs: ir.Value) -> None:
    """Write the forward nest; pointers are to the layouts' beginnings."""
    with code.grid(*pool.outputs.shape) as place:
        window = code.vector_at(inputs, pool.first_tap(code, pool.inputs, place))
        largest = largest_of(code, [code.load(window, tap) for tap in pool.taps(pool.inputs)])
        code.store(largest, outputs, position(code, pool.outputs, place))


def emit_max_pool_backward(
    code: Code,
    pool: Pool,
    inputs: ir.Value,
    gradients: tuple[ir.Value, ir.Value],
    gradient_layouts: tuple[Layout, Layout],
    *,
    rectified: bool,
) -> None:
    """Write the backward nest.

    Args:
        code: Where to.
        pool: The pooling, with the layouts of the values.
        inputs: Inputs of the forward nest. Its outputs are of no use: Dropout may have changed them in place.
        gradients: Where the inputs' gradient goes, and the outputs' gradient.
        gradient_layouts: Their layouts.
        rectified: Whether the inputs came out of a ReLU, whose way back is then taken as well.
    """
    to_layout, from_layout = gradient_layouts
    zero = code.splat(0.0)
    if pool.overlaps:
        with code.grid(*to_layout.shape) as place:
            code.store(zero, gradients[0], position(code, to_layout, place))
    with code.grid(*pool.outputs.shape) as place:
        window = code.vector_at(inputs, pool.first_tap(code, pool.inputs, place))
        target = code.vector_at(gradients[0], pool.first_tap(code, to_layout, place))
        values = [code.load(window, tap) for tap in pool.taps(pool.inputs)]
        largest = largest_of(code, values)
        waiting = code.load(gradients[1], position(code, from_layout, place))
        if rectified:
            waiting = code.builder.select(code.builder.fcmp_ordered(">", largest, zero), waiting, zero)
        for value, to_tap in zip(values, pool.taps(to_layout), strict=True):
            found = code.builder.fcmp_ordered("==", value, largest)
            share = code.builder.select(found, waiting, zero)
            waiting = code.builder.select(found, zero, waiting)
            code.store(code.builder.fadd(code.load(target, to_tap), share) if pool.overlaps else share, target, to_tap)


def largest_of(code: Code, values: list[ir.Value]) -> ir.Value:
    """The largest of some vectors, lane by lane."""
    largest, *others = values
    for value in others:
        largest = code.builder.select(code.builder.fcmp_ordered(">", value, largest), value, largest)
    return largest

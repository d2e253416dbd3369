"""A convolution and the max-pooling behind it in one, both ways, for the first layer of a network.

The convolution's own output, four times what the pooling leaves of it, is never written: sums of a pooling's window
stay in registers until the largest is found. Training keeps which one that was, its choice, to find the way back. The
plain loop nest, for each of the lanes' images::

    for unit, row, column of the pooled image:
        for place of the pooling's window: sums[place] = bias + the convolution there
        output, choice = largest of sums, and its place; no place if a ReLU makes it zero

    for unit, tap:
        for row, column of the pooled image:
            for place of the pooling's window:
                weight_gradient[unit, tap] += input[row, column, place, tap] * (gradient if place is the choice else 0)

A convolution that other trained layers precede needs the gradient of its input as well, for which this has no form.
Blocked: forward, sums of some units and of a whole window; backward, all taps of some units.
"""

from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.ir import BYTE, INT32, Code, Index
from scribal.engine.kernels.activation import relu
from scribal.engine.kernels.place import position
from scribal.engine.kernels.product import Block, Reduction, emit_block, start_sums
from scribal.engine.layout import Layout, dense_layout
from scribal.engine.window import Window

__all__ = ["PooledConvolution", "emit_pooled_backward", "emit_pooled_convolution"]


@dataclass(frozen=True)
class PooledConvolution:
    """Sizes of both layers.

    Attributes:
        convolution: The convolution's window.
        pooling: The pooling's window, whose strides are its size.
        inputs: Layout of the bordered inputs.
        outputs: Layout of the pooled values.
        block: Units of one block of the weights.
        rectified: Whether a ReLU lies between the two.
    """

    convolution: Window
    pooling: Window
    inputs: Layout
    outputs: Layout
    block: int
    rectified: bool

    @property
    def choices(self) -> Layout:
        """How choices lie, a vector of bytes each."""
        return dense_layout(self.outputs.shape)

    @property
    def steps(self) -> int:
        """Inputs that each sum is over."""
        return self.convolution.size[0] * self.convolution.size[1] * self.inputs.shape[2]

    @property
    def pixel_steps(self) -> tuple[int, int]:
        """Vectors in the inputs from an output row of the convolution to the next, and from a column to the next."""
        rows, columns = self.convolution.strides
        return rows * self.inputs.row_step, columns * self.inputs.column_step

    @property
    def places(self) -> list[int]:
        """Where the inputs of each place of a pooling's window start, in vectors."""
        rows, columns = self.pooling.size
        down, across = self.pixel_steps
        return [row * down + column * across for row in range(rows) for column in range(columns)]

    @property
    def taps(self) -> list[int]:
        """Where the inputs of each step start, in vectors."""
        rows, columns = self.convolution.size
        down, across = self.convolution.dilation
        return [
            row * down * self.inputs.row_step + column * across * self.inputs.column_step + channel
            for row in range(rows)
            for column in range(columns)
            for channel in range(self.inputs.shape[2])
        ]

    def window_at(self, code: Code, row: Index, column: Index) -> Index:
        """Where the inputs of a pooled pixel start, in vectors."""
        down, across = self.pixel_steps
        return code.add(code.times(row, self.pooling.size[0] * down), code.times(column, self.pooling.size[1] * across))


def emit_pooled_convolution(
    code: Code,
    nest: PooledConvolution,
    arrays: tuple[ir.Value, ir.Value, ir.Value],
    bias: ir.Value | None,
    choices: ir.Value | None,
) -> None:
    """Write the forward nest.

    Args:
        code: Where to.
        nest: Sizes.
        arrays: Inputs, weights, and outputs.
        bias: A number for each unit, or nothing.
        choices: Receives the choices, or nothing.
    """
    inputs, weights, outputs = arrays
    rows, columns, units = nest.outputs.shape
    channels, block = nest.inputs.shape[2], nest.block
    (rows_of_window, columns_of_window), (down, across) = nest.convolution.size, nest.convolution.dilation
    reductions = [
        Reduction(rows_of_window, down * nest.inputs.row_step, columns_of_window * channels * block),
        Reduction(columns_of_window, across * nest.inputs.column_step, channels * block),
    ]
    if channels > 1:
        reductions.append(Reduction(channels, 1, block))
    together = _most_units(nest, code.target.accumulators // len(nest.places))
    sums_of = Block(reductions, nest.places, range(together))
    with code.grid(units // block, block // together, rows, columns) as (unit_block, part, row, column):
        within = code.times(part, together)
        first_unit = code.add(code.times(unit_block, block), within)
        own_weights = code.at(weights, code.add(code.times(unit_block, nest.steps * block), within))
        start = start_sums(code, bias, first_unit, together)
        window = code.vector_at(inputs, nest.window_at(code, row, column))
        sums = emit_block(code, sums_of, window, own_weights, start * len(nest.places))
        for unit in range(together):
            largest, choice = _choose(code, sums[unit::together], rectified=nest.rectified)
            place = (row, column, code.add(first_unit, unit))
            code.store(largest, outputs, position(code, nest.outputs, place))
            if choices is not None:
                kind = ir.VectorType(BYTE, code.target.lanes)
                where = code.at(choices, position(code, nest.choices, place), kind)
                code.builder.store(code.builder.trunc(choice, kind), where, align=4)


def emit_pooled_backward(
    code: Code,
    nest: PooledConvolution,
    arrays: tuple[ir.Value, ir.Value, ir.Value],
    gradient_layout: Layout,
    results: tuple[ir.Value, ir.Value | None],
) -> None:
    """Write the backward nest.

    Args:
        code: Where to.
        nest: Sizes.
        arrays: Inputs, choices, and the gradient of the pooled values.
        gradient_layout: Layout of that gradient.
        results: Receive the gradients of the weights and, if there are any, of the biases.
    """
    weight_result, bias_result = results
    together = _most_units(nest, _most_sums(code) // nest.steps)
    # As many taps as there are registers for.
    most = _most_sums(code) // together
    with code.grid(nest.outputs.shape[2] // nest.block, nest.block // together) as (unit_block, part):
        within = code.times(part, together)
        units = _Units(nest, gradient_layout, code.add(code.times(unit_block, nest.block), within), together)
        result = code.at(weight_result, code.add(code.times(unit_block, nest.steps * nest.block), within))
        for first in range(0, nest.steps, most):
            sums = _sum_chosen(code, units, arrays, nest.taps[first : first + most])
            for number, total in enumerate(_totals(code, sums)):
                tap, unit = divmod(number, together)
                code.store_number(total, result, (first + tap) * nest.block + unit)
        if bias_result is not None:
            for unit, total in enumerate(_totals(code, _sum_kept(code, units, arrays))):
                code.store_number(total, bias_result, code.add(units.first, unit))


@dataclass(frozen=True)
class _Units:
    """Units that are worked on together: the first, and how many."""

    nest: PooledConvolution
    gradient_layout: Layout
    first: Index
    count: int

    def load(
        self, code: Code, arrays: tuple[ir.Value, ir.Value, ir.Value], row: Index, column: Index
    ) -> list[tuple[ir.Value, ir.Value]]:
        """Each unit's gradient at a pooled pixel, and its choice."""
        _, choices, gradients = arrays
        pairs = []
        kind = ir.VectorType(BYTE, code.target.lanes)
        for unit in range(self.count):
            place = (row, column, code.add(self.first, unit))
            gradient = code.load(gradients, position(code, self.gradient_layout, place))
            at_choice = code.at(choices, position(code, self.nest.choices, place), kind)
            choice = code.builder.zext(code.builder.load(at_choice, kind=kind, align=4), code.integers_type)
            pairs.append((gradient, choice))
        return pairs


def _choose(code: Code, sums: list[ir.Value], *, rectified: bool) -> tuple[ir.Value, ir.Value]:
    """The largest of a window's sums, and the number of its place; the number of places if there is none."""
    largest, choice = sums[0], code.splat_integer(0)
    for number, value in enumerate(sums[1:], start=1):
        is_larger = code.builder.fcmp_ordered(">", value, largest)
        largest = code.builder.select(is_larger, value, largest)
        choice = code.builder.select(is_larger, code.splat_integer(number), choice)
    if rectified:
        is_open = code.builder.fcmp_ordered(">", largest, code.splat(0.0))
        choice = code.builder.select(is_open, choice, code.splat_integer(len(sums)))
        largest = relu(code, largest)
    return largest, choice


def _sum_chosen(
    code: Code, units: _Units, arrays: tuple[ir.Value, ir.Value, ir.Value], taps: list[int]
) -> list[ir.Value]:
    """Sum inputs times gradients over all pooled pixels, for each tap and unit, tap by tap."""
    nest = units.nest
    rows, columns, _ = nest.outputs.shape
    down, across = nest.pixel_steps
    zero = code.splat(0.0)
    with code.loop(rows, [zero] * (len(taps) * units.count)) as row:
        with code.loop(columns, row.values) as column:
            window = code.vector_at(arrays[0], nest.window_at(code, row.index, column.index))
            pairs = units.load(code, arrays, row.index, column.index)
            # Loops, not written out: inputs shared by places would all be kept in registers there are not enough of.
            with code.loop(nest.pooling.size[0], column.values) as place_row:
                with code.loop(nest.pooling.size[1], place_row.values) as place_column:
                    offset = code.add(code.times(place_row.index, down), code.times(place_column.index, across))
                    number = code.add(code.times(place_row.index, nest.pooling.size[1]), place_column.index)
                    chosen = code.splat_integer(code.builder.trunc(code.index(number), INT32))
                    gradients = [
                        code.builder.select(code.builder.icmp_signed("==", choice, chosen), gradient, zero)
                        for gradient, choice in pairs
                    ]
                    place = code.vector_at(window, offset)
                    products = [(code.load(place, tap), gradient) for tap in taps for gradient in gradients]
                    place_column.carry(
                        [
                            code.fma(vector, gradient, total)
                            for (vector, gradient), total in zip(products, place_column.values, strict=True)
                        ]
                    )
                place_row.carry(place_column.values)
            column.carry(place_row.values)
        row.carry(column.values)
    return row.values


def _sum_kept(code: Code, units: _Units, arrays: tuple[ir.Value, ir.Value, ir.Value]) -> list[ir.Value]:
    """Sum the gradients that any place was chosen for over all pooled pixels, for each unit."""
    rows, columns, _ = units.nest.outputs.shape
    none, zero = code.splat_integer(len(units.nest.places)), code.splat(0.0)
    with code.loop(rows, [zero] * units.count) as row:
        with code.loop(columns, row.values) as column:
            pairs = units.load(code, arrays, row.index, column.index)
            kept = [
                code.builder.select(code.builder.icmp_signed("!=", choice, none), gradient, zero)
                for gradient, choice in pairs
            ]
            column.carry([code.builder.fadd(a, b) for a, b in zip(column.values, kept, strict=True)])
        row.carry(column.values)
    return row.values


def _totals(code: Code, sums: list[ir.Value]) -> list[ir.Value]:
    """Each vector's sum over its lanes."""
    totals = []
    for first in range(0, len(sums), code.target.lanes):
        run = sums[first : first + code.target.lanes]
        together = code.lane_sums(run)
        totals += [code.builder.extract_element(together, INT32(number)) for number in range(len(run))]
    return totals


def _most_units(nest: PooledConvolution, fitting: int) -> int:
    """As many units of a block as fit, and divide it; one at least."""
    return max(number for number in range(1, nest.block + 1) if nest.block % number == 0 and number <= max(fitting, 1))


def _most_sums(code: Code) -> int:
    """Sums in registers together; inputs are multiplied where they lie in memory and need none."""
    return code.target.accumulators + code.target.accumulators // 6

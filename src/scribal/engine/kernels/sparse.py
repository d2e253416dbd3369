"""The backward pass of a convolution behind max-pooling, where most of the gradient is zero.

Of each pooling window one pixel gets the gradient, and none if a ReLU was closed there. The plain loop nest goes
through these
entries only::

    for image, unit:
        for entry (gradient, where) of this image and unit:
            for tap, channel:
                weight_gradient[unit, tap, channel] += gradient * input[image, where + tap, channel]
                input_gradient[image, where + tap, channel] += gradient * weight[unit, tap, channel]

It is the same sum as the dense one without its zeros. Which entries there are differs from image to image, so here
channels are in the lanes: the inputs are turned over before, the input gradient is turned back after. Vectors are of
the least width that holds the channels, as half of a processor's width takes half the time. Blocked: for one unit
all taps' sums, or all its weights, stay in registers over the entries.
"""

from dataclasses import dataclass, replace

from scribal.engine import llvm as ir
from scribal.engine.ir import INT32, INT64, Code, Index
from scribal.engine.kernels.place import position
from scribal.engine.kernels.pool import Pool, largest_of
from scribal.engine.layout import Layout

__all__ = ["Entries", "Geometry", "emit_collect", "emit_pack", "emit_sparse_backward", "emit_turn_in", "emit_turn_out"]


# Narrower vectors are no faster.
_LEAST_WIDTH = 4


@dataclass(frozen=True)
class Geometry:
    """Sizes of a sparse backward pass.

    Attributes:
        units: Output channels.
        channels: Input channels.
        taps: Distance of each tap from the window's first, in pixels of a bordered image.
        pixels: Pixels of a bordered image.
        capacity: Entries there can be for one image and unit.
        pixel_steps: From an output row to the next, and an output column, in pixels of a bordered image.
        lanes: Images, one in each lane of the processor's vectors.
    """

    units: int
    channels: int
    taps: tuple[int, ...]
    pixels: int
    capacity: int
    pixel_steps: tuple[int, int]
    lanes: int

    @property
    def width(self) -> int:
        """Lanes of a vector of channels."""
        return min(max(1 << (self.channels - 1).bit_length(), _LEAST_WIDTH), self.lanes)

    @property
    def vectors(self) -> int:
        """Vectors that hold the channels of a pixel; the last is filled up with zeros."""
        return -(-self.channels // self.width)

    @property
    def image(self) -> int:
        """Vectors of an image."""
        return self.pixels * self.vectors

    @property
    def filters(self) -> int:
        """Vectors of all units' weights, as ``[unit][tap][channels]``."""
        return self.units * len(self.taps) * self.vectors

    def narrow(self, code: Code) -> Code:
        """The same place, for vectors of channels."""
        return Code(code.builder, replace(code.target, lanes=self.width))


@dataclass(frozen=True)
class Entries:
    """Lists of what is not zero.

    ``gradients`` and ``places`` are ``[image][unit][entry]``, ``counts`` is ``[unit][image]``.
    """

    gradients: ir.Value
    places: ir.Value
    counts: ir.Value


def emit_turn_in(code: Code, geometry: Geometry, values: ir.Value, images: ir.Value) -> None:
    """Images in the lanes -> channels in the lanes, border and all."""
    narrow = geometry.narrow(code)
    with code.loop(geometry.pixels) as pixels:
        for vector in range(geometry.vectors):
            first = vector * geometry.width
            count = min(geometry.width, geometry.channels - first)
            place = code.add(code.times(pixels.index, geometry.channels), first)
            rows = [code.load(values, code.add(place, channel)) for channel in range(count)]
            rows += [code.splat(0.0)] * (geometry.lanes - count)
            to = code.add(code.times(pixels.index, geometry.vectors), vector)
            for image, row in enumerate(code.transpose(rows)):
                narrow.store(code.resize(row, geometry.width), images, narrow.add(to, image * geometry.image))


def emit_turn_out(
    code: Code, geometry: Geometry, inputs: Layout, images: ir.Value, layout: Layout, values: ir.Value
) -> None:
    """Channels in the lanes -> images in the lanes, without the border.

    Args:
        code: Where to.
        geometry: Sizes.
        inputs: Layout of the bordered images.
        images: Where they lie.
        layout: Layout of the result.
        values: Where it goes.
    """
    narrow = geometry.narrow(code)
    with code.grid(*layout.shape[:2]) as (row, column):
        pixel = position(code, inputs, (row, column, 0))
        pixel = code.builder.sdiv(code.index(pixel), INT64(geometry.channels))
        start = code.times(pixel, geometry.vectors)
        for vector in range(geometry.vectors):
            first = vector * geometry.width
            place = code.add(start, vector)
            rows = [narrow.load(images, code.add(place, image * geometry.image)) for image in range(geometry.lanes)]
            rows = [code.resize(channels, geometry.lanes) for channels in rows]
            to = position(code, layout, (row, column, first))
            for channel, value in enumerate(code.transpose(rows)[: min(geometry.width, geometry.channels - first)]):
                code.store(value, values, code.add(to, channel))


def emit_collect(
    code: Code,
    geometry: Geometry,
    pool: Pool,
    arrays: tuple[ir.Value, ir.Value],
    gradient_layout: Layout,
    entries: Entries,
    bias_gradient: ir.Value | None,
    *,
    rectified: bool,
) -> None:
    """List what the pooling lets through.

    Args:
        code: Where to.
        geometry: Sizes.
        pool: The pooling behind the convolution.
        arrays: The pooling's inputs, and the gradient of its outputs.
        gradient_layout: Layout of that gradient.
        entries: Receives the lists.
        bias_gradient: Receives the sum of each unit's gradients.
        rectified: Whether a ReLU lies before the pooling; its slope is that of the value that was let through.
    """
    builder, zeros = code.builder, code.splat_integer(0)
    values, gradients = arrays
    # A window's taps in the convolution's output, as places of its windows in the bordered input image.
    steps = geometry.pixel_steps
    places = [
        row * steps[0] + column * steps[1]
        for row in range(pool.window.size[0])
        for column in range(pool.window.size[1])
    ]
    with code.loop(geometry.units) as units:
        unit = units.index
        lists = builder.mul(code.lane_numbers(), code.splat_integer(geometry.units * geometry.capacity))
        own = builder.trunc(code.index(code.times(unit, geometry.capacity)), INT32)
        lists = builder.add(lists, code.splat_integer(own))
        with code.loop(pool.outputs.shape[0], [zeros, code.splat(0.0)]) as rows:
            with code.loop(pool.outputs.shape[1], rows.values) as columns:
                count, total = columns.values
                place = (rows.index, columns.index, unit)
                window = code.vector_at(values, pool.first_tap(code, pool.inputs, place))
                taps = [code.load(window, tap) for tap in pool.taps(pool.inputs)]
                largest = largest_of(code, taps)
                gradient = code.load(gradients, position(code, gradient_layout, place))
                where = code.splat_integer(places[-1])
                for tap, distance in reversed(list(zip(taps, places, strict=True))[:-1]):
                    found = builder.fcmp_ordered("==", tap, largest)
                    where = builder.select(found, code.splat_integer(distance), where)
                down = code.times(rows.index, pool.window.strides[0] * steps[0])
                across = code.times(columns.index, pool.window.strides[1] * steps[1])
                first = builder.trunc(code.index(code.add(down, across)), INT32)
                where = builder.add(where, code.splat_integer(first))
                keep = builder.fcmp_unordered("!=", gradient, code.splat(0.0))
                if rectified:
                    keep = builder.and_(keep, builder.fcmp_ordered(">", largest, code.splat(0.0)))
                to = builder.add(lists, count)
                code.scatter(gradient, entries.gradients, to, keep)
                code.scatter(where, entries.places, to, keep)
                kept = builder.select(keep, gradient, code.splat(0.0))
                columns.carry([builder.sub(count, builder.sext(keep, code.integers_type)), builder.fadd(total, kept)])
            rows.carry(columns.values)
        count, total = rows.values
        code.store(builder.bitcast(count, code.vector_type), entries.counts, unit)
        if bias_gradient is not None:
            code.store_unaligned(code.lane_sums([total]), bias_gradient, unit)


def emit_pack(
    code: Code, geometry: Geometry, block: int, weights: ir.Value, filters: ir.Value, *, back: bool = False
) -> None:
    """Copy a layer's weights into vectors of channels, or such vectors back to where weights lie."""
    taps, channels = len(geometry.taps), geometry.channels
    with code.grid(geometry.units // block, taps, channels) as (unit_block, tap, channel):
        step = code.add(code.times(code.add(code.times(unit_block, taps), tap), channels), channel)
        for unit in range(block):
            number = code.add(code.times(unit_block, block), unit)
            pixel = code.add(code.times(number, taps), tap)
            place = code.add(code.times(pixel, geometry.vectors * geometry.width), channel)
            at_weight = code.add(code.times(step, block), unit)
            if back:
                code.store_number(code.load_number(filters, place), weights, at_weight)
            else:
                code.store_number(code.load_number(weights, at_weight), filters, place)


def emit_sparse_backward(
    code: Code,
    geometry: Geometry,
    entries: Entries,
    images: tuple[ir.Value, ir.Value],
    filters: tuple[ir.Value, ir.Value],
) -> None:
    """Write the sparse nest.

    Args:
        code: Where to.
        geometry: Sizes.
        entries: The lists.
        images: Inputs, and where their gradient goes.
        filters: Weights, and where their gradient goes.
    """
    code = geometry.narrow(code)
    for array, size in ((images[1], geometry.image * geometry.lanes), (filters[1], geometry.filters)):
        with code.loop(size) as loop:
            code.store(code.splat(0.0), array, loop.index)
    vectors = geometry.vectors
    places = [tap * vectors + vector for tap in geometry.taps for vector in range(vectors)]
    # All of a filter of 25 taps; the factor and what is loaded need registers as well.
    most = code.target.accumulators + code.target.accumulators // 6
    with code.loop(geometry.lanes) as image, code.loop(geometry.units) as unit:
        pictures = [code.vector_at(array, code.times(image.index, geometry.image)) for array in images]
        own = [code.vector_at(array, code.times(unit.index, len(places))) for array in filters]
        number = code.add(code.times(unit.index, geometry.lanes), image.index)
        count = code.builder.zext(code.load_number(entries.counts, number, INT32), INT64)
        first = code.times(code.add(code.times(image.index, geometry.units), unit.index), geometry.capacity)
        for start in range(0, len(places), most):
            block = places[start : start + most]
            sums = [code.load(own[1], start + index) for index in range(len(block))]
            with code.loop(count, sums, perhaps_never=True) as loop:
                gradient, at = _entry(code, geometry, entries, code.add(first, loop.index), pictures[0])
                loop.carry([code.fma(gradient, code.load(at, p), s) for p, s in zip(block, loop.values, strict=True)])
            for index, value in enumerate(loop.values):
                code.store(value, own[1], start + index)
        for start in range(0, len(places), most):
            block = places[start : start + most]
            weights = [code.load(own[0], start + index) for index in range(len(block))]
            with code.loop(count, perhaps_never=True) as loop:
                gradient, at = _entry(code, geometry, entries, code.add(first, loop.index), pictures[1])
                for place, weight in zip(block, weights, strict=True):
                    code.store(code.fma(gradient, weight, code.load(at, place)), at, place)


def _entry(
    code: Code, geometry: Geometry, entries: Entries, number: Index, picture: ir.Value
) -> tuple[ir.Value, ir.Value]:
    """An entry's gradient in every lane, and a pointer to its window in a picture."""
    gradient = code.splat(code.load_number(entries.gradients, number))
    place = code.builder.zext(code.load_number(entries.places, number, INT32), INT64)
    return gradient, code.vector_at(picture, code.times(place, geometry.vectors))

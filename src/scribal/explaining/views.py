"""What an explanation shows: its numbers as small pictures with captions, for the page and for the sheets alike."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from scribal.explaining.colours import Pixels, as_pixels, coloured, framed, scale_text, signed, with_ink
from scribal.explaining.explanation import Explanation
from scribal.explaining.image_network import Array
from scribal.explaining.layers import Filters, LayerResult
from scribal.explaining.sheets import Tile
from scribal.runs.counting import counted

__all__ = ["View", "Views", "views_of"]

_MOST_TILES = 64
_ROW_LENGTH = 32
_FLAT = 3
_GAP_COLOUR = 200
_ENLARGED = 8
_WIDTH_OF_NUMBER, _WIDTH_OF_WEIGHT = 13, 4


@dataclass(frozen=True)
class View:
    """A group of pictures under one heading.

    Attributes:
        name: Of its PNG file, without the suffix.
        heading: What it is.
        facts: Shape, range and the like, each a phrase.
        tiles: The pictures.
        scale: What the colours mean.
        wide: How many CSS pixels a number takes, where a picture is a row or a table of numbers; 0 for maps, which are
            all shown at one size.
    """

    name: str
    heading: str
    facts: tuple[str, ...]
    tiles: tuple[Tile, ...] = field(default=())
    scale: str = ""
    wide: int = 0


@dataclass(frozen=True)
class Views:
    """All views of an explanation.

    Attributes:
        picture: The picture as it came, and as the network gets it.
        changes: The changed pictures.
        attributions: The maps of all methods, each on the scale of its own largest number, with the ink as a shade.
        neighbours: The nearest training pictures.
        convolution: Where the worked convolution's window lies on what it reads, and its number in the filter's map.
        layers: Every layer's feature maps, with shape and range; a layer that changes no number has no pictures.
        filters: The kernels of every layer that has some.
    """

    picture: View
    changes: View
    attributions: View
    neighbours: View
    convolution: View
    layers: tuple[View, ...]
    filters: tuple[View, ...]

    @property
    def with_pictures(self) -> tuple[View, ...]:
        """Those that have any, in the order of the page."""
        first = (self.picture, self.changes, self.attributions, self.neighbours, self.convolution)
        return tuple(view for view in (*first, *self.layers, *self.filters) if view.tiles)


def views_of(explanation: Explanation) -> Views:
    """Make all views of an explanation."""
    return Views(
        picture=_input_view(explanation),
        changes=_change_view(explanation),
        attributions=_attribution_view(explanation),
        neighbours=_neighbour_view(explanation),
        convolution=_worked_view(explanation),
        layers=tuple(_layer_views(explanation)),
        filters=tuple(_filter_views(explanation)),
    )


def _input_view(explanation: Explanation) -> View:
    picture = explanation.picture
    height, width, channels = picture.pixels.shape
    tiles = [Tile(as_pixels(picture.pixels), "as the network gets it\n" + _size(height, width, channels))]
    if picture.original is not None:
        original = _at_most(picture.original)
        tiles.insert(0, Tile(original, "as it came\n" + _size(*picture.original.shape)))
    return View("input", "The picture", (), tuple(tiles))


def _attribution_view(explanation: Explanation) -> View:
    tiles = []
    for one in explanation.attributions:
        largest = float(np.abs(one.values).max())
        colours = with_ink(signed(one.values, largest), explanation.picture.pixels)
        tiles.append(Tile(colours, f"{one.method}\nlargest {scale_text(largest)}"))
    heading = f"Which pixels count for {explanation.explained_class}"
    return View("attributions", heading, (), tuple(tiles))


def _change_view(explanation: Explanation) -> View:
    tiles = [
        Tile(
            as_pixels(change.picture),
            f"{change.kind}: {change.description}\ntaken for {explanation.class_names[change.answer]}, "
            f"confidence {change.confidence:.1%}",
        )
        for change in explanation.changes
        if change.picture is not None and change.answer is not None
    ]
    return View("changes", "What changes the answer", (), tuple(tiles))


def _neighbour_view(explanation: Explanation) -> View:
    tiles = [
        Tile(as_pixels(one.picture), f"{one.label}\ndistance {scale_text(one.distance)}\nnumber {one.index:,}")
        for one in explanation.neighbours
    ]
    return View("neighbours", "The nearest training pictures", (), tuple(tiles))


def _layer_views(explanation: Explanation) -> Iterator[View]:
    for number, layer in enumerate(explanation.layers, start=1):
        facts: tuple[str, ...]
        shape = " × ".join(map(str, layer.values.shape))  # noqa: RUF001 - times
        name = f"layer-{number:02}-{layer.name.replace('/', '-')}"
        if layer.remark:
            yield View(name, layer.name, (layer.kind, shape, layer.remark))
            continue
        facts = (layer.kind, shape, f"{scale_text(layer.low)} to {scale_text(layer.high)}")
        if layer.zeros:
            facts = (*facts, f"{layer.zeros:.0%} zeros")
        maps = layer.maps
        if layer.values.ndim == _FLAT and len(maps) > _MOST_TILES:
            facts = (*facts, f"the first {_MOST_TILES} maps")
        wide = 0 if layer.values.ndim == _FLAT else _WIDTH_OF_NUMBER
        yield View(name, layer.name, facts, tuple(_map_tiles(layer, maps)), _scale(layer), wide)


def _filter_views(explanation: Explanation) -> Iterator[View]:
    for filters in explanation.filters:
        largest = float(np.abs(filters.kernels).max())
        count, channels, rows, columns = filters.kernels.shape
        kind = counted(filters.total, "unit" if filters.kind == "Dense" else "filter")
        facts: tuple[str, ...] = (f"{kind} of {rows} × {columns}" + (f" × {channels}" if channels > 1 else ""),)  # noqa: RUF001
        scale = f"blue −{scale_text(largest)}, white 0, orange {scale_text(largest)}"  # noqa: RUF001
        if filters.kind == "Dense" and count < filters.total:
            facts = (*facts, f"the {count} that answer this picture strongest")
        name = f"filters-{filters.name.replace('/', '-')}"
        if channels == 1 and rows * columns > 1:
            tiles = _kernel_tiles(filters, largest)
            yield View(name, filters.name, (filters.kind, *facts), tiles, scale)
        else:
            table = Tile(_table(filters.kernels[:_MOST_TILES, :_MOST_TILES], largest), "")
            facts = (*facts, "a row for each filter, a column for each channel it reads")
            if max(count, channels) > _MOST_TILES:
                facts = (*facts, f"the first {_MOST_TILES} of them")
            yield View(name, filters.name, (filters.kind, *facts), (table,), scale, wide=_WIDTH_OF_WEIGHT)


def _worked_view(explanation: Explanation) -> View:
    worked = explanation.worked
    if worked is None:
        return View("convolution", "One convolution, worked out", ())
    read = worked.read.max(axis=-1)
    window = coloured(read, float(read.min()), float(read.max()))
    maps = coloured(worked.map, float(worked.map.min()), float(worked.map.max()))
    place = (worked.row, worked.row + 1), (worked.column, worked.column + 1)
    tiles = (
        Tile(framed(window, *worked.frame, _ENLARGED), "what it reads\nand the window on it"),
        Tile(framed(maps, *place, _ENLARGED), f"map of filter {worked.filter_number}\nand the number in it"),
    )
    return View("convolution", "One convolution, worked out", (), tiles)


def _map_tiles(layer: LayerResult, maps: Array) -> Iterator[Tile]:
    if layer.values.ndim == _FLAT:
        for number, one in enumerate(maps[:_MOST_TILES]):
            yield Tile(coloured(one, layer.low, layer.high), str(number))
    else:
        yield Tile(coloured(_in_rows(layer.values.reshape(-1)), layer.low, layer.high), "")


def _in_rows(values: Array) -> Array:
    """Numbers in rows of 32 at most; what is left of the last row stays 0."""
    rows = -(-values.size // _ROW_LENGTH)
    if rows == 1:
        return values.reshape(1, -1)
    full = np.zeros(rows * _ROW_LENGTH, values.dtype)
    full[: values.size] = values
    return full.reshape(rows, _ROW_LENGTH)


def _kernel_tiles(filters: Filters, largest: float) -> tuple[Tile, ...]:
    shown = zip(filters.numbers[:_MOST_TILES], filters.kernels[:_MOST_TILES, 0], strict=True)
    return tuple(Tile(signed(kernel, largest), str(number)) for number, kernel in shown)


def _table(kernels: Array, largest: float) -> Pixels:
    """Kernels (filters, channels, rows, columns) side by side, a grey line between any two."""
    count, channels, rows, columns = kernels.shape
    line = 1 if rows * columns > 1 else 0
    table = np.full((count * (rows + line) - line, channels * (columns + line) - line, 3), _GAP_COLOUR, np.uint8)
    colours = signed(kernels, largest)
    for number in range(count):
        for channel in range(channels):
            top, left = number * (rows + line), channel * (columns + line)
            table[top : top + rows, left : left + columns] = colours[number, channel]
    return table


def _scale(layer: LayerResult) -> str:
    if layer.low < 0:
        largest = scale_text(max(-layer.low, layer.high))
        return f"blue −{largest}, white 0, orange {largest}"  # noqa: RUF001 - a minus sign
    return f"black 0, white {scale_text(layer.high)}"


def _at_most(grey: Pixels, side: int = 320) -> Pixels:
    """A large photo made smaller."""
    from PIL import Image

    image = Image.fromarray(grey)
    image.thumbnail((side, side))
    return np.asarray(image)


def _size(height: int, width: int, channels: int = 1) -> str:
    return f"{height} × {width}" + (f" × {channels}" if channels > 1 else "")  # noqa: RUF001 - times

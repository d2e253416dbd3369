"""Maps of a share over two quantities, side by side on one scale."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.runs.plots import style
from scribal.runs.plots.lettering import bold_font, font_families

__all__ = ["plot_heat_maps"]

# In inches.
_MAP_SIDE = 2.55
_TICKS_WIDTH = 0.5
_HEADING = 0.3
_BELOW = 0.6
_GAP = 0.16
_BAR_WIDTH = 0.14
_BAR_ROOM = 0.95
_SCALE = "cividis"  # alike for every form of colour blindness (Nuñez, Anderton, Renslow, PLOS ONE 13(7), 2018)


def plot_heat_maps(
    rows: Sequence[tuple[str, Sequence[NDArray[np.float64]]]],
    headings: Sequence[str],
    path: Path,
    title: str,
    *,
    largest: int,
    names: tuple[str, str],
) -> None:
    """Draw maps of shares in rows and columns, on one scale from 0 to 100 %, and write them to ``path`` as PNG.

    Args:
        rows: For each row of maps what they show, and the maps, each of shape (2 * largest + 1, 2 * largest + 1).
        headings: One for each column of maps.
        path: Where the picture goes.
        title: Heads the picture.
        largest: What the maps' edges stand for; their middle is 0.
        names: What lies along the bottom and the side.
    """
    columns = len(headings)
    width = style.MARGIN * 2 + columns * (_TICKS_WIDTH + _MAP_SIDE) + (columns - 1) * _GAP + _BAR_ROOM
    row_height = _HEADING + _MAP_SIDE + _BELOW
    figure = style.new_figure(width, style.TITLE_HEIGHT + len(rows) * row_height, title)
    ticks = [-largest, -largest // 2, 0, largest // 2, largest]
    for line, (measure, maps) in enumerate(rows):
        top = style.TITLE_HEIGHT + line * row_height + _HEADING
        for column, (heading, values) in enumerate(zip(headings, maps, strict=True)):
            left = style.MARGIN + _TICKS_WIDTH + column * (_MAP_SIDE + _TICKS_WIDTH + _GAP)
            axes = style.place_axes(figure, left, top, _MAP_SIDE, _MAP_SIDE)
            edge = largest + 0.5
            image = axes.imshow(values, cmap=_SCALE, vmin=0, vmax=1, extent=(-edge, edge, edge, -edge))
            levels = [level for level in (0.5, 0.9) if values.min() < level < values.max()]
            if levels:
                places = np.arange(-largest, largest + 1)
                lines = axes.contour(places, places, values, levels=levels, colors=style.PAPER, linewidths=1.1)
                axes.clabel(lines, fmt=lambda level: f"{level:.0%}", fontsize=7.5)
            axes.set_xticks(ticks)
            axes.set_yticks(ticks)
            axes.tick_params(labelsize=style.SMALL_SIZE)
            text = f"{heading}: {measure}"
            axes.set_title(text, loc="left", fontsize=style.TEXT_SIZE, color=style.INK, pad=6, **bold_font(text))
            options: dict[str, Any] = {
                "fontsize": style.SMALL_SIZE,
                "fontfamily": font_families(),
                "color": style.FAINT_INK,
            }
            axes.set_xlabel(names[0], **options)
            if column == 0:
                axes.set_ylabel(names[1], labelpad=0, **options)
        bar = style.place_axes(figure, width - style.MARGIN - _BAR_ROOM + 0.22, top, _BAR_WIDTH, _MAP_SIDE)
        scale = figure.colorbar(image, cax=bar)
        scale.outline.set_visible(False)
        bar.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        bar.tick_params(length=0, labelsize=style.SMALL_SIZE, labelcolor=style.INK)
    style.save_figure(figure, path)

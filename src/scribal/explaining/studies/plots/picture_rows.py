"""Rows of pictures with a name before each row: filters, what passes them, and what pooling leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scribal.explaining.studies.plots.series import write
from scribal.runs.plots import style
from scribal.runs.plots.lettering import bold_font

__all__ = ["SIGNED_COLOURS", "PictureRow", "plot_picture_rows"]

# In inches.
_SIDE = 0.78
_GAP = 0.07
_MOST_COLUMNS = 8
_ROW_HEADING = 0.34
_ROW_GAP = 0.1
_LEAST_WIDTH = 4.6
SIGNED_COLOURS = "PuOr_r"
"""Orange above 0, purple below, which every form of colour blindness tells apart."""


@dataclass(frozen=True)
class PictureRow:
    """Pictures of one kind, drawn on one scale, eight to a line.

    Attributes:
        heading: What they are.
        pictures: Of shape (n, height, width).
        is_signed: Whether values below 0 mean something: they are drawn from purple by white to orange, with 0 white;
            otherwise from black at 0 to white at the largest.
    """

    heading: str
    pictures: NDArray[np.floating]
    is_signed: bool = False


def plot_picture_rows(rows: Sequence[PictureRow], path: Path, title: str) -> None:
    """Draw rows of pictures below each other and write them to ``path`` as PNG.

    Args:
        rows: What is drawn.
        path: Where the picture goes.
        title: Heads the picture.
    """
    columns = min(_MOST_COLUMNS, max(len(row.pictures) for row in rows))
    heights = [_ROW_HEADING + _lines(row) * (_SIDE + _GAP) + _ROW_GAP for row in rows]
    longest = max(len(text) for text in (title, *(row.heading for row in rows)))
    for_text = style.width_of_letters(longest + 2, style.TITLE_SIZE)
    content = max(columns * (_SIDE + _GAP), min(for_text, 7.5), _LEAST_WIDTH)
    height = sum(heights)
    figure = style.new_figure(content + 2 * style.MARGIN, style.TITLE_HEIGHT + height + 0.05, title)
    axes = style.place_axes(figure, style.MARGIN, style.TITLE_HEIGHT, content, height)
    style.hide_ticks(axes)
    top = 0.0
    for row, row_height in zip(rows, heights, strict=True):
        write(
            axes,
            0,
            top + _ROW_HEADING / 2,
            row.heading,
            va="center",
            fontsize=style.TEXT_SIZE,
            **bold_font(row.heading),
        )
        largest = float(np.abs(row.pictures).max(initial=0)) or 1.0
        for number, picture in enumerate(row.pictures):
            line, column = divmod(number, _MOST_COLUMNS)
            left, upper = column * (_SIDE + _GAP), top + _ROW_HEADING + line * (_SIDE + _GAP)
            axes.imshow(
                picture,
                cmap=SIGNED_COLOURS if row.is_signed else "gray",
                vmin=-largest if row.is_signed else 0,
                vmax=largest,
                interpolation="nearest",
                extent=(left, left + _SIDE, upper + _SIDE, upper),
            )
            axes.plot(
                [left, left + _SIDE, left + _SIDE, left, left],
                [upper, upper, upper + _SIDE, upper + _SIDE, upper],
                color=style.GRID,
                linewidth=0.8,
            )
        top += row_height
    axes.set_xlim(0, content)
    axes.set_ylim(height, 0)
    axes.set_aspect("auto")
    style.save_figure(figure, path)


def _lines(row: PictureRow) -> int:
    return -(-len(row.pictures) // _MOST_COLUMNS)

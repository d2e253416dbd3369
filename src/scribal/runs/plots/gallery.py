"""A grid of pictures, each with a line below: the worst mistakes of a run."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scribal.exceptions import ArgumentError
from scribal.runs.plots import style
from scribal.runs.plots.lettering import fitting_lines, font_families
from scribal.runs.plots.pictures import checked_pictures, draw_picture

_MOST_PICTURES = 64
_MOST_COLUMNS = 6
_COLUMNS_OF_A_FEW = 5
_MOST_CAPTION_LINES = 3
# In inches; a row of five can still be read on a phone.
_PICTURE_SIDE = 1.05
_GAP = 0.14
_LINE_HEIGHT = 0.16
_LEAST_WIDTH = 3.0
_MOST_WIDTH_FOR_TITLE = 6.3


def plot_gallery(images: NDArray[np.uint8], captions: Sequence[str], path: Path, title: str) -> None:
    """Draw pictures in a grid with their captions below, and write it to ``path`` as PNG.

    Args:
        images: Pixels of shape (n, height, width) or (n, height, width, 3). The first 64 are drawn; where there is
            none, the picture says so.
        captions: One line a picture, such as ``"5 -> 3  99 %"``.
        path: Where the picture goes.
        title: Heads the picture.

    Raises:
        ArgumentError: There is not one caption for each picture, or they are not pictures.
    """
    if len(images) != len(captions):
        raise ArgumentError(
            "A gallery must have one caption for each picture",
            received=f"{len(images)} pictures and {len(captions)} captions",
            advice="Give as many captions as pictures",
        )
    for_title = style.width_of_letters(len(title) + 1, style.TITLE_SIZE) + 2 * style.MARGIN
    least_width = min(max(_LEAST_WIDTH, for_title), _MOST_WIDTH_FOR_TITLE)
    if len(images) == 0:
        figure = style.new_figure(least_width, 1.4, title)
        axes = style.place_axes(figure, style.MARGIN, style.TITLE_HEIGHT, least_width - 2 * style.MARGIN, 0.7)
        style.hide_ticks(axes)
        style.put_notice(axes, "There are none.")
        style.save_figure(figure, path)
        return
    pictures = checked_pictures(images)[:_MOST_PICTURES]
    letters = style.letters_that_fit(_PICTURE_SIDE + _GAP, style.SMALL_SIZE)
    texts = [fitting_lines(caption, letters, _MOST_CAPTION_LINES) for caption in captions[:_MOST_PICTURES]]
    caption_height = (1.8 + max(text.count("\n") for text in texts)) * _LINE_HEIGHT
    columns = _columns_for(len(pictures))
    rows = math.ceil(len(pictures) / columns)
    grid_width, grid_height = columns * (_PICTURE_SIDE + _GAP), rows * (_PICTURE_SIDE + caption_height)
    figure = style.new_figure(
        max(least_width, grid_width + 2 * style.MARGIN - _GAP), style.TITLE_HEIGHT + grid_height + _GAP / 2, title
    )
    axes = style.place_axes(figure, style.MARGIN, style.TITLE_HEIGHT, grid_width, grid_height)
    style.hide_ticks(axes)
    across, down = 1 + _GAP / _PICTURE_SIDE, 1 + caption_height / _PICTURE_SIDE
    for number, (image, text) in enumerate(zip(pictures, texts, strict=True)):
        row, column = divmod(number, columns)
        draw_picture(axes, image, column * across, row * down)
        axes.text(
            column * across + 0.5,
            row * down + 1.04,
            text,
            ha="center",
            va="top",
            fontsize=style.SMALL_SIZE,
            fontfamily=font_families(),
            color=style.INK,
            linespacing=1.15,
        )
    axes.set_xlim(0, columns * across)
    axes.set_ylim(rows * down, 0)
    style.save_figure(figure, path)


def _columns_for(pictures: int) -> int:
    """Choose a grid that is about as wide as high, but for a few pictures one row."""
    return min(pictures, _MOST_COLUMNS, max(_COLUMNS_OF_A_FEW, math.ceil(math.sqrt(pictures))))

"""What a dataset holds: a row of pictures for each class, with the number of its samples."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scribal.exceptions import ArgumentError
from scribal.runs.plots import style
from scribal.runs.plots.lettering import bold_font, class_labels, font_families, text_columns
from scribal.runs.plots.pictures import checked_pictures, draw_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SAMPLES_A_ROW = 8
# More classes than this stand side by side in two blocks, with shorter rows; of many more, only the first are drawn.
_MOST_ROWS = 16
_SAMPLES_A_ROW_OF_TWO_BLOCKS = 6
_MOST_CLASSES = 64
_LONGEST_LABEL = 20
# In inches.
_PICTURE_SIDE = 0.52
_GAP = 0.06
_BLOCK_GAP = 0.25
_LEAST_LABEL_WIDTH = 0.95


def plot_samples(
    images: NDArray[np.uint8], labels: NDArray[np.integer[Any]], class_names: Sequence[str], path: Path
) -> None:
    """Draw the first samples of each class in a row, with how many there are, and write it to ``path`` as PNG.

    Args:
        images: Pixels of shape (n, height, width) or (n, height, width, 3).
        labels: The class of each, of shape (n,): numbers into ``class_names``.
        class_names: One name a class. Of more than 64 classes the first 64 are drawn.
        path: Where the picture goes.

    Raises:
        ArgumentError: There is not one label for each image, or they are not pictures.
    """
    pictures = checked_pictures(images)
    if labels.shape != (len(pictures),) or not class_names:
        raise ArgumentError(
            "Samples must have one label for each image, and class names",
            received=f"{len(pictures)} images, labels of shape {labels.shape}, {len(class_names)} names",
            advice="Give the labels as class numbers of shape (n,)",
        )
    shown = min(len(class_names), _MOST_CLASSES)
    blocks = 1 if shown <= _MOST_ROWS else 2
    rows = math.ceil(shown / blocks)
    a_row = _SAMPLES_A_ROW if blocks == 1 else _SAMPLES_A_ROW_OF_TWO_BLOCKS
    counts = [int(np.count_nonzero(labels == number)) for number in range(shown)]
    names = class_labels(class_names[:shown], _LONGEST_LABEL)
    letters = max(text_columns(name) + len(_count_text(count)) for name, count in zip(names, counts, strict=True)) + 3
    label_width = max(_LEAST_LABEL_WIDTH, style.width_of_letters(letters, style.TEXT_SIZE))
    step = _PICTURE_SIDE + _GAP
    block_width = label_width + a_row * step + _BLOCK_GAP
    width, height = blocks * block_width - _BLOCK_GAP, rows * step
    title = _title(pictures, len(class_names), shown)
    figure = style.new_figure(width + 2 * style.MARGIN, style.TITLE_HEIGHT + height + style.MARGIN, title)
    axes = style.place_axes(figure, style.MARGIN, style.TITLE_HEIGHT, width, height)
    style.hide_ticks(axes)
    # One unit of the axes is the side of a picture.
    for number in range(shown):
        block, row = divmod(number, rows)
        left, top = block * block_width / _PICTURE_SIDE, row * step / _PICTURE_SIDE
        pictures_left = left + label_width / _PICTURE_SIDE
        _write_label(axes, names[number], counts[number], (left, pictures_left - 0.25, top + 0.5))
        for place, sample in enumerate(np.flatnonzero(labels == number)[:a_row]):
            draw_picture(axes, pictures[sample], pictures_left + place * step / _PICTURE_SIDE, top)
    axes.set_xlim(0, width / _PICTURE_SIDE)
    axes.set_ylim(height / _PICTURE_SIDE, 0)
    style.save_figure(figure, path)


def _write_label(axes: "Axes", name: str, count: int, place: tuple[float, float, float]) -> None:
    left, right, middle = place
    axes.text(left, middle, name, va="center", fontsize=style.TEXT_SIZE, color=style.INK, **bold_font(name))
    axes.text(
        right,
        middle,
        _count_text(count),
        ha="right",
        va="center",
        fontfamily=font_families(),
        fontsize=style.SMALL_SIZE,
        color=style.FAINT_INK,
    )


def _count_text(count: int) -> str:
    return f"{count:,}" if count else "none"


def _title(pictures: NDArray[np.uint8], classes: int, shown: int) -> str:
    height, width = pictures.shape[1:3]
    size = f"{len(pictures):,} images of {width} × {height} pixels, {classes:,} classes"  # noqa: RUF001 - times
    return size if shown == classes else f"{size}, the first {shown}"

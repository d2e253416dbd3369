"""One image in several places, and below each what every subject answers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scribal.explaining.studies.plots.series import write
from scribal.runs.plots import style
from scribal.runs.plots.lettering import bold_font, fitting_text
from scribal.runs.plots.pictures import draw_picture

__all__ = ["plot_answers"]

# In inches.
_CELL_WIDTH = 1.06
_CELL_HEIGHT = 0.5
_NAME_WIDTH = 1.35
_HEADING = 0.3


def plot_answers(
    images: NDArray[np.uint8], headings: Sequence[str], answers: pd.DataFrame, right: str, path: Path, title: str
) -> None:
    """Draw images side by side with a table of answers below, wrong ones marked, and write it to ``path`` as PNG.

    Args:
        images: Of shape (n, height, width).
        headings: One for each image.
        answers: One row for each subject and image, subjects together and images in order: ``subject``, ``answer``,
            ``confidence`` and ``probability``.
        right: The right answer.
        path: Where the picture goes.
        title: Heads the picture.
    """
    subjects = list(dict.fromkeys(answers["subject"]))
    columns = len(images)
    width = style.MARGIN * 2 + _NAME_WIDTH + columns * _CELL_WIDTH
    height = style.TITLE_HEIGHT + _HEADING + _CELL_WIDTH + len(subjects) * _CELL_HEIGHT + style.MARGIN
    figure = style.new_figure(width, height, title)
    table_width = _NAME_WIDTH + columns * _CELL_WIDTH
    axes = style.place_axes(figure, style.MARGIN, style.TITLE_HEIGHT, table_width, height - style.TITLE_HEIGHT)
    style.hide_ticks(axes)
    for column, (image, heading) in enumerate(zip(images, headings, strict=True)):
        middle = _NAME_WIDTH + (column + 0.5) * _CELL_WIDTH
        write(axes, middle, _HEADING / 2, heading, ha="center", va="center", color=style.FAINT_INK)
        draw_picture(axes, image, middle - 0.5, _HEADING)
    for line, name in enumerate(subjects):
        y = _HEADING + _CELL_WIDTH + (line + 0.5) * _CELL_HEIGHT + 0.04
        label = fitting_text(name, style.letters_that_fit(_NAME_WIDTH - 0.1, style.TEXT_SIZE))
        write(axes, 0, y, label, va="center", fontsize=style.TEXT_SIZE, **bold_font(label))
        for column, row in enumerate(answers[answers["subject"] == name].itertuples()):
            is_right = row.answer == right
            write(
                axes,
                _NAME_WIDTH + (column + 0.5) * _CELL_WIDTH,
                y,
                f"{row.answer}  {100 * row.confidence:.1f} %",
                ha="center",
                va="center",
                color=style.INK if is_right else style.PAPER,
                bbox=None if is_right else {"boxstyle": "round,pad=0.35", "color": style.VALIDATION},
            )
    axes.set_xlim(0, table_width)
    axes.set_ylim(height - style.TITLE_HEIGHT, 0)
    axes.set_aspect("auto")
    style.save_figure(figure, path)

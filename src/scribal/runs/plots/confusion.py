"""What is taken for what: the confusion matrix, coloured so that mistakes are what the eye finds."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scribal.exceptions import ArgumentError
from scribal.runs.plots import style
from scribal.runs.plots.lettering import class_labels, font_families, text_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LONGEST_LABEL = 20
_LONGEST_LEVEL_LABEL = 3
# In inches: a cell is as wide as a count of four, or of three digits needs it, unless the whole grew too large.
_CELL_OF_FEW_CLASSES = 0.46
_CELL_OF_MANY_CLASSES = 0.31
_LARGEST_SIDE = 18.0
_SMALLEST_SIDE = 1.6
_AXIS_NAME = 0.34
_WRONG_COUNTS = 1.0
_FEW_CLASSES = 20
# Type smaller than this, in points, is left out.
_SMALLEST_TYPE = 5.0
_POINTS_PER_INCH = 72
_DARK_CELL = 0.45


def plot_confusion(matrix: NDArray[np.integer[Any]], class_names: Sequence[str], path: Path, title: str) -> None:
    """Draw a confusion matrix and write it to ``path`` as PNG.

    The diagonal, where the answers are right, is grey; colour is for mistakes, darker the more there are. At the right
    stands how many of each class are wrong.

    Args:
        matrix: Counts, of shape (classes, classes): row = true class, column = predicted class.
        class_names: One name a class.
        path: Where the picture goes.
        title: Heads the picture.

    Raises:
        ArgumentError: The matrix is not square, or has another size than there are names.
    """
    classes = len(class_names)
    if matrix.shape != (classes, classes) or classes == 0:
        raise ArgumentError(
            "A confusion matrix must have one row and one column for each class name",
            received=f"shape {matrix.shape} and {classes} names",
            advice="Give a square matrix of counts and as many names",
        )
    side = min(_LARGEST_SIDE, classes * (_CELL_OF_FEW_CLASSES if classes <= _FEW_CLASSES else _CELL_OF_MANY_CLASSES))
    side = max(side, _SMALLEST_SIDE)
    cell = side / classes * _POINTS_PER_INCH
    digits = len(f"{int(matrix.max()):,}")
    count_size = min(style.TEXT_SIZE, 1.3 * cell / digits, 0.5 * cell)
    label_size = min(style.TEXT_SIZE, max(0.6 * cell, _SMALLEST_TYPE))
    labels = class_labels(class_names, _LONGEST_LABEL)
    longest = max(text_columns(label) for label in labels)
    upright = longest > _LONGEST_LEVEL_LABEL
    label_width = style.width_of_letters(longest, label_size) + 0.1

    left, top = style.MARGIN + _AXIS_NAME + label_width, style.TITLE_HEIGHT + 0.22
    width = left + side + _WRONG_COUNTS + style.MARGIN
    height = top + side + (label_width if upright else 0.25) + _AXIS_NAME + style.MARGIN
    figure = style.new_figure(width, height, title)
    axes = style.place_axes(figure, left, top, side, side)
    _draw_cells(axes, matrix, size=count_size if count_size >= _SMALLEST_TYPE else None)
    # Where there is no room for every class, every second, fifth, … is named.
    step = max(1, math.ceil(label_size / cell))
    _draw_labels(axes, labels, step=step, size=label_size, upright=upright)
    if step == 1:
        _draw_wrong_counts(axes, matrix, size=min(style.SMALL_SIZE, 0.6 * cell))
    style.save_figure(figure, path)


def _draw_cells(axes: "Axes", matrix: NDArray[np.integer[Any]], *, size: float | None) -> None:
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    classes = len(matrix)
    diagonal = np.eye(classes, dtype=bool)
    most = max(int(matrix[~diagonal].max(initial=0)), 1)
    ramp = LinearSegmentedColormap.from_list("errors", style.ERROR_RAMP)
    colours = np.asarray(ramp(matrix / most))[..., :3]
    colours[matrix == 0] = to_rgb(style.PAPER)
    colours[diagonal] = to_rgb(style.NEUTRAL)
    axes.imshow(colours, interpolation="nearest", aspect="equal")
    borders = np.arange(classes + 1) - 0.5
    axes.vlines(borders, -0.5, classes - 0.5, color=style.GRID, linewidth=0.6, clip_on=False)
    axes.hlines(borders, -0.5, classes - 0.5, color=style.GRID, linewidth=0.6, clip_on=False)
    if size is None:
        return
    brightness = colours @ np.array([0.299, 0.587, 0.114])
    for row, column in np.argwhere(matrix != 0):
        right = row == column
        dark = brightness[row, column] < _DARK_CELL
        axes.text(
            column,
            row,
            f"{int(matrix[row, column]):,}",
            ha="center",
            va="center",
            fontsize=size,
            fontfamily=font_families(),
            color=style.FAINT_INK if right else style.PAPER if dark else style.INK,
        )


def _draw_labels(axes: "Axes", labels: list[str], *, step: int, size: float, upright: bool) -> None:
    places = np.arange(0, len(labels), step)
    named = labels[::step]
    axes.set_xticks(places, named, rotation=90 if upright else 0)
    axes.set_yticks(places, named)
    axes.tick_params(labelsize=size)
    axes.set_xlabel("predicted class", fontsize=style.TEXT_SIZE, fontfamily=font_families(), color=style.INK)
    axes.set_ylabel("true class", fontsize=style.TEXT_SIZE, fontfamily=font_families(), color=style.INK)


def _draw_wrong_counts(axes: "Axes", matrix: NDArray[np.integer[Any]], *, size: float) -> None:
    totals = matrix.sum(axis=1)
    wrong = totals - matrix.diagonal()
    lines = [(row, f"{int(wrong[row]):,} of {int(totals[row]):,}") for row in range(len(matrix))]
    half_a_cell_and_a_line = 0.5 + 0.15 * len(matrix) / (axes.bbox.height / style.DOTS_PER_INCH)
    for row, line in [(-half_a_cell_and_a_line, "wrong"), *lines]:
        axes.annotate(
            line,
            xy=(len(matrix) - 0.5, row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=size,
            fontfamily=font_families(),
            color=style.FAINT_INK,
            annotation_clip=False,
        )

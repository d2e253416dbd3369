"""What stands among digits and is none: dots, commas, dashes, printed words, what lies outside a grid.

A recogniser sees one character at a time, scaled to one size: a dot looks like a 0 to it, an l like a 1. What is around
a character says more.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scribal.data.dataset import Array
from scribal.reading.neighbours import Neighbours, find_neighbours, usual_heights
from scribal.reading.words import in_words

if TYPE_CHECKING:
    from scribal.reading.recognition import Recognition

__all__ = ["out_of_place"]

_SMALL = 0.45  # of the usual height: what is lower is a dot, a comma or a dash
_LOW, _HIGH = 0.65, 0.75  # of the usual height: a sign, and the digits beside it
_AFLOAT = 0.1  # of the usual height: how far a sign is from the top and the foot of its line
_LARGE_GRID = 6  # rows and columns
_DOUBTFUL = 0.3  # certainty that is enough among digits
_ALIKE = 1.5  # times as high
_BESIDE, _LEVEL = 2.5, 0.5  # heights: how far neighbours in a line are, along it and across
_MOSTLY = 0.6  # of the neighbours


def out_of_place(boxes: npt.ArrayLike, recognition: "Recognition", cells: Array | None = None) -> Array:
    """Say which characters are no digits, by what they look like and by what is around them.

    Args:
        boxes: Of shape (n, 4): x, y, width, height of each.
        recognition: What they were taken for.
        cells: Of shape (rows, columns, 4): the boxes of a grid's cells, if there is one. Around a large grid, as a
            sudoku's, nothing is read but what is in it.

    Returns:
        bool of shape (n,), true also for all that the recogniser rejected.
    """
    neighbours = find_neighbours(np.asarray(boxes, dtype=np.float64))
    heights = neighbours.boxes[:, 3]
    rejected = np.array(recognition.rejected, dtype=np.bool_)
    certainty = 1 - np.asarray(recognition.reject_scores, dtype=np.float64)
    usual = usual_heights(neighbours, certainty)
    small = (heights < _SMALL * usual) | _floating(neighbours, usual)
    text = in_words(neighbours, certainty, ~small)
    among = _among_digits(neighbours, ~rejected & ~small & ~text)
    return (rejected & ~(among & (certainty > _DOUBTFUL))) | small | text | _outside(neighbours.boxes, cells)


def _floating(neighbours: Neighbours, usual: Array) -> Array:
    """Find signs, as + and =: low characters at half height, neither at the foot nor at the top of their line."""
    boxes = neighbours.boxes
    floating = np.zeros(len(boxes), dtype=np.bool_)
    start, end = boxes[:, 1], boxes[:, 1] + boxes[:, 3]
    for index in np.flatnonzero(boxes[:, 3] < _LOW * usual).tolist():
        height = usual[index]
        others, across, down = neighbours.of(index)
        beside = others[(across < height) & (down < 0) & (boxes[others, 3] > _HIGH * height)]
        if len(beside):
            above, below = start[index] - np.median(start[beside]), np.median(end[beside]) - end[index]
            floating[index] = min(above, below) > _AFLOAT * height
    return floating


def _outside(boxes: Array, cells: Array | None) -> Array:
    if cells is None or min(cells.shape[:2]) < _LARGE_GRID:
        return np.zeros(len(boxes), dtype=np.bool_)
    found = cells[cells[..., 2] > 0]
    start, end = found[:, :2].min(axis=0), (found[:, :2] + found[:, 2:]).max(axis=0)
    centres = boxes[:, :2] + boxes[:, 2:] / 2
    outside: Array = ((centres < start) | (centres > end)).any(axis=1)
    return outside


def _among_digits(neighbours: Neighbours, accepted: Array) -> Array:
    """Find characters that stand beside digits of their own height, and mostly beside such."""
    boxes = neighbours.boxes
    among = np.zeros(len(boxes), dtype=np.bool_)
    heights, middles = boxes[:, 3], boxes[:, 1] + boxes[:, 3] / 2
    for index in np.flatnonzero(~accepted).tolist():
        height = heights[index]
        others, across, _ = neighbours.of(index)
        alike = np.maximum(heights[others], height) < _ALIKE * np.minimum(heights[others], height)
        level = np.abs(middles[others] - middles[index]) < _LEVEL * height
        beside = others[alike & level & (across < _BESIDE * height) & (others != index)]
        among[index] = len(beside) > 0 and accepted[beside].mean() > _MOSTLY
    return among

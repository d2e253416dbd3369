"""What stands among digits and is none: dots, commas, dashes, printed words, what lies outside a grid.

A recogniser sees one character at a time, scaled to one size: a dot looks like a 0 to it, an l like a 1. What is around
a character says more.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.neighbours import Neighbours, find_neighbours, usual_heights, weighted_median
from scribal.reading.words import in_words

if TYPE_CHECKING:
    from scribal.reading.candidates import Candidate

__all__ = ["out_of_place"]

_SMALL = 0.45  # of the usual height: what is lower is a dot, a comma or a dash
_LOW, _HIGH = 0.65, 0.75  # of the usual height: a sign, and the digits beside it
_AFLOAT = 0.1  # of the usual height: how far a sign is from the top and the foot of its line
_LARGE_GRID = 6  # rows and columns
_DOUBTFUL = 0.3  # certainty that is enough among digits
_ALIKE = 1.5  # times as high
_NEAR, _LEVEL = 2.5, 0.5  # heights: how far neighbours in a line are, along it and across
_MOSTLY = 0.6  # of the neighbours
_SURE = 0.9  # certainty of the digits that tell how large and how dark digits are on the page
_INK, _FULL = 100, 75  # level of 255 from which a pixel is ink, and the percentile that is its depth
_TINY, _FAINT = 0.5, 0.75  # of the page's digits' height and depth
_COMPANY = 3  # digits in a line, as tiny or faint as they are


def out_of_place(candidates: Sequence["Candidate"], cells: Array | None = None) -> Array:
    """Say which characters are no digits, by what they look like and by what is around them.

    Args:
        candidates: The characters, and what they were taken for.
        cells: Of shape (rows, columns, 4): the boxes of a grid's cells, if there is one. Around a large grid, as a
            sudoku's, nothing is read but what is in it.

    Returns:
        bool of shape (n,), true also for all that the recogniser rejected.
    """
    neighbours = find_neighbours(np.array([one.box for one in candidates], dtype=np.float64))
    heights = neighbours.boxes[:, 3]
    rejected = np.array([one.is_rejected for one in candidates], dtype=np.bool_)
    certainty = np.array([one.certainty for one in candidates], dtype=np.float64)
    usual = usual_heights(neighbours, certainty)
    small = (heights < _SMALL * usual) | _floating(neighbours, usual)
    whole = 1 - np.array([one.doubt for one in candidates], dtype=np.float64)
    text = in_words(neighbours, certainty, np.minimum(certainty, whole), ~small)
    among = _share_beside(neighbours, ~rejected & ~small & ~text) > _MOSTLY
    refused = (rejected & ~(among & (certainty > _DOUBTFUL))) | small | text | _outside(neighbours.boxes, cells)
    return refused | _dirt(candidates, neighbours, certainty, refused)


def _dirt(candidates: Sequence["Candidate"], neighbours: Neighbours, certainty: Array, refused: Array) -> Array:
    """Find what is much smaller or fainter than the page's digits, and stands in no line of its kind."""
    inks = [one.strength[one.strength > _INK] for one in candidates]
    depths = np.array([np.percentile(ink, _FULL) if len(ink) else 0 for ink in inks])
    heights = neighbours.boxes[:, 3]
    weights = heights * (certainty > _SURE) * ~refused  # dirt is much, but low
    if not weights.any():
        return np.zeros(len(candidates), dtype=np.bool_)
    poor = (heights < _TINY * weighted_median(heights, weights)) | (depths < _FAINT * weighted_median(depths, weights))
    return poor & (_company(neighbours, ~refused) < _COMPANY)


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


def _share_beside(neighbours: Neighbours, accepted: Array) -> Array:
    """Give the share of digits among the characters of its own height that stand beside each; 0 where none do."""
    shares = np.zeros(len(neighbours))
    for index in range(len(neighbours)):
        beside = accepted[_in_line(neighbours, index)]
        shares[index] = beside.mean() if len(beside) else 0.0
    return shares


def _company(neighbours: Neighbours, accepted: Array) -> Array:
    """Count the digits of a line that each stands in, from neighbour to neighbour."""
    line = np.arange(len(neighbours))
    for index in np.flatnonzero(accepted).tolist():
        beside = _in_line(neighbours, index)
        joined = np.unique(line[[index, *beside[accepted[beside]]]])
        if len(joined) > 1:
            line[np.isin(line, joined)] = joined[0]
    company: Array = np.bincount(line[accepted], minlength=len(line))[line]
    return company


def _in_line(neighbours: Neighbours, index: int) -> Array:
    """Find the neighbours of one character that have its height and stand beside it."""
    heights, middles = neighbours.boxes[:, 3], neighbours.boxes[:, 1] + neighbours.boxes[:, 3] / 2
    others, across, _ = neighbours.of(index)
    alike = np.maximum(heights[others], heights[index]) < _ALIKE * np.minimum(heights[others], heights[index])
    level = np.abs(middles[others] - middles[index]) < _LEVEL * heights[index]
    beside: Array = others[alike & level & (across < _NEAR * heights[index]) & (others != index)]
    return beside

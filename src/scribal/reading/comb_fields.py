"""Comb fields of forms: a line with short teeth, between which the digits of one number are written.

A tooth alone looks like a 1. Teeth are alike, stand at even distances, and the line ends where the first and the last
of them stand; 1s that were written on a line do not.
"""

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.straight_lines import StraightLine

__all__ = ["find_teeth"]

_LEAST_TEETH = 4
_MARGIN = 6  # pixels
_SHORTEST_LINE = 80  # pixels
_LOWEST, _HIGHEST = 3.0, 0.2  # of the line's thickness and of its length: a tooth
_SLIM = 2.0  # times as high as wide
_SPARSE = 3.0  # times as far apart as wide
_ALIKE = 0.3  # of a tooth's height
_EVEN = 0.1  # of the distance: how far a tooth is from its place
_MOSTLY = 0.75  # of the teeth are in their places
_HIDDEN = 0.4  # of the places have a tooth that stands alone; digits touch the others
_AT_END = 0.2  # of the distance: how far the first tooth is from the line's end


def find_teeth(line: StraightLine, mask: Array) -> Array | None:
    """Find the teeth on a line.

    Args:
        line: A level line.
        mask: bool of shape (rows, columns): the ink.

    Returns:
        int64 of shape (2, n): the rows and columns of the teeth's pixels, without strokes across them; ``None`` where
        the line is no comb.
    """
    if line.length < _SHORTEST_LINE:
        return None
    # The outer teeth are as wide as others, and half of them is beyond the line's ends.
    margin = round(2 * line.thickness) + _MARGIN
    middles = np.pad(line.middles, margin, mode="edge")
    columns = np.arange(line.first - margin, line.last + margin + 1)
    inside = (columns >= 0) & (columns < mask.shape[1])
    middles, columns = middles[inside], columns[inside]
    foot = np.rint(middles - line.thickness / 2).astype(np.int64) - 1
    heights = np.arange(round(_HIGHEST * line.length))
    rows = foot - heights[:, None]
    strip = mask[rows.clip(0, len(mask) - 1), columns] & (rows >= 0)
    places, width, height = _alike(strip, _LOWEST * max(line.thickness, 2))
    lattice = _lattice(places + columns[0] - line.first, line.length) if len(places) else None
    if lattice is None or lattice[1] - lattice[0] < _SPARSE * width:
        return None
    teeth = np.rint(lattice + line.first - columns[0]).astype(np.int64)
    teeth = teeth[(teeth >= 0) & (teeth < strip.shape[1])]  # the last may be beyond the picture
    reach = int(np.ceil(width / 2)) + 1
    beside = 2 * reach + 1
    wide = np.pad(strip, ((0, 0), (beside, beside)))
    found = np.zeros_like(strip)
    for place in teeth.tolist():
        start, end = max(place - reach, 0), place + reach + 1
        crossed = wide[:, place] & wide[:, place + 2 * beside]
        found[: height + 2, start:end] = strip[: height + 2, start:end] & ~crossed[: height + 2, None]
    up, across = np.nonzero(found)
    return np.stack([rows[up, across], columns[across]])


def _alike(strip: Array, lowest: float) -> tuple[Array, float, int]:
    """Find what stands alone on the line, slim and of one height.

    Returns:
        The middle of each, their usual width and height; nothing where they are few.
    """
    # Teeth may lean by a pixel or two.
    leaning = strip.copy()
    leaning[:, 1:] |= strip[:, :-1]
    leaning[:, :-1] |= strip[:, 1:]
    runs = np.where(leaning.all(axis=0), len(leaning), leaning.argmin(axis=0))
    stands = np.pad(runs >= lowest, 1).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(stands) > 0), np.flatnonzero(np.diff(stands) < 0)
    high = np.array([runs[start:end].max() for start, end in zip(starts, ends, strict=True)], dtype=np.float64)
    wide = (ends - starts - 2).clip(1).astype(np.float64)
    slim = (high >= _SLIM * wide) & (high < len(strip))
    usual = float(np.median(high[slim])) if slim.any() else 0.0
    chosen = slim & (np.abs(high - usual) < _ALIKE * usual)
    if chosen.sum() < _LEAST_TEETH:
        return np.zeros(0), 0.0, 0
    return (starts + ends - 1)[chosen] / 2, float(np.median(wide[chosen], axis=0)), round(usual)


def _lattice(places: Array, length: int) -> Array | None:
    """Give all places of evenly spaced teeth from one end of the line to the other, if most are in theirs."""
    gaps = np.diff(places)
    pitch = float(np.median(gaps[gaps < 1.5 * gaps.min()]))
    numbers = np.rint((places - places[0]) / pitch)
    slope, start = np.polyfit(numbers, places, 1, w=np.ones(len(places)))
    even = np.abs(places - start - slope * numbers) < _EVEN * slope
    first = start - np.floor((start + _AT_END * slope) / slope) * slope
    last = first + np.floor((length - first + _AT_END * slope) / slope) * slope
    count = round((last - first) / slope) + 1
    at_ends = abs(first) < _AT_END * slope and abs(length - 1 - last) < _AT_END * slope
    if not at_ends or even.mean() < _MOSTLY or even.sum() < max(_LEAST_TEETH, _HIDDEN * count):
        return None
    lattice: Array = first + slope * np.arange(count)
    return lattice

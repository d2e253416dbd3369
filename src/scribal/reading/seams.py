"""Seams along which touching characters may be parted: from top to bottom, through as little ink as possible.

A cut that is straight goes through a slanted neighbour. A seam winds between the two and crosses ink only where they
touch, as the drop-fall paths of G. Congedo et al. do ("Segmentation of numeric strings", ICDAR 1995); here it is the
cheapest path by dynamic programming, as in S. Avidan and A. Shamir, "Seam carving for content-aware image resizing"
(ACM Transactions on Graphics 26(3), 2007), from each place at the top to each at the bottom.
"""

from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array

__all__ = ["Seam", "find_seams"]

_ROWS = 48  # at which seams are looked for; finer ones would part nothing else
_EVERY = 0.1  # of the height: the distance between places at the top, and at the bottom
_SLANT = 0.6  # of the height: how far the ends of a seam may be apart
_STEEPEST = 2  # columns from row to row
_ENTERING = 3.0  # what it costs to go into a stroke
_INSIDE = 0.15  # what each row inside a stroke costs; strokes that lie side by side are parted along their border
_SIDEWAYS = 0.06  # what a column to the side costs, so that seams are straight where nothing is in the way
_DIFFERENT = 0.03  # of the height squared: ink that two seams put to different sides; with less they part the same
_LEAST_INK = 0.04  # of the height squared: ink on both sides of a seam
_MOST_SEAMS = 7  # for each height of width


@dataclass(frozen=True, slots=True)
class Seam:
    """One way from the top of a picture to its bottom.

    Attributes:
        columns: float32 of shape (rows,): where it is in each row. What lies at smaller columns is on its left.
        ink: How much ink it crosses: the sum of full pixels along it, as a share of the picture's height.
    """

    columns: Array = field(repr=False)
    ink: float


def find_seams(strength: Array, most_ink: float) -> list[Seam]:
    """Find the seams through a picture's ink, from left to right.

    Args:
        strength: uint8 of shape (rows, columns), 0 paper and 255 full ink.
        most_ink: How much ink a seam may cross, as a share of the height.

    Returns:
        Seams with ink on both of their sides, none of which parts the same as another one; in the order of the ink that
        is on their left.
    """
    import cv2

    rows, columns = strength.shape
    scale = min(_ROWS / rows, 1.0)
    size = max(2, round(columns * scale)), max(2, round(rows * scale))
    small = cv2.resize(strength, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    height, width = small.shape
    ends = np.unique(np.rint(np.arange(0.5, width / (_EVERY * height)) * _EVERY * height).astype(np.int64))
    paths = _cheapest(small, ends[ends < width], round(_SLANT * height))
    ink = small[np.arange(height), paths].sum(axis=1) / height
    # The ink that each seam has on its left, row by row, tells how it parts.
    left = np.concatenate([np.zeros((height, 1), dtype=np.float32), small.cumsum(axis=1)], axis=1)
    on_left = left[np.arange(height), paths]
    least = _LEAST_INK * height**2
    amount = on_left.sum(axis=1)
    chosen: list[int] = []
    for index in np.flatnonzero((ink <= most_ink) & (amount >= least) & (small.sum() - amount >= least)):
        differences = np.abs(on_left[chosen] - on_left[index]).sum(axis=1)
        if (differences >= _DIFFERENT * height**2).all():
            chosen.append(int(index))
            if len(chosen) >= _MOST_SEAMS * max(width / height, 1):
                break
    chosen.sort(key=lambda index: float(amount[index]))
    places = (np.arange(rows) + 0.5) * height / rows - 0.5
    return [
        Seam(
            (np.interp(places, np.arange(height), paths[index] + 0.5) * columns / width - 0.5).astype(np.float32),
            float(ink[index]),
        )
        for index in chosen
    ]


def _cheapest(small: Array, ends: Array, slant: int) -> Array:
    """Find the cheapest path for each pair of ends that are near enough.

    Returns:
        int64 of shape (pairs, rows), the cheapest first.
    """
    height, width = small.shape
    steps = np.arange(-_STEEPEST, _STEEPEST + 1)
    price = (_SIDEWAYS * np.abs(steps)).astype(np.float32)[:, None, None]
    total = np.full((len(ends), width), np.inf, dtype=np.float32)
    total[np.arange(len(ends)), ends] = _ENTERING * small[0, ends]
    came = np.zeros((height, *total.shape), dtype=np.int8)
    framed = np.pad(small, ((0, 0), (_STEEPEST, _STEEPEST)), mode="edge")
    wide = np.full((len(ends), width + 2 * _STEEPEST), np.inf, dtype=np.float32)
    for row in range(1, height):
        wide[:, _STEEPEST : _STEEPEST + width] = total
        above = framed[row - 1]
        rise = np.stack([small[row] - above[_STEEPEST + step : _STEEPEST + step + width] for step in steps]).clip(0)
        before = np.stack([wide[:, _STEEPEST + step : _STEEPEST + step + width] for step in steps])
        before += price + _ENTERING * rise[:, None]
        best = before.argmin(axis=0)
        came[row] = steps[best]
        total = np.take_along_axis(before, best[None], axis=0)[0] + _INSIDE * small[row]
    tops, bottoms = np.nonzero(np.abs(ends[:, None] - ends) <= slant)
    order = np.argsort(total[tops, ends[bottoms]], kind="stable")
    tops, bottoms = tops[order], bottoms[order]
    place = ends[bottoms]
    paths = np.empty((len(tops), height), dtype=np.int64)
    for row in range(height - 1, -1, -1):
        paths[:, row] = place
        place = place + came[row][tops, place]
    return paths

"""Straight, thin, long lines on a picture that lie nearly level: what rulers and printers draw, and no hand.

Runs of ink along the rows are linked to segments, and segments on one straight line to longer ones. Lines that stand
upright are found on the transposed picture.
"""

import itertools
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from scribal.data.dataset import Array

__all__ = ["StraightLine", "find_level_lines", "meet"]

_RUN = 9  # pixels: what is shorter in every row is no level line, even when it is tilted by ten degrees
_LONG_RUN = 27  # pixels: and no stroke of a digit is as level
_AGAIN, _TIMES_AS_THICK = 100, 8  # pixels, and times the thickest line: marks so wide, no digits, are looked at again
_AS_THICK = 0.5  # of what other lines have: what is thinner is left of a stroke
_GAP = 21  # pixels without ink within a segment
_SHORTEST = 20  # pixels
_STEEPEST = 0.25  # pixels down for each across
_SLIM = 9.0  # times as long as thick
_COVERED = 0.7  # of a segment's columns have its ink
_TWO = 0.5  # of a segment's columns have a gap in their ink: there are two lines
_STRAY = 0.75  # pixels that a line's middle leaves the straight, on the average
_APART = 0.45  # of the shorter one's length: the gap over which two segments are linked
_BEND = 0.01  # of half the length: how far paper bends the line, on the average
_FITS = 5  # of a line, each time with less weight on what is far from it
_BENT = 300  # pixels: from here on a line is followed as a curve
_TOUCH = 0.05  # of a line's length: how far from its end it may meet another one
_MOST_SEGMENTS = 600  # the longest are looked at


@dataclass(frozen=True, slots=True)
class StraightLine:
    """A line from left to right.

    Attributes:
        first: Its first column.
        last: Its last one.
        middles: The row of its middle in each column, float32 of shape (last - first + 1,).
        thickness: In pixels.
    """

    first: int
    last: int
    middles: Array = field(repr=False)
    thickness: float

    @property
    def length(self) -> int:
        """Its length in columns."""
        return self.last - self.first + 1

    @property
    def slope(self) -> float:
        """Rows down for each column."""
        return float(self.middles[-1] - self.middles[0]) / max(self.length - 1, 1)

    def at(self, column: float) -> float:
        """Its row in a column; beyond its ends, that of the nearest end."""
        return float(self.middles[int(np.clip(round(column) - self.first, 0, self.length - 1))])


@dataclass(frozen=True)
class _Segment:
    columns: Array
    rows: Array
    counts: Array  # pixels of ink in each column

    @property
    def first(self) -> int:
        return int(self.columns[0])

    @property
    def last(self) -> int:
        return int(self.columns[-1])

    @cached_property
    def thickness(self) -> float:
        return float(np.median(self.counts))

    @cached_property
    def line(self) -> tuple[float, float, float]:
        """Fit a straight line, strays weighing little: its slope, its row in column 0, and how far ink is from it."""
        # Where a stroke lies on the line it is thicker.
        weights = 1.0 / (1.0 + np.maximum(self.counts - self.thickness, 0) ** 2)
        slope = start = 0.0
        off = np.zeros(len(self.columns))
        for _ in range(_FITS):
            total = weights.sum()
            column, row = weights @ self.columns / total, weights @ self.rows / total
            apart = self.columns - column
            slope = float((weights * apart) @ (self.rows - row) / max((weights * apart) @ apart, 1e-9))
            start = float(row - slope * column)
            off = np.abs(start + slope * self.columns - self.rows)
            weights = 1.0 / (1.0 + (off / (0.5 + self.thickness / 4)) ** 4)
        return slope, start, float(np.median(off))

    def at(self, column: float) -> float:
        slope, start, _ = self.line
        return start + slope * column


def find_level_lines(mask: Array, thickest: float = 15) -> list[StraightLine]:
    """Find the nearly level straight lines.

    Args:
        mask: uint8 of shape (rows, columns), 1 where there is ink.
        thickest: Pixels; what is higher belongs to something that stands upright.

    Returns:
        Lines of 20 pixels or more, in no order; also straight strokes of digits.
    """
    import cv2

    runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, _RUN), dtype=np.uint8))
    high = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((round(thickest) + 1, 1), dtype=np.uint8))
    runs = cv2.subtract(runs, high)
    segments, rest = _straight_segments(runs, max(_AGAIN, _TIMES_AS_THICK * thickest))
    if not rest.any():
        return _long_lines(segments)
    # A digit that stands on two lines makes one mark of them; its runs are shorter than theirs.
    longer = cv2.morphologyEx(rest, cv2.MORPH_OPEN, np.ones((1, _LONG_RUN), dtype=np.uint8))
    usual = np.median([segment.thickness for segment in segments]) if segments else 0
    more = [one for one in _straight_segments(longer, np.inf)[0] if one.thickness > _AS_THICK * usual]
    return _long_lines(segments + more)


def _straight_segments(runs: Array, wide: float) -> tuple[list[_Segment], Array]:
    """Link runs to segments; gives the straight ones, and the runs of others as wide, uint8 of the mask's shape."""
    import cv2

    rest = np.zeros_like(runs)
    if not runs.any():
        return [], rest
    linked = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, _GAP), dtype=np.uint8))
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    width = statistics[:, cv2.CC_STAT_WIDTH].copy()
    width[0] = 0
    chosen = np.argsort(-width, kind="stable")[:_MOST_SEGMENTS]
    chosen = chosen[width[chosen] >= _SHORTEST]
    place = np.full(count, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    columns, rows = cv2.findNonZero(runs).reshape(-1, 2).T.astype(np.int64)
    own = place[labels[rows, columns]]
    rows, columns, own = rows[own >= 0], columns[own >= 0], own[own >= 0]
    order = np.argsort(own, kind="stable")
    ends = np.searchsorted(own[order], np.arange(len(chosen) + 1))
    segments = []
    for first, last in itertools.pairwise(ends):
        part = order[first:last]
        segment = _segment(rows[part], columns[part])
        if _is_straight(segment) and _is_one(rows[part], columns[part]):
            segments.append(segment)
        elif segment.last - segment.first >= wide:
            rest[rows[part], columns[part]] = 1
    return segments, rest


def meet(level: StraightLine, upright: StraightLine, touch: float = _TOUCH) -> bool:
    """Tell whether two lines cross or touch.

    Args:
        level: A nearly level line.
        upright: A nearly upright one, as it is found on the transposed picture.
        touch: How far from its end, as a part of its length, a line may meet the other.
    """
    row = level.at(upright.at(level.at((level.first + level.last) / 2)))
    column = upright.at(row)
    across, down = 4 + touch * level.length, 4 + touch * upright.length
    return level.first - across <= column <= level.last + across and upright.first - down <= row <= upright.last + down


def _segment(rows: Array, columns: Array) -> _Segment:
    start = int(columns.min())
    counts = np.bincount(columns - start)
    has = np.flatnonzero(counts)
    return _Segment(has + start, np.bincount(columns - start, rows)[has] / counts[has], counts[has])


def _is_one(rows: Array, columns: Array) -> bool:
    """Tell one line from two above one another that a stroke connects; pixels come row by row."""
    start, width = int(columns.min()), int(np.ptp(columns)) + 1
    top, bottom, counts = np.zeros(width), np.zeros(width), np.bincount(columns - start, minlength=width)
    top[columns[::-1] - start], bottom[columns - start] = rows[::-1], rows
    apart = (bottom - top + 1 - counts)[counts > 0]
    return bool(np.mean(apart > np.median(counts[counts > 0])) < _TWO)


def _is_straight(segment: _Segment) -> bool:
    span = float(segment.columns[-1] - segment.columns[0] + 1)
    if span < _SHORTEST or len(segment.columns) < _COVERED * span:
        return False
    slope, _, stray = segment.line
    slim = span >= _SLIM * segment.thickness
    return slim and abs(slope) <= _STEEPEST and stray <= _STRAY + segment.thickness / 8 + _BEND * span / 2


def _long_lines(segments: list[_Segment]) -> list[StraightLine]:
    """Link segments that continue one another, from left to right."""
    waiting = sorted(segments, key=lambda segment: int(segment.columns[0]))
    lines: list[_Segment] = []
    for segment in waiting:
        for index, line in enumerate(lines):
            if _continues(line, segment):
                lines[index] = _Segment(
                    np.concatenate([line.columns, segment.columns]),
                    np.concatenate([line.rows, segment.rows]),
                    np.concatenate([line.counts, segment.counts]),
                )
                break
        else:
            lines.append(segment)
    return [_finished(line) for line in lines]


def _continues(line: _Segment, segment: _Segment) -> bool:
    gap = segment.first - line.last
    shorter = min(line.last - line.first, segment.last - segment.first)
    if not 0 < gap <= max(_GAP, _APART * shorter):
        return False
    meeting = (segment.first + line.last) / 2
    off = abs(line.at(meeting) - segment.at(meeting))
    turned = abs(line.line[0] - segment.line[0])
    near = off <= 1.5 + line.thickness / 2 + 0.02 * gap + _BEND * shorter
    return near and turned < 2 * _STRAY / max(shorter, 1) + 0.05


def _finished(line: _Segment) -> StraightLine:
    first, last = line.first, line.last
    columns = np.arange(first, last + 1)
    if last - first <= _BENT:
        slope, start, _ = line.line
        return StraightLine(first, last, (start + slope * columns).astype(np.float32), line.thickness)
    # Paper is not flat, and a lens bends long lines: a curve, at first with patience for what is far from it.
    middle, half = (first + last) / 2, (last - first) / 2
    weights = 1.0 / (1.0 + np.maximum(line.counts - line.thickness, 0) ** 2)
    curve = np.zeros(3)
    for patience in np.geomspace(1 + _BEND * half, 0.5 + line.thickness / 4, _FITS):
        curve = np.polyfit((line.columns - middle) / half, line.rows, 2, w=np.sqrt(weights))
        off = np.abs(np.polyval(curve, (line.columns - middle) / half) - line.rows)
        weights = 1.0 / (1.0 + (off / patience) ** 4)
    middles = np.polyval(curve, (columns - middle) / half)
    return StraightLine(first, last, middles.astype(np.float32), line.thickness)

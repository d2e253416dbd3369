"""Straight, thin, long lines on a picture that lie nearly level: what rulers and printers draw, and no hand.

Runs of ink along the rows are linked to segments, and segments on one straight line to longer ones. Lines that stand
upright are found on the transposed picture.
"""

import itertools
from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array

__all__ = ["StraightLine", "find_level_lines"]

_RUN = 9  # pixels: what is shorter in every row is no level line, even when it is tilted by ten degrees
_GAP = 21  # pixels without ink within a segment
_SHORTEST = 20  # pixels
_STEEPEST = 0.25  # pixels down for each across
_SLIM = 9.0  # times as long as thick
_COVERED = 0.7  # of a segment's columns have its ink
_STRAY = 0.75  # pixels that a line's middle leaves the straight, on the average
_APART = 0.45  # of the shorter one's length: the gap over which two segments are linked
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

    def at(self, column: float) -> float:
        """Its row in a column; beyond its ends, that of the nearest end."""
        return float(self.middles[int(np.clip(round(column) - self.first, 0, self.length - 1))])


@dataclass(slots=True)
class _Segment:
    columns: Array
    rows: Array
    counts: Array  # pixels of ink in each column

    def fit(self) -> tuple[Array, float, float]:
        """Fit a straight line: its coefficients, how far it strays, and how thick it is."""
        weights = np.ones(len(self.columns))
        thickness = float(np.median(self.counts))
        line = np.zeros(2)
        for _ in range(3):
            line = np.polyfit(self.columns, self.rows, 1, w=weights)
            off = np.abs(np.polyval(line, self.columns) - self.rows)
            weights = 1.0 / (1.0 + (off / (1 + thickness / 2)) ** 2)
        return line, float(np.median(off)), thickness


def find_level_lines(mask: Array) -> list[StraightLine]:
    """Find the nearly level straight lines.

    Args:
        mask: uint8 of shape (rows, columns), 1 where there is ink.

    Returns:
        Lines of 20 pixels or more, in no order; also straight strokes of digits.
    """
    import cv2

    runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, _RUN), dtype=np.uint8))
    if not runs.any():
        return []
    linked = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, _GAP), dtype=np.uint8))
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    width = statistics[:, cv2.CC_STAT_WIDTH].copy()
    width[0] = 0
    chosen = np.argsort(-width, kind="stable")[:_MOST_SEGMENTS]
    chosen = chosen[width[chosen] >= _SHORTEST]
    place = np.full(count, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    rows, columns = np.nonzero(runs)
    own = place[labels[rows, columns]]
    rows, columns, own = rows[own >= 0], columns[own >= 0], own[own >= 0]
    order = np.argsort(own, kind="stable")
    ends = np.searchsorted(own[order], np.arange(len(chosen) + 1))
    segments = []
    for first, last in itertools.pairwise(ends):
        part = order[first:last]
        segments.append(_segment(rows[part], columns[part]))
    return _long_lines([segment for segment in segments if _is_straight(segment)])


def _segment(rows: Array, columns: Array) -> _Segment:
    start = int(columns.min())
    counts = np.bincount(columns - start)
    has = np.flatnonzero(counts)
    return _Segment(has + start, np.bincount(columns - start, rows)[has] / counts[has], counts[has])


def _is_straight(segment: _Segment) -> bool:
    span = float(segment.columns[-1] - segment.columns[0] + 1)
    if span < _SHORTEST or len(segment.columns) < _COVERED * span:
        return False
    line, stray, thickness = segment.fit()
    return bool(abs(line[0]) <= _STEEPEST and stray <= _STRAY + thickness / 8 and span >= _SLIM * thickness)


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
    gap = int(segment.columns[0]) - int(line.columns[-1])
    shorter = min(line.columns[-1] - line.columns[0], segment.columns[-1] - segment.columns[0])
    if not 0 < gap <= max(_GAP, _APART * shorter):
        return False
    fitted, _, thickness = line.fit()
    other, _, _ = segment.fit()
    meeting = (float(segment.columns[0]) + float(line.columns[-1])) / 2
    off = abs(float(np.polyval(fitted, meeting)) - float(np.polyval(other, meeting)))
    return off <= 1.5 + thickness / 2 + 0.02 * gap and abs(fitted[0] - other[0]) < 2 * _STRAY / max(shorter, 1) + 0.05


def _finished(line: _Segment) -> StraightLine:
    first, last = int(line.columns[0]), int(line.columns[-1])
    fitted, _, thickness = line.fit()
    near = np.abs(np.polyval(fitted, line.columns) - line.rows) <= 2 + thickness
    # A lens bends long lines a little.
    degree = 2 if last - first > 300 and near.sum() > 100 else 1  # noqa: PLR2004
    middle = (first + last) / 2
    curve = np.polyfit(line.columns[near] - middle, line.rows[near], degree) if near.sum() > 2 else fitted  # noqa: PLR2004
    return StraightLine(
        first, last, np.polyval(curve, np.arange(first, last + 1) - middle).astype(np.float32), thickness
    )

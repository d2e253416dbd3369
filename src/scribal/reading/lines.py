"""Digits come into reading order: lines from the top, numbers in a line and digits in a number from the left."""

import itertools
from collections.abc import Sequence

import numpy as np

from scribal.data.dataset import Array

__all__ = ["arrange"]

_SAME_LINE = 0.5  # of a height: centres that lie closer are of one line
_CLEARLY_LARGER = 2.0  # than the line's other gaps: a gap that parts numbers
_LEAST_GAP = 0.5  # of a height: what is narrower never parts numbers


def arrange(boxes: Array, cells: Sequence[tuple[int, int, int, int]] = ()) -> list[list[list[int]]]:  # noqa: ARG001
    """Arrange digits in reading order.

    Args:
        boxes: Of shape (n, 4): x, y, width, height of each digit, in pixels.
        cells: The boxes of a grid's cells, if there is one. Each is a number of its own, and its row a line.

    Returns:
        Lines of numbers of places in ``boxes``.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    lines: list[list[int]] = []
    middles = boxes[:, 1] + boxes[:, 3] / 2
    for index in np.argsort(middles):
        height = boxes[index, 3]
        if lines and middles[index] - np.mean(middles[lines[-1]]) < _SAME_LINE * height:
            lines[-1].append(int(index))
        else:
            lines.append([int(index)])
    return [_part(sorted(line, key=lambda index: boxes[index, 0]), boxes) for line in lines]


def _part(line: list[int], boxes: Array) -> list[list[int]]:
    height = float(np.median(boxes[line, 3]))
    gaps = [max(boxes[b, 0] - boxes[a, 0] - boxes[a, 2], 0.0) for a, b in itertools.pairwise(line)]
    usual = float(np.median(gaps)) if gaps else 0.0
    numbers = [line[:1]]
    for index, gap in zip(line[1:], gaps, strict=True):
        if gap > max(_CLEARLY_LARGER * usual, _LEAST_GAP * height):
            numbers.append([])
        numbers[-1].append(index)
    return numbers

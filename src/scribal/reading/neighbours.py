"""Which marks of a page stand near which, and how high digits are where a mark stands.

What is a dot, a part of a digit or a whole one depends on what is around it: a page may hold digits of several sizes.
"""

from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array

__all__ = ["Neighbours", "find_neighbours", "usual_heights", "weighted_median"]

_ACROSS, _DOWN = 2.5, 1.2  # heights of the higher one: how far neighbours are apart at most
_TOGETHER = 1.2  # heights: how far those are that tell the usual height
_ROWS = 256  # boxes that are compared with all others at a time


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of each of some boxes.

    Attributes:
        boxes: float64 of shape (n, 4): x, y, width, height.
        starts: int64 of shape (n + 1,): where the neighbours of each begin in the other arrays, and where the last end.
        others: int64: the neighbours' places in ``boxes``; each box is one of its own.
        across: float64: how far they are, in pixels; negative where they stand above one another.
        down: float64: the same for above and below; negative where they stand side by side.
    """

    boxes: Array
    starts: Array = field(repr=False)
    others: Array = field(repr=False)
    across: Array = field(repr=False)
    down: Array = field(repr=False)

    def __len__(self) -> int:
        return len(self.boxes)

    def of(self, index: int) -> tuple[Array, Array, Array]:
        """Give the neighbours of one box: their places, and how far they are across and down."""
        own = slice(self.starts[index], self.starts[index + 1])
        return self.others[own], self.across[own], self.down[own]


def find_neighbours(boxes: Array) -> Neighbours:
    """Find for each box those that are within some heights of it.

    Args:
        boxes: Of shape (n, 4): x, y, width, height.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    start, end, heights = boxes[:, :2], boxes[:, :2] + boxes[:, 2:], boxes[:, 3]
    counts, found = [np.zeros(1, dtype=np.int64)], [np.zeros((3, 0))]
    for row in range(0, len(boxes), _ROWS):
        rows = slice(row, row + _ROWS)
        higher = np.maximum(heights[rows, None], heights)
        across = np.maximum(start[:, 0] - end[rows, 0, None], start[rows, 0, None] - end[:, 0])
        down = np.maximum(start[:, 1] - end[rows, 1, None], start[rows, 1, None] - end[:, 1])
        near = (across < _ACROSS * higher) & (down < _DOWN * higher)
        counts.append(near.sum(axis=1))
        found.append(np.stack([np.nonzero(near)[1].astype(np.float64), across[near], down[near]]))
    others, across, down = np.concatenate(found, axis=1)
    return Neighbours(boxes, np.concatenate(counts).cumsum(), others.astype(np.int64), across, down)


def weighted_median(values: Array, weights: Array) -> float:
    """Give the value below which half of the weight is; there must be some.

    Args:
        values: Of shape (n,), in any order.
        weights: Of shape (n,), not below 0.
    """
    order = np.argsort(values)
    total = weights[order].cumsum()
    return float(values[order[np.searchsorted(total, total[-1] / 2)]])


def usual_heights(neighbours: Neighbours, certainty: Array) -> Array:
    """Find the height that digits have around each mark.

    It is the median over the mark and those near it, in which high marks and those that are surely digits weigh more.

    Args:
        neighbours: The marks' boxes, and which are near which.
        certainty: Of shape (n,): how sure it is that each is a digit.

    Returns:
        float64 of shape (n,), in pixels.
    """
    heights = neighbours.boxes[:, 3]
    weights = heights * (0.1 + certainty)
    usual = np.empty(len(neighbours))
    for index in range(len(neighbours)):
        others, across, down = neighbours.of(index)
        others = others[np.maximum(across, down) < _TOGETHER * np.maximum(heights[others], heights[index])]
        usual[index] = weighted_median(heights[others], weights[others])
    return usual

"""How high digits are where a mark stands: what is a dot, a part or a whole digit depends on it."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["gaps_to", "usual_heights"]

_REACH = 1.2  # of the larger's height: marks that near are of one hand and size


def gaps_to(boxes: Array, index: int) -> tuple[Array, Array]:
    """Measure how far all boxes are from one, across and down; negative where they overlap that way.

    Args:
        boxes: Of shape (n, 4): x, y, width, height.
        index: Which one.

    Returns:
        Two arrays of shape (n,), in pixels.
    """
    x, y, width, height = boxes[index]
    across = np.maximum(boxes[:, 0] - x - width, x - boxes[:, 0] - boxes[:, 2])
    down = np.maximum(boxes[:, 1] - y - height, y - boxes[:, 1] - boxes[:, 3])
    return across, down


def usual_heights(boxes: Array, certainty: Array) -> Array:
    """Find the height that digits have around each mark.

    It is the median over the mark and its neighbours, in which large marks and those that are surely digits weigh more;
    a page may hold digits of several sizes.

    Args:
        boxes: Of shape (n, 4): x, y, width, height of each mark.
        certainty: Of shape (n,): how sure it is that each is a digit.

    Returns:
        float64 of shape (n,), in pixels.
    """
    heights = boxes[:, 3].astype(np.float64)
    weights = heights * (0.1 + certainty)
    order = np.argsort(heights)
    usual = np.empty(len(boxes))
    for index in range(len(boxes)):
        across, down = gaps_to(boxes, index)
        near = np.maximum(across, down) < _REACH * np.maximum(heights, heights[index])
        chosen = order[near[order]]
        total = weights[chosen].cumsum()
        usual[index] = heights[chosen[np.searchsorted(total, total[-1] / 2)]]
    return usual

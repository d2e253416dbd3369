"""What is around the paper on a photo: the table it lies on, the dark border of a scan.

It is as dark as ink, and goes on beyond the picture.
"""

from dataclasses import replace

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.paper import Ink, stroke_width

__all__ = ["without_surroundings"]

_CONTACT = 0.07  # of a side of the picture: what reaches it along so much goes on behind it
_DEPTH = 0.006  # of the long side: what is thinner is a line


def without_surroundings(ink: Ink) -> Ink:
    """Give the ink without what goes on beyond the picture.

    Args:
        ink: A page's ink.

    Returns:
        The same if there is nothing around the paper; the width of strokes is measured again otherwise.
    """
    import cv2

    mask = ink.mask
    deep = 1 + round(_DEPTH * max(mask.shape))
    if min(mask.shape) <= 2 * deep or not any(_reaches(side).any() for side in _sides(mask, deep)):
        return ink
    count, labels, _, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    around = np.zeros(count, dtype=bool)
    for side in _sides(labels, deep):
        solid = np.where((side == side[0]).all(axis=0), side[0], 0)
        around |= np.bincount(solid, minlength=count) >= _CONTACT * len(solid)
    around[0] = False
    if not around.any() or around[1:].all():
        return ink
    gone = around[labels]
    soft = cv2.dilate(gone.view(np.uint8), np.ones((5, 5), dtype=np.uint8)) > 0
    left = mask & ~gone
    strength = np.where(soft & ~left, 0, ink.strength).astype(np.uint8)
    return replace(ink, strength=strength, mask=left, stroke_width=stroke_width(left))


def _sides(values: Array, deep: int) -> tuple[Array, ...]:
    """Give the strips along the picture's sides, each of shape (deep, length)."""
    return values[:deep], values[-deep:], values[:, :deep].T, values[:, -deep:].T


def _reaches(side: Array) -> Array:
    """Where a strip is full of ink, if that is much of it."""
    return np.asarray(side.all(axis=0) & (np.count_nonzero(side.all(axis=0)) >= _CONTACT * side.shape[1]))

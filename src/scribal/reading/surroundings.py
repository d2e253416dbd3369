"""What is around the paper on a photo: the table it lies on, the dark border of a scan.

It is as dark as ink, and goes on beyond the picture.
"""

from dataclasses import replace

import numpy as np

from scribal.reading.paper import Ink, stroke_width

__all__ = ["without_surroundings"]

_CONTACT = 0.07  # of a side of the picture: what reaches it along so much goes on behind it


def without_surroundings(ink: Ink) -> Ink:
    """Give the ink without what goes on beyond the picture.

    Args:
        ink: A page's ink.

    Returns:
        The same if there is nothing around the paper; the width of strokes is measured again otherwise.
    """
    import cv2

    mask = ink.mask
    sides = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    if not any(np.count_nonzero(side) >= _CONTACT * len(side) for side in sides):
        return ink
    count, labels, _, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    around = np.zeros(count, dtype=bool)
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        around |= np.bincount(side, minlength=count) >= _CONTACT * len(side)
    around[0] = False
    if not around.any() or around[1:].all():
        return ink
    gone = around[labels]
    soft = cv2.dilate(gone.view(np.uint8), np.ones((5, 5), dtype=np.uint8)) > 0
    left = mask & ~gone
    strength = np.where(soft & ~left, 0, ink.strength).astype(np.uint8)
    return replace(ink, strength=strength, mask=left, stroke_width=stroke_width(left))

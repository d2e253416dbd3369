"""Digits pushed together until they touch."""

import cv2
import numpy as np

from tools.synthetic_pages.writing import Array, Hand

__all__ = ["first_touch", "write_touching"]

_INK = 0.5  # of full cover
_MOST_OVERLAP = 0.05  # of the height
_SOFTNESS = 0.6  # pixels


def first_touch(before: Array, after: Array, lower: int) -> int | None:
    """Find where a digit that comes from the right touches another one first.

    Args:
        before: How the pixels of the left digit are covered, float32 of shape (rows, columns).
        after: The same of the right one.
        lower: How many rows the right one's top is under the left one's; may be negative.

    Returns:
        The right one's first column, counted from the left one's; None if it would pass.
    """
    rows, columns = before.shape[0] + after.shape[0], before.shape[1] + after.shape[1]
    ground = np.zeros((2 * rows, columns + 1), dtype=bool)
    ground[rows // 2 : rows // 2 + before.shape[0], : before.shape[1]] = before > _INK
    top = rows // 2 + lower
    for x in range(before.shape[1], 0, -1):
        if (ground[top : top + after.shape[0], x : x + after.shape[1]] & (after > _INK)).any():
            return x
    return None


def write_touching(text: str, hand: Hand, generator: np.random.Generator) -> Array:
    """Write digits that touch, and overlap a little.

    Args:
        text: The digits.
        hand: Who writes.
        generator: Where chance comes from: the height, the pen, the images, how far digits overlap.

    Returns:
        Their ink, uint8 of shape (rows, columns), all connected, with a margin of one pixel.
    """
    while True:
        height = generator.uniform(28, 110)
        stroke = None if generator.random() < 0.5 else generator.uniform(0.05, 0.15)
        inks = [
            hand.write(hand.pick(int(digit), generator), height * generator.uniform(0.88, 1.1), stroke)
            for digit in text
        ]
        tops = [round(generator.normal(0, 0.04) * height) - ink.shape[0] for ink in inks]
        left = [0]
        for before, after in zip(range(len(inks)), range(1, len(inks)), strict=False):
            x = first_touch(inks[before], inks[after], tops[after] - tops[before])
            if x is None:
                break
            left.append(left[-1] + x - round(generator.uniform(0, _MOST_OVERLAP) * height))
        else:
            ink = _laid(inks, left, tops)
            if cv2.connectedComponents((ink >= 100).astype(np.uint8))[0] == 2:
                return ink


def _laid(inks: list[Array], left: list[int], tops: list[int]) -> Array:
    first, top = min(left), min(tops)
    right = max(x + ink.shape[1] for x, ink in zip(left, inks, strict=True))
    bottom = max(y + ink.shape[0] for y, ink in zip(tops, inks, strict=True))
    ground = np.zeros((bottom - top + 2, right - first + 2), dtype=np.float32)
    for x, y, ink in zip(left, tops, inks, strict=True):
        place = ground[y - top + 1 :, x - first + 1 :][: ink.shape[0], : ink.shape[1]]
        np.maximum(place, ink, out=place)
    soft = cv2.GaussianBlur(ground, (0, 0), _SOFTNESS)
    return np.rint(255 * soft.clip(0, 1)).astype(np.uint8)

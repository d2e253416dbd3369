"""One digit on a picture of its own: the whole picture belongs to it.

The best mark is taken, with what is near it; borders, specks and what a crop left of its neighbours are dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.characters import to_characters
from scribal.reading.paper import Ink, find_ink
from scribal.reading.recognition import Recogniser, Recognition

__all__ = ["SingleMark", "find_single", "read_singles"]

_NEAR = 0.35  # of the best mark's size: how far from it a part of the same digit may be
_PART = 0.02  # of the best mark's area: the least that is a part, and no speck


@dataclass(frozen=True, eq=False)
class SingleMark:
    """The one digit of a picture.

    Attributes:
        strength: Its ink, uint8 of shape (height, width), 0 paper and 255 full ink, ready for ``to_characters``.
        box: x, y, width and height in the picture, in pixels; a width of 0 for a blank picture.
        ink: All ink of the picture.
    """

    strength: Array = field(repr=False)
    box: tuple[int, int, int, int]
    ink: Ink = field(repr=False)


def find_single(pixels: Array) -> SingleMark:
    """Find the one digit of a picture.

    Args:
        pixels: uint8 of shape (rows, columns, 3), red, green, blue; or grey, of shape (rows, columns).

    Returns:
        The digit; one pixel without ink where there is none.
    """
    import cv2

    ink = find_ink(pixels)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(ink.mask.astype(np.uint8), connectivity=8)
    if count == 1:
        return SingleMark(np.zeros((1, 1), dtype=np.uint8), (0, 0, 0, 0), ink)
    areas = statistics[1:, cv2.CC_STAT_AREA]
    boxes = statistics[1:, :4]
    best = int(areas.argmax())
    x, y, width, height = boxes[best]
    reach = _NEAR * max(width, height)
    apart_x = np.maximum(boxes[:, 0] - (x + width), x - (boxes[:, 0] + boxes[:, 2]))
    apart_y = np.maximum(boxes[:, 1] - (y + height), y - (boxes[:, 1] + boxes[:, 3]))
    near = (apart_x <= reach) & (apart_y <= reach) & (areas >= _PART * areas[best])
    own = np.isin(labels, 1 + np.flatnonzero(near))
    around = cv2.boundingRect(own.astype(np.uint8))
    x, y, width, height = around
    rows, columns = slice(max(y - 1, 0), y + height + 1), slice(max(x - 1, 0), x + width + 1)
    strength = np.where(own | (labels == 0), ink.strength, 0)[rows, columns]
    return SingleMark(strength, (int(x), int(y), int(width), int(height)), ink)


def read_singles(pictures: Sequence[Array], recogniser: Recogniser) -> tuple[list[SingleMark], Recognition]:
    """Read pictures of one digit each, all in one batch.

    Args:
        pictures: Each as ``find_single`` takes it.
        recogniser: Who says what the digits are.

    Returns:
        What was found on each picture, and what it was taken for, a row for each.
    """
    marks = [find_single(picture) for picture in pictures]
    return marks, recogniser.recognise(to_characters([mark.strength for mark in marks]))

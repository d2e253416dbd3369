"""Connected marks of ink: what may be a digit, a part of one, or several that touch.

What is certainly none of them is left out here, by its shape alone: specks, and the dark edges of a page or table that
a photo shows at its border. Everything that needs to be read to be judged stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.neighbours import weighted_median
from scribal.reading.paper import stroke_width

if TYPE_CHECKING:
    from scribal.reading.paper import Ink

__all__ = ["Marks", "find_marks"]

_SOFT_EDGE = 1  # pixels around a mark that its strokes' anti-aliased edges take
_SPECK = 0.5  # of a stroke's width squared: no pen that drew the page leaves less
_AT_SIDE = 2  # pixels from a picture's side
_EDGE = 0.6  # of the side: no digit on a page goes that far along it
_SOLID, _LONG, _THICK = 0.5, 4.0, 1.2  # of its box is ink; as long as others, and as much ink for its length: no stroke
_FRAME = 3  # times the usual height: what is larger may be a frame
_FRAMED = 3  # marks inside make it one


@dataclass(frozen=True)
class Marks:
    """The connected marks of a page.

    Attributes:
        strength: The page's ink, uint8 of shape (rows, columns), 0 paper and 255 full ink.
        labels: int32 of shape (rows, columns): the label of each pixel's mark, 0 where there is none.
        numbers: int32 of shape (n,): the label of each mark that is kept.
        boxes: int32 of shape (n, 4): x, y, width and height of each, in pixels.
        areas: int32 of shape (n,): the pixels of each.
    """

    strength: Array = field(repr=False)
    labels: Array = field(repr=False)
    numbers: Array = field(repr=False)
    boxes: Array
    areas: Array

    def __len__(self) -> int:
        return len(self.numbers)

    def box(self, chosen: Sequence[int]) -> tuple[int, int, int, int]:
        """Give the box around some marks: x, y, width, height."""
        boxes = [self._boxes[index] for index in chosen]
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
        return left, top, right - left, bottom - top

    @cached_property
    def _boxes(self) -> list[list[int]]:
        """The same as plain numbers: thousands of groups are looked at, and each has few."""
        boxes: list[list[int]] = self.boxes.tolist()
        return boxes

    def cut(self, chosen: Sequence[int]) -> Array:
        """Give the ink of some marks alone, without what else lies in their box.

        Returns:
            uint8 of the shape of ``box``, grown by the soft edge of the strokes on every side.
        """
        import cv2

        x, y, width, height = self.box(chosen)
        rows = slice(max(y - _SOFT_EDGE, 0), y + height + _SOFT_EDGE)
        columns = slice(max(x - _SOFT_EDGE, 0), x + width + _SOFT_EDGE)
        labels = self.labels[rows, columns]
        own = np.logical_or.reduce([labels == self.numbers[index] for index in chosen])
        near = cv2.dilate(own.astype(np.uint8), np.ones((2 * _SOFT_EDGE + 1,) * 2, dtype=np.uint8)) > 0
        ours: Array = np.where(own | (near & (labels == 0)), self.strength[rows, columns], 0)
        return ours

    def reach(self, chosen: Sequence[int], y: int, height: int) -> tuple[int, int]:
        """Tell from where to where some marks go in the rows from ``y`` on.

        Returns:
            The first column of their ink and the one after the last; both that of their box's right end if there is
            none.
        """
        left, _, width, _ = self.box(chosen)
        labels = self.labels[y : y + height, left : left + width]
        ink = np.logical_or.reduce([labels == self.numbers[index] for index in chosen])
        columns = np.flatnonzero(ink.any(axis=0))
        if not len(columns):
            return left + width, left + width
        return left + int(columns[0]), left + int(columns[-1]) + 1


def find_marks(ink: "Ink") -> Marks:
    """Find the connected marks of a page's ink.

    Args:
        ink: The page's ink, ruling taken out.

    Returns:
        The marks, in no order that means anything. None for blank paper.
    """
    import cv2

    _, labels, statistics, _ = cv2.connectedComponentsWithStats(ink.mask.astype(np.uint8), connectivity=8)
    areas, boxes = statistics[:, cv2.CC_STAT_AREA], statistics[:, :4]
    is_ink = np.arange(len(areas)) > 0
    kept = is_ink & (areas >= _SPECK * ink.stroke_width**2)
    gaps = np.zeros(len(areas), dtype=np.bool_)
    gaps[kept] = _is_gap(boxes[kept], areas[kept])
    if areas[gaps].sum() > areas[kept].sum() / 2:  # what is so thick says how thick strokes are
        kept = is_ink & (areas >= _SPECK * stroke_width((kept & ~gaps)[labels] & ink.mask) ** 2)
    numbers = np.flatnonzero(kept & ~gaps).astype(np.int32)
    if len(numbers) > 1:
        around = boxes[numbers]
        numbers = numbers[~_is_edge(around, ink.mask.shape) & ~_is_frame(around)]
    return Marks(ink.strength, labels, numbers, boxes[numbers], areas[numbers])


def _is_edge(boxes: Array, shape: tuple[int, ...]) -> Array:
    """Tell marks that go along a side of the picture: the edge of the paper, or what lies behind it."""
    size = np.array(shape[::-1])
    start, end = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    at_side = (start <= _AT_SIDE) | (end >= size - _AT_SIDE)
    long = boxes[:, 2:] >= _EDGE * size
    edge: Array = (at_side[:, 0] & long[:, 1]) | (at_side[:, 1] & long[:, 0])
    return edge


def _is_gap(boxes: Array, areas: Array) -> Array:
    """Tell solid bars much longer and thicker than all that is written: what lies between two sheets of paper."""
    if len(boxes) < 2:  # noqa: PLR2004 (nothing to compare with)
        return np.zeros(len(boxes), dtype=np.bool_)
    sides = boxes[:, 2:].max(axis=1).astype(np.float64)
    others = np.delete(sides, sides.argmax())
    usual = weighted_median(others, others)  # long ones weigh more: specks are many
    thick = areas / sides
    solid = areas > _SOLID * boxes[:, 2:].prod(axis=1)
    gap: Array = solid & (sides > _LONG * usual) & (thick > _THICK * np.median(thick[sides >= usual / 2]))
    return gap


def _is_frame(boxes: Array) -> Array:
    """Tell marks around many others: a frame or a table that was drawn, or the outline of a note."""
    frames = np.zeros(len(boxes), dtype=np.bool_)
    start, end = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    usual = np.median(boxes[:, 3])
    for index in np.flatnonzero(boxes[:, 2:].max(axis=1) > _FRAME * usual):
        inside = (start > start[index]).all(axis=1) & (end < end[index]).all(axis=1)
        frames[index] = inside.sum() >= _FRAMED
    return frames

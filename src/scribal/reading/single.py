"""One digit on a picture of its own: the whole picture belongs to it.

The best mark is taken, with the parts of the same digit near it; borders, specks and what a crop left of its neighbours
are dropped. Much on the path of a picture is a call of OpenCV on few pixels, so that thousands are read a second.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.characters import to_characters
from scribal.reading.margin import inside_margin
from scribal.reading.paper import Ink, find_ink
from scribal.reading.second_look import look_again

if TYPE_CHECKING:
    from scribal.reading.recognition import Recogniser, Recognition

__all__ = ["SingleMark", "find_single", "read_singles"]

_LONGEST = 144  # pixels: larger pictures are reduced
_SHORTEST = 24  # pixels: smaller pictures are enlarged
_ENOUGH = 40  # pixels: a smaller digit on a reduced picture is looked at again, closely
_NEAR = 0.5  # of the best mark's size: how far from it a part of the same digit may be
_PART = 0.03  # of the best mark's area: the least that is a part, and no speck
_RIM = 0.12  # of the side: how far into a picture the remains of a border reach
_INSIDE = 0.4  # of their pixels lie deeper
_RIM_WORTH = 0.05  # of other marks
_THIN_LINE = 0.6  # of a stroke's width
_LINE = 0.9  # of the side: how much of it a line along it covers
_LEAST_PHOTO = 48  # pixels: smaller pictures are cropped too closely to have a rim
_TINY = 20  # pixels: on so small a picture nothing but the digit has a place
_AS_THICK = 1.7  # times: a bar at the rim is a stroke of the digit where it is as thick
_ROUNDS = 4  # of joining parts to parts
_MOST_MARKS = 64  # the largest are looked at
_BATCH = 512  # pictures


@dataclass(frozen=True, eq=False)
class SingleMark:
    """The one digit of a picture.

    Attributes:
        strength: Its ink, uint8 of shape (height, width), 0 paper and 255 full ink, ready for ``to_characters``; one
            pixel without ink for a blank picture.
        box: x, y, width and height in the picture, in pixels; a width of 0 for a blank picture.
        ink: All ink of the picture, perhaps reduced.
    """

    strength: Array = field(repr=False)
    box: tuple[int, int, int, int]
    ink: Ink = field(repr=False)


def find_single(pixels: Array, *, light_on_dark: bool | None = None) -> SingleMark:
    """Find the one digit of a picture.

    Args:
        pixels: uint8 of shape (rows, columns, 3), red, green, blue; or grey, of shape (rows, columns).
        light_on_dark: Whether the ink is lighter than its ground; by default that is found out.

    Returns:
        The digit.
    """
    rows, columns = pixels.shape[:2]
    left, top, right, bottom = inside_margin(pixels) if max(rows, columns) > _LEAST_PHOTO else (0, 0, columns, rows)
    mark = _look_closely(pixels[top:bottom, left:right], light_on_dark=light_on_dark)
    x, y, width, height = mark.box
    return replace(mark, box=(x + left, y + top, width, height)) if width else mark


def read_singles(
    pictures: Sequence[Array],
    recogniser: "Recogniser",
    *,
    find: Callable[[Array], SingleMark] = find_single,
    draw: Callable[[Sequence[Array]], Array] = to_characters,
) -> "tuple[list[SingleMark], Recognition]":
    """Read pictures of one digit each, in batches: one is recognised while the digits of the next are looked for.

    Args:
        pictures: Each as ``find_single`` takes it.
        recogniser: Who says what the digits are.
        find: Finds the digit of a picture.
        draw: Makes characters of 28x28 of what was found.

    Returns:
        What was found on each picture, and what it was taken for, a row for each.
    """
    from scribal.engine.threads import Workers
    from scribal.reading.recognition import Recognition

    marks: list[SingleMark] = []
    with Workers(1) as workers:
        answers = []
        for first in range(0, max(len(pictures), 1), _BATCH):
            found = [find(picture) for picture in pictures[first : first + _BATCH]]
            marks += found
            answers.append(workers.begin(recogniser.recognise, draw([mark.strength for mark in found])))
        recognition = Recognition.together([answer() for answer in answers])
    return look_again(pictures, marks, recognition, recogniser, find=find_single, draw=draw)


def _look_closely(pixels: Array, *, light_on_dark: bool | None) -> SingleMark:
    """Find the digit; where it is small on a large picture, find it again in its surroundings."""
    rows, columns = pixels.shape[:2]
    mark = _find(pixels, light_on_dark=light_on_dark)
    x, y, width, height = mark.box
    if max(rows, columns) <= _LONGEST or not 0 < max(width, height) * _LONGEST < _ENOUGH * max(rows, columns):
        return mark
    margin = max(width, height)
    top, left = max(0, y - margin), max(0, x - margin)
    around = pixels[top : y + height + margin, left : x + width + margin]
    close = _find(around, light_on_dark=mark.ink.is_light_on_dark)
    x, y, width, height = close.box
    return SingleMark(close.strength, (x + left, y + top, width, height), mark.ink) if width else mark


def _find(pixels: Array, *, light_on_dark: bool | None) -> SingleMark:
    rows, columns = pixels.shape[:2]
    sized = _resize(pixels)
    ink = find_ink(sized, single=True, light_on_dark=light_on_dark)
    strength, (x, y, width, height) = _best(ink, alone=max(rows, columns) <= _TINY)
    across, down = columns / sized.shape[1], rows / sized.shape[0]
    left, top = int(x * across), int(y * down)
    right, bottom = min(columns, round((x + width) * across)), min(rows, round((y + height) * down))
    if not width:
        return SingleMark(strength, (0, 0, 0, 0), ink)
    return SingleMark(strength, (left, top, max(1, right - left), max(1, bottom - top)), ink)


def _resize(pixels: Array) -> Array:
    import cv2

    rows, columns = pixels.shape[:2]
    side = max(rows, columns)
    if _SHORTEST <= side <= _LONGEST:
        return pixels
    factor = _LONGEST / side if side > _LONGEST else 2 * _SHORTEST / side
    size = max(1, round(columns * factor)), max(1, round(rows * factor))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def _best(ink: Ink, *, alone: bool = False) -> tuple[Array, tuple[int, int, int, int]]:
    """Choose the marks of the digit; gives their ink, with its soft edges, and their box.

    Args:
        ink: The picture's ink.
        alone: Whether nothing but the digit can be on the picture, so that all marks but specks are its.
    """
    import cv2

    bits = ink.mask.view(np.uint8)
    is_whole = True
    if max(bits.shape) > _LEAST_PHOTO:
        inner = _without_rim_lines(bits, ink.stroke_width)
        is_whole = inner is bits
        bits = inner
    count, labels, statistics, centres = cv2.connectedComponentsWithStats(bits, connectivity=8)
    if count == 1:
        return np.zeros((1, 1), dtype=np.uint8), (0, 0, 0, 0)
    if count == 2 and is_whole:  # noqa: PLR2004 (the paper and one mark, as it is most often)
        return _cut(ink.strength, *statistics[1, :4].tolist())
    order = 1 + np.argsort(-statistics[1:, cv2.CC_STAT_AREA], kind="stable")[:_MOST_MARKS]
    boxes, areas = statistics[order, :4], statistics[order, cv2.CC_STAT_AREA]
    rows, columns = bits.shape
    away = (centres[order] / (columns, rows) - 0.5) * 2
    rim = _is_rim(labels, statistics)[order]
    best = int((areas * np.exp(-(away**2).sum(axis=1)) * np.where(rim, _RIM_WORTH, 1.0)).argmax())
    chosen = areas >= _PART * areas[best] if alone else _parts(best, boxes, areas, rim, max(rows, columns))
    table = np.zeros(count, dtype=np.uint8)
    table[order[chosen]] = 1
    own = table[labels]
    strength = ink.strength
    if chosen.sum() < count - 1 or not is_whole:
        soft = (cv2.dilate(own, np.ones((3, 3), dtype=np.uint8)) > 0) & ~ink.mask
        strength = np.where(soft | (own > 0), strength, 0).astype(np.uint8)
    left, top = boxes[chosen, :2].min(axis=0).tolist()
    right, bottom = (boxes[chosen, :2] + boxes[chosen, 2:]).max(axis=0).tolist()
    return _cut(strength, left, top, right - left, bottom - top)


def _parts(best: int, boxes: Array, areas: Array, rim: Array, side: int) -> Array:
    """Say which marks belong to the best one: near it, no specks, and not of the picture's rim or around it."""
    first, last = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    thick = areas / boxes[:, 2:].max(axis=1)
    bar = (thick > thick[best] / _AS_THICK) & (thick < thick[best] * _AS_THICK) & (boxes[:, 2:].max(axis=1) < side / 2)
    around = (first < first[best]).all(axis=1) & (last > last[best]).all(axis=1)
    possible = ~around & (~rim | bar) & (areas >= _PART * areas[best])
    chosen = np.arange(len(areas)) == best
    for _ in range(_ROUNDS):
        low, high = first[chosen].min(axis=0), last[chosen].max(axis=0)
        apart = np.maximum(first - high, low - last).max(axis=1)
        more = chosen | (possible & (apart <= _NEAR * (high - low).max()))
        if (more == chosen).all():
            break
        chosen = more
    chosen_marks: Array = chosen
    return chosen_marks


def _without_rim_lines(bits: Array, width: float) -> Array:
    """Take out lines along the picture's border, such as those of a cell, also where a stroke crosses them.

    A thick line along a single side may be a stroke of a character that was cropped closely.
    """
    lines = [(turns, *_rim_line(np.rot90(bits, turns))) for turns in range(4)]
    lines = [(turns, thick, begins) for turns, thick, begins in lines if thick]
    if len(lines) == 1 and lines[0][1] > _THIN_LINE * width:
        return bits
    left = bits.copy() if lines else bits
    for turns, thick, begins in lines:
        band = np.rot90(left, turns)
        rows = np.arange(len(band))[:, np.newaxis]
        band[(rows >= begins) & (rows <= begins + thick) & (begins >= 0)] = 0
    return left


def _rim_line(bits: Array) -> tuple[int, Array]:
    """Find a line along the first rows: how thick it is, 0 for none, and where it begins in each column, -1 for not."""
    deep = max(1, round(_RIM * len(bits)))
    band = bits[:deep]
    has = band.any(axis=0)
    thick = int(np.median(band.sum(axis=0)[has])) if has.mean() > _LINE else 0
    return (thick if thick <= deep // 2 else 0), np.where(has, band.argmax(axis=0), -1)


def _is_rim(labels: Array, statistics: Array) -> Array:
    """Tell which marks lie along the picture's border, as remains of a frame, a neighbour or a table's edge do."""
    rows, columns = labels.shape
    deep, wide = max(1, round(_RIM * rows)), max(1, round(_RIM * columns))
    inner = np.bincount(labels[deep : rows - deep, wide : columns - wide].ravel(), minlength=len(statistics))
    along: Array = inner < _INSIDE * statistics[:, 4]
    return along


def _cut(strength: Array, x: int, y: int, width: int, height: int) -> tuple[Array, tuple[int, int, int, int]]:
    rows, columns = slice(max(y - 1, 0), y + height + 1), slice(max(x - 1, 0), x + width + 1)
    return strength[rows, columns], (x, y, width, height)

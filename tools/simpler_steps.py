"""Steps of reading as they would be without one of their ideas; what each idea is worth is measured with them.

``ABLATIONS`` names them. Each takes one idea away and leaves all others.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from scribal.reading.characters import to_characters
from scribal.reading.paper import Ink, find_ink, stroke_width
from scribal.reading.single import SingleMark, find_single
from scribal.reading.steps import Steps

__all__ = ["ABLATIONS", "TUTORIAL"]

Array = np.ndarray[Any, np.dtype[Any]]

_SIDE = 28
_MIDDLE = 127


def _grey(pixels: Array) -> Array:
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)  # noqa: PLR2004


def _ink_of(levels: Array, threshold: float) -> Ink:
    mask = levels > threshold
    return Ink(np.where(mask, levels, 0).astype(np.uint8), mask, stroke_width=stroke_width(mask))


def ink_by_one_threshold(pixels: Array) -> Ink:
    """Tell ink from paper by one level for the whole page, Otsu's; there is less ink than paper."""
    grey = _grey(pixels)
    level, dark = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if 2 * np.count_nonzero(dark) > dark.size:
        return _ink_of(grey, level)
    return _ink_of(np.invert(grey), 255 - level)


def dark_ink(pixels: Array) -> Ink:
    """Take what is dark for ink, also on a blackboard."""
    return find_ink(pixels, light_on_dark=False)


def ink_without_colour(pixels: Array) -> Ink:
    """Tell ink from paper by how dark it is alone."""
    return find_ink(_grey(pixels))


def inverted(pixels: Array) -> Ink:
    """Invert, and take the lighter half of all levels for ink, as tutorials do."""
    return _ink_of(np.invert(_grey(pixels)), _MIDDLE)


def single_by_one_threshold(pixels: Array) -> SingleMark:
    """Take all that Otsu's level parts from the ground of the whole picture."""
    return _all_of(ink_by_one_threshold(pixels))


def dark_single(pixels: Array) -> SingleMark:
    """Find the digit among what is dark."""
    return find_single(pixels, light_on_dark=False)


def single_without_colour(pixels: Array) -> SingleMark:
    """Find the digit by how dark it is alone."""
    return find_single(_grey(pixels))


def whole_picture(pixels: Array) -> SingleMark:
    """Invert the picture and take it as it is."""
    grey = np.invert(_grey(pixels))
    return SingleMark(grey, (0, 0, grey.shape[1], grey.shape[0]), _ink_of(grey, _MIDDLE))


def _all_of(ink: Ink) -> SingleMark:
    box = cv2.boundingRect(ink.mask.astype(np.uint8))
    x, y, width, height = (int(value) for value in box)
    strength = ink.strength[y : y + height, x : x + width] if width else np.zeros((1, 1), dtype=np.uint8)
    return SingleMark(strength, (x, y, width, height), ink)


def _cut(strength: Array) -> Array:
    x, y, width, height = cv2.boundingRect((strength > 0).astype(np.uint8))
    return strength[y : y + height, x : x + width] if width else np.zeros((1, 1), dtype=np.uint8)


def stretched(inks: Sequence[Array]) -> Array:
    """Make characters that fill their box both ways, without keeping their aspect."""
    squares = []
    for ink in inks:
        side = max(ink.shape)
        squares.append(cv2.resize(_cut(ink), (side, side), interpolation=cv2.INTER_LINEAR))
    return to_characters(squares)


def without_margin(inks: Sequence[Array]) -> Array:
    """Make characters that reach the edges of the image, in place of a box of 20x20."""
    large = np.zeros((len(inks), _SIDE, _SIDE), dtype=np.uint8)
    for target, character in zip(large, to_characters(inks), strict=True):
        cut = _cut(character)
        factor = _SIDE / max(cut.shape)
        size = max(1, round(cut.shape[1] * factor)), max(1, round(cut.shape[0] * factor))
        top, left = (_SIDE - size[1]) // 2, (_SIDE - size[0]) // 2
        target[top : top + size[1], left : left + size[0]] = cv2.resize(cut, size)
    return large


def centred_by_box(inks: Sequence[Array]) -> Array:
    """Make characters whose box, not whose mass, is in the middle."""
    moved = np.zeros((len(inks), _SIDE, _SIDE), dtype=np.uint8)
    for target, character in zip(moved, to_characters(inks), strict=True):
        cut = _cut(character)
        top, left = (_SIDE - cut.shape[0]) // 2, (_SIDE - cut.shape[1]) // 2
        target[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    return moved


def without_soft_edges(inks: Sequence[Array]) -> Array:
    """Make characters of full ink and none."""
    return np.where(to_characters(inks) > _MIDDLE, 255, 0).astype(np.uint8)


def resized(inks: Sequence[Array]) -> Array:
    """Resize whatever was cut out to the network's size, as tutorials do."""
    characters = [cv2.resize(ink, (_SIDE, _SIDE)) for ink in inks]
    return np.stack(characters) if characters else np.zeros((0, _SIDE, _SIDE), dtype=np.uint8)


_ALL = Steps()

ABLATIONS: dict[str, Steps] = {
    "all steps": _ALL,
    "one threshold for the whole picture": replace(
        _ALL, find_ink=ink_by_one_threshold, find_single=single_by_one_threshold
    ),
    "ink is what is dark": replace(_ALL, find_ink=dark_ink, find_single=dark_single),
    "no colour": replace(_ALL, find_ink=ink_without_colour, find_single=single_without_colour),
    "lines stay on the paper": replace(_ALL, ruling=False),
    "strokes are not joined": replace(_ALL, joining=False),
    "what touches is not parted": replace(_ALL, splitting=False),
    "what is around does not count": replace(_ALL, context=False),
    "nothing is rejected": replace(_ALL, context=False, rejecting=False),
    "aspect not kept": replace(_ALL, to_characters=stretched),
    "no margin": replace(_ALL, to_characters=without_margin),
    "centre of the box, not of mass": replace(_ALL, to_characters=centred_by_box),
    "no soft edges": replace(_ALL, to_characters=without_soft_edges),
}

TUTORIAL = Steps(
    find_ink=inverted,
    find_single=whole_picture,
    ruling=False,
    joining=False,
    splitting=False,
    to_characters=resized,
    context=False,
    rejecting=False,
)
"""Invert, take every mark, resize it to 28x28."""

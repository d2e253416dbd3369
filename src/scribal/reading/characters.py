"""Ink of one character made to look like MNIST's.

MNIST's digits were black and white, fitted, aspect kept and with antialiasing, into a box of 20x20 pixels, and moved so
that their centre of mass is in the middle of 28x28 (Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of
handwritten digits", http://yann.lecun.com/exdb/mnist/). Here the same is done in a box of four times that size; there
strokes much thinner or thicker than MNIST's are brought nearer to them before the box is reduced.
"""

from collections.abc import Sequence

import numpy as np

from scribal.data.dataset import Array

__all__ = ["SIDE", "to_characters"]

SIDE = 28
_BOX = 20
_FINE = 4  # pixels of the fine box for each of MNIST's
_EDGE = 107  # level of 255 at which a stroke ends
_GAIN = 1.5  # how much steeper edges become
_LEAST_FINE = 1.5  # fine pixels: thinner strokes would be lost
_THINNEST = 1.5  # pixels of MNIST: thinner strokes become as thick as this
_THICKEST = 4.2  # and thicker ones as thin as this


def to_characters(inks: Sequence[Array]) -> Array:
    """Make images such as MNIST's of the ink of single characters.

    Args:
        inks: The ink of one character each, uint8 of shape (rows, columns), 0 paper and 255 full ink; with a margin or
            without.

    Returns:
        uint8 of shape (n, 28, 28), light ink on dark ground; zeros where there is no ink.
    """
    characters = np.zeros((len(inks), SIDE, SIDE), dtype=np.uint8)
    for character, ink in zip(characters, inks, strict=True):
        _draw(ink, character)
    return characters


def _draw(ink: Array, character: Array) -> None:
    import cv2

    if not ink.size:
        return
    x, y, width, height = cv2.boundingRect(_bits(ink, _EDGE))
    if not width:
        return
    cut = ink[y : y + height, x : x + width]
    factor = _FINE * _BOX / max(width, height)
    if factor < 1:
        cut = _without_hairlines(cut, factor)
    fine = _fit(cut, _FINE * _BOX)
    change = _change(_stroke_width(_bits(fine)) / _FINE)
    if abs(change) >= 1:
        fine = _fit(cut, round(_FINE * _BOX - change))
        fine = _thicken(fine, change)
    _place(fine, character)


def _without_hairlines(cut: Array, factor: float) -> Array:
    """Thicken strokes that would be lost where the ink is reduced."""
    import cv2

    missing = _LEAST_FINE / factor - _stroke_width(_bits(cut, _EDGE))
    if missing <= 0:
        return cut
    size = int(np.ceil(missing)) + 1
    margin = size // 2 + 1
    padded = cv2.copyMakeBorder(cut, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    return cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))


def _fit(cut: Array, side: int) -> Array:
    """Scale ink so that its longer side has ``side`` pixels, with edges as steep as on paper."""
    import cv2

    height, width = cut.shape
    factor = side / max(width, height)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    fitted = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    steep = (fitted.astype(np.float32) - (_EDGE - 127 / _GAIN)) * _GAIN
    return steep.clip(0, 255).astype(np.uint8)


def _bits(ink: Array, edge: int = 127) -> Array:
    return (ink > edge).view(np.uint8)


def _stroke_width(bits: Array) -> float:
    """The typical width of strokes: four times the mean distance from the ground."""
    import cv2

    padded = cv2.copyMakeBorder(bits, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distances = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_3)
    return 4 * (cv2.mean(distances, padded)[0] - 0.5)


def _change(thick: float) -> int:
    """Say by how many fine pixels strokes should grow or, below 0, shrink."""
    if thick < _THINNEST:
        return round((_THINNEST - thick) * _FINE)
    if thick > _THICKEST:
        return round((_THICKEST - thick) * _FINE)
    return 0


def _thicken(fine: Array, change: int) -> Array:
    import cv2

    margin = abs(change)
    padded = cv2.copyMakeBorder(fine, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (margin + 1, margin + 1))
    return cv2.dilate(padded, pen) if change > 0 else cv2.erode(padded, pen)


def _place(fine: Array, character: Array) -> None:
    """Reduce fine ink and put its centre of mass into the middle."""
    import cv2

    x, y, width, height = cv2.boundingRect(_bits(fine))
    if not width:
        return
    moments = cv2.moments(fine[y : y + height, x : x + width])
    factor = _BOX / max(width, height)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    reduced = cv2.resize(fine[y : y + height, x : x + width], size, interpolation=cv2.INTER_AREA)
    row = (moments["m01"] / moments["m00"] + 0.5) / height * size[1]
    column = (moments["m10"] / moments["m00"] + 0.5) / width * size[0]
    top = min(max(round(SIDE / 2 + 0.5 - row), 0), SIDE - size[1])
    left = min(max(round(SIDE / 2 + 0.5 - column), 0), SIDE - size[0])
    character[top : top + size[1], left : left + size[0]] = reduced

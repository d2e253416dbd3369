"""What is printed on a page falls away: outlines and labels become paper, ink that crosses them stays."""

from collections.abc import Sequence

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.sheet.finding import MARGIN, RESOLUTION
from scribal.reading.sheet.layout import BOX_LINE, LABEL_HEIGHT, Cell

__all__ = ["LINE_REACH", "darkness", "paper_of", "without_print"]

LINE_REACH = 0.75
"""Millimetres on either side of a line in which there may be something of it."""

# Lengths in millimetres.
_CLOSING = 9.0  # wider than any stroke
_COARSE = 2  # pixels for a millimetre, for the paper's slow changes
_BLUR = 5  # of these pixels
_LABEL_REACH = 2.2
# Of the pixels of outlines nearly all are print alone; of those around a label some are the label's strokes.
_OUTLINE_PERCENTILE = 75
_LABEL_PERCENTILE = 97
# Print varies; what is darker than its usual darkness by this is ink.
_DARKER = 1.2
_DARKER_AT_LEAST = 0.08


def paper_of(straight: Array) -> Array:
    """What a page would look like with nothing on it.

    Args:
        straight: A straightened page, uint8 of shape (rows, columns, 3).

    Returns:
        uint8 of the same shape: the light and the colour of the paper around each pixel.
    """
    import cv2

    share = _COARSE / RESOLUTION
    reduced = cv2.resize(straight, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    side = round(_CLOSING * _COARSE) // 2 * 2 + 1
    closed = cv2.morphologyEx(reduced, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    paper = cv2.blur(closed, (_BLUR, _BLUR))  # little: the edge of a shadow may be sharp
    return np.asarray(cv2.resize(paper, straight.shape[1::-1], interpolation=cv2.INTER_LINEAR))


def darkness(straight: Array, paper: Array) -> Array:
    """How dark each pixel is against the paper, for each colour: float32, 0 for paper to 1 for black."""
    share = 1 - straight.astype(np.float32) / np.maximum(paper, 1)
    return np.asarray(np.clip(share, 0, 1))


def without_print(dark: Array, cells: Sequence[Cell]) -> Array:
    """Show a page in even light, on white paper, with paper where it is printed.

    How dark print is differs from printer to printer and photo to photo, so the page itself is asked. Ink on it is
    darker in at least one colour.

    Args:
        dark: How dark a straightened page is, as :func:`darkness` tells.
        cells: Where its boxes are.

    Returns:
        The page, uint8 of shape (rows, columns, 3).
    """
    import cv2

    outlines, middles, labels = (np.zeros(dark.shape[:2], np.uint8) for _ in range(3))
    for cell in cells:
        left, top = _pixel(cell.box.x), _pixel(cell.box.y)
        right, bottom = _pixel(cell.box.right), _pixel(cell.box.bottom)
        cv2.rectangle(outlines, (left, top), (right, bottom), 1, round(2 * LINE_REACH * RESOLUTION) + 1)
        cv2.rectangle(middles, (left, top), (right, bottom), 1, round(BOX_LINE * RESOLUTION))
        centre = (left + right) // 2
        reach, height = round(_LABEL_REACH * RESOLUTION), round((LABEL_HEIGHT + 0.4) * RESOLUTION)
        cv2.rectangle(labels, (centre - reach, top - height), (centre + reach, top), 1, cv2.FILLED)
    is_label = (labels > 0) & (outlines == 0)
    erased = _print_of(dark, outlines > 0, middles > 0, _OUTLINE_PERCENTILE)
    erased |= _print_of(dark, is_label, is_label, _LABEL_PERCENTILE)
    # Paper is a little darker than its lightest grain, by which it is measured.
    usual = np.median(dark[::_COARSE, ::_COARSE], axis=(0, 1))
    light = np.where(erased[..., None], 1 - usual, 1 - dark)
    return np.asarray(np.rint(255 * light), np.uint8)


def _print_of(dark: Array, place: Array, known: Array, percentile: float) -> Array:
    """Which pixels at a place are print alone: not darker than the pixels that are known for it."""
    usual = np.percentile(dark[known], percentile, axis=0) if known.any() else np.zeros(3)
    limit = np.maximum(usual * _DARKER, usual + _DARKER_AT_LEAST).astype(np.float32)
    alone: Array = place.copy()
    alone[place] = (dark[place] <= limit).all(axis=1)
    return alone


def _pixel(place: float) -> int:
    return round((place + MARGIN) * RESOLUTION - 0.5)

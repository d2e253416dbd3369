"""Ink is told from paper: where somebody wrote, and how strongly, whatever the paper, the pen and the light.

The paper's colour is estimated at every place; what differs from it is ink.
"""

from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array

__all__ = ["Ink", "find_ink"]

_BACKGROUND_SIDE = 256
_LEAST_CONTRAST = 12


@dataclass(frozen=True, eq=False)
class Ink:
    """What is written on a picture, without the paper.

    Attributes:
        strength: uint8 of shape (rows, columns): 0 paper, 255 full ink; the soft edges of strokes lie between.
        mask: bool of the same shape: whether a pixel is ink rather than paper.
        is_light_on_dark: Whether the ink is lighter than what it stands on.
        stroke_width: The typical width of a stroke, in pixels; 0 where there is none.
        contrast: How far typical ink is from its paper, in levels of 255.
        noise: How far the paper is from its own colour, in the same levels.
        notes: What was found and done; sentences without a full stop.
    """

    strength: Array = field(repr=False)
    mask: Array = field(repr=False)
    is_light_on_dark: bool = False
    stroke_width: float = 0.0
    contrast: float = 0.0
    noise: float = 0.0
    notes: tuple[str, ...] = ()


def find_ink(pixels: Array) -> Ink:
    """Tell ink from paper.

    Args:
        pixels: uint8 of shape (rows, columns, 3), red, green, blue; or grey, of shape (rows, columns).

    Returns:
        The ink; none at all where everything is of one colour.
    """
    import cv2

    colours = pixels if pixels.ndim == 3 else pixels[..., np.newaxis]  # noqa: PLR2004
    rows, columns = colours.shape[:2]
    factor = min(1.0, _BACKGROUND_SIDE / max(rows, columns))
    small_size = (max(1, round(columns * factor)), max(1, round(rows * factor)))
    window = min(255, max(small_size) // 2 | 1)
    difference = np.zeros((rows, columns), dtype=np.float32)
    signed = 0.0
    for channel in np.moveaxis(colours, -1, 0):
        small = cv2.resize(np.ascontiguousarray(channel), small_size, interpolation=cv2.INTER_AREA)
        paper = cv2.medianBlur(cv2.copyMakeBorder(small, *(window // 2,) * 4, cv2.BORDER_REFLECT_101), max(window, 3))
        paper = paper[window // 2 :, window // 2 :][: small_size[1], : small_size[0]]
        apart = cv2.resize(paper, (columns, rows)).astype(np.float32) - channel
        signed += float((apart**3).sum())
        difference = np.maximum(difference, np.abs(apart))
    levels = np.minimum(difference, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = levels > max(threshold, _LEAST_CONTRAST)
    if not mask.any():
        return Ink(np.zeros((rows, columns), np.uint8), mask)
    full = float(np.percentile(levels[mask], 75))
    low = float(np.percentile(levels[~mask], 75)) if not mask.all() else 0.0
    strength = np.rint(255 * ((levels - low) / max(full - low, 1.0)).clip(0, 1)).astype(np.uint8)
    return Ink(strength, mask, signed < 0, stroke_width(mask), full - low, low)


def stroke_width(mask: Array) -> float:
    """Measure the typical width of strokes: four times the mean distance of their pixels from the paper.

    Args:
        mask: bool of shape (rows, columns).

    Returns:
        The width in pixels; 0 without ink.
    """
    import cv2

    if not mask.any():
        return 0.0
    distances = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3)
    return max(1.0, 4 * float(distances[distances > 0].mean()) - 1)

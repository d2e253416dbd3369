"""Strokes of a second pen across the whole image."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["dotted_line", "zigzag"]

_REACH = 2.3  # pixels from a stroke's middle to where its fading would end
_STEEPEST_RISE = 5  # pixels from one end of a zigzag to the other
_MARGIN = 2  # columns at both sides that a zigzag leaves alone


def dotted_line(images: Array, length: int, generator: np.random.Generator) -> Array:
    """Draw a line from a random place at the left to one at the right, in dots and gaps of ``length`` columns."""
    height, width = images.shape[1:]
    columns = np.arange(width)
    first, last = generator.integers(0, height - 1, (2, len(images), 1))
    rows = first + (last - first) * columns / (width - 1)
    crossed: Array = images + _stroke(rows, height) * (columns // length % 2 == 1)
    return crossed


def zigzag(images: Array, swing: int, generator: np.random.Generator) -> Array:
    """Draw a line from left to right that swings ``swing`` pixels to either side, at 45 degrees."""
    height, width = images.shape[1:]
    columns = np.arange(width)
    along = columns - _MARGIN
    first = generator.integers(0, height - 1, (len(images), 1))
    rise = generator.integers(-_STEEPEST_RISE, _STEEPEST_RISE, (len(images), 1))
    quarter = (along / swing + 1) % 4  # of a swing
    rows = first + rise * along / (width - 1 - 2 * _MARGIN) + swing * (1 - np.abs(quarter - 2))
    inside = (along >= 0) & (columns < width - _MARGIN)
    crossed: Array = images + _stroke(rows, height) * inside
    return crossed


def _stroke(rows: Array, height: int) -> Array:
    """Ink around the row that each column has: full in its middle, 1 + log(1 - d / 2.3) at d pixels from it.

    Args:
        rows: Of shape (n, width).
        height: Of the images.

    Returns:
        float32 of shape (n, height, width), within 0 and 1.
    """
    distance = np.abs(np.arange(height)[:, None] - rows[:, None, :])
    ink: Array = (1 + np.log1p(-np.minimum(distance / _REACH, 0.99))).clip(0, 1).astype(np.float32)
    return ink

"""Small steps on grey levels that several parts of reading take: reduced, enlarged, lowered, and their distribution."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["enlarge", "less", "quantile", "reduce"]

_LEVELS = 256
_SAMPLES = 20_000  # pixels from which a distribution is estimated


def reduce(image: Array, side: int) -> Array:
    """Reduce a picture, each pixel the mean of those it stands for, so that its long side has at most ``side``."""
    import cv2

    rows, columns = image.shape[:2]
    factor = side / max(rows, columns)
    if factor >= 1:
        return image
    size = max(1, round(columns * factor)), max(1, round(rows * factor))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def enlarge(small: Array, shape: tuple[int, ...]) -> Array:
    """Bring a reduced picture back to ``shape``, with linear interpolation."""
    import cv2

    if small.shape[:2] == shape[:2]:
        return small
    return cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def less(levels: Array, by: float) -> Array:
    """Take a number from all levels, of type uint8; none falls below 0."""
    whole = np.uint8(min(max(round(by), 0), _LEVELS - 1))
    left: Array = np.maximum(levels, whole) - whole
    return left


def quantile(levels: Array, *shares: float) -> list[float]:
    """Give the levels below which these shares of all pixels are, from a sample of many.

    Args:
        levels: uint8 of any shape with at least one pixel.
        shares: From 0 to 1.
    """
    step = max(1, int((levels.size / _SAMPLES) ** 0.5))
    sample = levels[::step, ::step] if levels.ndim > 1 else levels
    below = np.bincount(sample.ravel(), minlength=_LEVELS).cumsum()
    return [float(level) for level in np.searchsorted(below, np.array(shares) * below[-1])]

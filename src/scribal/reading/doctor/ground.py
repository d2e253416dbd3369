"""The ground around ink: how light it is at every place, and how even."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["core_of", "deviation", "grown", "spread", "surface"]

_SIDE = 56  # pixels of the reduced picture on which the ground is estimated
_REACHES = (4, 10, 20)  # parts of the side: far surroundings first, near ones where enough ground is known there
_ENOUGH = 0.2
_MIDDLE = (16, 84)  # per cent: one standard deviation to both sides, were it normal
_NEARLY_ALL = (2, 98)


def surface(grey: Array, free: Array) -> Array:
    """Estimate the ground at every place from the ground around it, by normalised averaging.

    H. Knutsson and C.-F. Westin, "Normalized and Differential Convolution", CVPR 1993.

    Args:
        grey: float32 of shape (rows, columns), in levels.
        free: bool of the same shape: where there is no ink for certain.

    Returns:
        float32 of the same shape.
    """
    import cv2

    rows, columns = grey.shape
    factor = min(1.0, _SIDE / max(rows, columns))
    size = max(1, round(columns * factor)), max(1, round(rows * factor))
    weights = cv2.resize(free.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    levels = cv2.resize(np.where(free, grey, np.float32(0)), size, interpolation=cv2.INTER_AREA)
    estimate = np.full_like(weights, float(grey[free].mean() if free.any() else grey.mean()))
    for part in _REACHES:
        known, sums = (
            cv2.GaussianBlur(values, (0, 0), max(size) / part, borderType=cv2.BORDER_REFLECT_101)
            for values in (weights, levels)
        )
        trust = np.minimum(known / _ENOUGH, 1)
        estimate = trust * sums / np.maximum(known, 1e-6) + (1 - trust) * estimate
    return np.asarray(cv2.resize(estimate, (columns, rows), interpolation=cv2.INTER_LINEAR))


def spread(levels: Array) -> float:
    """Tell how far the light and the dark parts are apart, the outermost two in a hundred left out."""
    low, high = np.percentile(levels, _NEARLY_ALL)
    return float(high - low)


def deviation(residual: Array) -> float:
    """Estimate a standard deviation from the middle of the values, which lines and specks do not widen."""
    low, high = np.percentile(residual, _MIDDLE)
    return float(high - low) / 2


def grown(mask: Array, reach: int) -> Array:
    """Give a mask with everything that is within so many pixels."""
    import cv2

    wider: Array = cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)) > 0
    return wider


def core_of(mask: Array) -> Array:
    """Give the inner half of strokes, where they are not soft."""
    import cv2

    distance = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3)
    core: Array = mask & (distance >= np.median(distance[mask]))
    return core

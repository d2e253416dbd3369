"""Spots of mud on the lens."""

import numpy as np

from scribal.data.corruptions.blur import blurred
from scribal.data.dataset import Array

__all__ = ["spatter"]

_MUD = 63 / 255
_MEAN = 0.65
_OPAQUE_FROM = 0.8


def spatter(images: Array, amount: tuple[float, float, float, float], generator: np.random.Generator) -> Array:
    """Cover each image with dark grey spots where smoothed noise is above a threshold.

    Args:
        images: float32 of shape (n, height, width).
        amount: The standard deviation in pixels of what smooths the noise, the threshold, the same for the spots'
            edges, and the noise's own standard deviation.
        generator: Draws the noise.
    """
    smoothness, threshold, edge, deviation = amount
    drops = blurred(generator.normal(_MEAN, deviation, images.shape).astype(np.float32), smoothness)
    mud = blurred((drops > threshold).astype(np.float32), edge)
    mud[mud < _OPAQUE_FROM] = 0
    covered: Array = images * (1 - mud) + _MUD * mud
    return covered

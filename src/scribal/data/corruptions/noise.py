"""Noise: each pixel for itself."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["impulse_noise", "shot_noise"]


def shot_noise(images: Array, photons: float, generator: np.random.Generator) -> Array:
    """Count ``photons`` a white pixel, on average, as a camera in the dark does: a Poisson distribution."""
    counted: Array = generator.poisson(images * photons) / photons
    return counted


def impulse_noise(images: Array, share: float, generator: np.random.Generator) -> Array:
    """Replace a share of the pixels by black or white, with equal chance: salt and pepper."""
    drawn = generator.random(images.shape, dtype=np.float32)
    return np.where(drawn < share / 2, 0, np.where(drawn < share, 1, images))

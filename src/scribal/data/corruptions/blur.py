"""Blur: pixels mixed with their neighbours."""

import numpy as np

from scribal.data.dataset import Array
from scribal.data.transforms import shift

__all__ = ["blurred", "glass_blur", "motion_blur"]

_STEEPEST = 45  # degrees from the horizontal


def glass_blur(images: Array, amount: tuple[float, int, int], generator: np.random.Generator) -> Array:
    """Blur, swap pixels with near ones at random, and blur again.

    Args:
        images: float32 of shape (n, height, width).
        amount: The blur's standard deviation in pixels, how far a pixel may be swapped, and how often all are.
        generator: Decides which are swapped: half of them, each image its own.
    """
    deviation, reach, rounds = amount
    glass = blurred(images, deviation)
    every = np.arange(len(images))
    height, width = images.shape[1:]
    for _ in range(rounds):
        for row in range(height - reach, reach, -1):
            for column in range(width - reach, reach, -1):
                swapped = generator.random(len(images)) < 0.5  # noqa: PLR2004 - half of them
                down, right = generator.integers(-reach, reach, (2, len(images))) * swapped
                here = glass[:, row, column].copy()
                glass[:, row, column] = glass[every, row + down, column + right]
                glass[every, row + down, column + right] = here
    return blurred(glass, deviation)


def motion_blur(images: Array, amount: tuple[int, float], generator: np.random.Generator) -> Array:
    """Drag each image to one side, at an angle of its own within 45 degrees of the horizontal.

    Args:
        images: float32 of shape (n, height, width).
        amount: The trail's radius in pixels (it is twice as long) and the standard deviation of its weights, which
            are half a normal distribution, as in ImageMagick's motion blur.
        generator: Draws the angles, in whole degrees.
    """
    radius, deviation = amount
    steps = np.arange(2 * radius + 1)
    weights = np.exp(-(steps**2) / (2 * deviation**2))
    weights /= weights.sum()
    degrees = generator.integers(-_STEEPEST, _STEEPEST + 1, len(images))
    moved = np.zeros_like(images)
    for degree in np.unique(degrees):
        chosen = degrees == degree
        angle = np.radians(degree)
        rows, columns = np.rint(steps * np.sin(angle)), np.rint(steps * np.cos(angle))
        for weight, row, column in zip(weights, rows, columns, strict=True):
            moved[chosen] += np.float32(weight) * shift(images[chosen], -row, -column)
    return moved


def blurred(images: Array, deviation: float) -> Array:
    """Blur each image by a normal distribution with this standard deviation in pixels."""
    from scipy import ndimage

    smooth: Array = ndimage.gaussian_filter(images, (0, deviation, deviation), mode="nearest")
    return smooth

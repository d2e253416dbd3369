"""Light: the whole image, or large parts of it, lighter or inverted."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["brightness", "fog", "stripe"]

_FOG_SIDE = 256
_IMAGES_TO_A_MAP = 128


def brightness(images: Array, amount: float, generator: np.random.Generator) -> Array:  # noqa: ARG001 - nothing is drawn
    """Add light everywhere; ink stays at white."""
    return np.minimum(images + np.float32(amount), 1)


def stripe(images: Array, share: float, generator: np.random.Generator) -> Array:  # noqa: ARG001 - nothing is drawn
    """Invert this share of the image's width at its left and at its right."""
    striped = images.copy()
    width = round(images.shape[2] * share)
    for part in (np.s_[:, :, :width], np.s_[:, :, images.shape[2] - width :]):
        striped[part] = 1 - striped[part]
    return striped


def fog(images: Array, amount: tuple[float, float], generator: np.random.Generator) -> Array:
    """Lay a plasma fractal over each image, and darken both so that the lightest pixel stays as light as it was.

    Args:
        images: float32 of shape (n, height, width).
        amount: How thick the fog is, and the root of the ratio of a wave's height to that
            of one half as long.
        generator: Draws the fog: a map for 128 images, of which each gets a window of its own.
    """
    thickness, decay = amount
    count, height, width = images.shape
    side = max(_FOG_SIDE, 1 << (max(height, width) - 1).bit_length())
    windows = np.empty_like(images)
    for first in range(0, count, _IMAGES_TO_A_MAP):
        plasma = _plasma(side, decay, generator)
        tops, lefts = generator.integers(0, side, (2, count))
        for image in range(first, min(first + _IMAGES_TO_A_MAP, count)):
            rows, columns = (tops[image] + np.arange(height)) % side, (lefts[image] + np.arange(width)) % side
            windows[image] = plasma[rows[:, None], columns]
    lightest = images.max(axis=(1, 2), keepdims=True)
    foggy: Array = (images + thickness * windows) * lightest / (lightest + thickness)
    return foggy


def _plasma(side: int, decay: float, generator: np.random.Generator) -> Array:
    """A fractal landscape from 0 to 1 by the diamond-square algorithm, on a square whose borders meet.

    A. Fournier, D. Fussell, L. Carpenter, "Computer rendering of stochastic models", Comm. ACM 25(6), 1982.
    """
    land = np.zeros((side, side))
    step, height = side, 1.0
    while step > 1:
        half = step // 2
        corners = land[::step, ::step]
        in_rows, in_columns = corners + np.roll(corners, -1, axis=1), corners + np.roll(corners, -1, axis=0)

        def waved(sums: Array, height: float = height) -> Array:
            return sums / 4 + generator.uniform(-height, height, sums.shape)

        middles = waved(in_columns + np.roll(in_columns, -1, axis=1))
        land[half::step, half::step] = middles
        land[::step, half::step] = waved(in_rows + middles + np.roll(middles, 1, axis=0))
        land[half::step, ::step] = waved(in_columns + middles + np.roll(middles, 1, axis=1))
        step, height = half, height / decay**2
    land -= land.min()
    land /= land.max()
    return land

"""Light on a page: how bright each place is."""

import cv2
import numpy as np

from tools.synthetic_pages.writing import Array

__all__ = ["LIGHTS", "make_light"]

LIGHTS = ("even", "gradient", "vignette", "shadow", "edge")


def make_light(name: str, shape: tuple[int, int], generator: np.random.Generator) -> Array:
    """Make the light on a picture.

    Args:
        name: ``even``; ``gradient`` from one side to the other; ``vignette``, darker to the corners; ``shadow``, the
            soft one of a hand; ``edge``, the hard one of a telephone, over a gradient.
        shape: Rows and columns of the picture.
        generator: Where chance comes from.

    Returns:
        Factors of brightness, float32 of ``shape``, 1 where it is fully lit.
    """
    rows, columns = shape
    down, across = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    if name == "even":
        return np.ones(shape, np.float32)
    if name == "vignette":
        return 1 - generator.uniform(0.25, 0.5) * (down**2 + across**2) / 2
    angle = generator.uniform(0, 2 * np.pi)
    gradient = 1 - generator.uniform(0.15, 0.45) * (1 + (np.cos(angle) * across + np.sin(angle) * down) / 1.42) / 2
    if name == "gradient":
        return gradient
    long_side = max(shape)
    dark: Array = np.zeros(shape, np.float32)
    if name == "shadow":
        outline = generator.uniform([0.2, 0.3], [0.6, 0.7]) * (columns, rows)
        turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        reach = long_side * generator.uniform(0.2, 0.45) * (1 + 0.3 * np.sin(3 * turns + generator.uniform(0, 6)))
        points = outline + np.stack([np.cos(turns), np.sin(turns)], axis=1) * reach[:, None]
        softness = generator.uniform(0.015, 0.04)
    else:
        side = generator.uniform(0.3, 0.7)
        slope = generator.uniform(-0.3, 0.3)
        points = np.array([[side, 0], [side + slope, 1], [2, 1], [2, 0]]) * (columns, rows)
        softness = 0.004
    cv2.fillPoly(dark, [points.astype(np.int32)], 1.0)
    dark = cv2.GaussianBlur(dark, (0, 0), softness * long_side)
    return gradient * (1 - generator.uniform(0.3, 0.5) * dark)

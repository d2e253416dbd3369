"""Only the outlines are left."""

import numpy as np

from scribal.data.corruptions.blur import blurred
from scribal.data.dataset import Array

__all__ = ["canny_edges"]

_WHITE = 255
_WEAK, _STRONG = 0.1 * _WHITE, 0.2 * _WHITE  # of the gradient by Sobel's operator


def canny_edges(images: Array, deviation: float, generator: np.random.Generator) -> Array:  # noqa: ARG001 - nothing is drawn
    """Find the edges of each image (J. Canny, IEEE Trans. PAMI 8(6), 1986), white on black, one pixel wide.

    Args:
        images: float32 of shape (n, height, width).
        deviation: Of the blur before, in pixels.
        generator: Not used.
    """
    import cv2

    smooth = np.rint(blurred(images, deviation).clip(0, 1) * _WHITE).astype(np.uint8)
    edges = [cv2.Canny(image, _WEAK, _STRONG, L2gradient=True) for image in smooth]
    return np.stack(edges).astype(np.float32) / _WHITE

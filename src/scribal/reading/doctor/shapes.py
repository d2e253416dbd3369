"""The shape of a digit's strokes, in pixels of MNIST's box of 20x20."""

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.doctor.ground import grown

__all__ = ["BOX", "FRAME", "fitted", "stroke_and_softness"]

FRAME = 28
"""Pixels of the network's images, both ways."""

BOX = 20
"""Pixels of them for the longer side of a digit, as MNIST was made."""

_FINE = 8  # pixels for one of the network's, in which shapes are measured
_MARGIN = 3  # of the network's pixels: how far the soft edge of a stroke reaches
_HALF = 0.5
_GROUND = 40  # per cent of what is near a digit is paler than its soft edges
_LEAST_INK = 0.1
_DARK, _LIGHT = 0.15, 0.85  # of full ink: the soft edge of a stroke lies between
_BLUR = 0.4  # of the reduction: what a coarser pixel averages


def fitted(strength: Array, own: Array, box: tuple[float, float, float, float]) -> Array:
    """Cut a digit out of a picture and fit it into MNIST's box, eight pixels for each of its, with a margin.

    Args:
        strength: float32 of shape (rows, columns), 0 ground and 1 full ink.
        own: bool of the same shape: the digit's ink.
        box: Around it: x, y, width and height.
    """
    import cv2

    x, y, width, height = box
    times = BOX * _FINE / max(width, height)
    near = grown(own, max(2, round(_MARGIN * max(width, height) / BOX)))
    around = near & ~own
    # Beside a shadow's edge the ground is not quite 0.
    ground = float(np.percentile(strength[around], _GROUND)) if around.any() else 0.0
    level = ((strength - ground) / max(1 - ground, _LEAST_INK)).clip(0, 1)
    alone = np.where(near, level, 0).astype(np.float32)
    margin = _MARGIN * _FINE
    matrix = np.array([[times, 0, margin - (x - 0.5) * times], [0, times, margin - (y - 0.5) * times]])
    size = round(width * times) + 2 * margin, round(height * times) + 2 * margin
    if times < 1:
        alone = np.asarray(cv2.GaussianBlur(alone, (0, 0), _BLUR / times))
    way = cv2.INTER_LINEAR if times < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.warpAffine(alone, matrix, size, flags=way))


def stroke_and_softness(fine: Array) -> tuple[float, float]:
    """Measure how wide strokes are, and how wide their soft edges.

    Args:
        fine: What ``fitted`` gave.

    Returns:
        Both in pixels of the box; 0 where nothing is there. An edge reaches from 15 to 85 % of full ink.
    """
    import cv2

    mask = (fine > _HALF).astype(np.uint8)
    if not mask.any():
        return 0.0, 0.0
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    # Four times the mean distance to the edge, which is half a pixel nearer than the next pixel outside.
    width = 4 * (float(distance[mask > 0].mean()) - _HALF)
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    length = sum(cv2.arcLength(outline, closed=True) for outline in outlines)
    soft = float(((fine > _DARK) & (fine < _LIGHT)).sum()) / max(length, 1.0)
    return width / _FINE, soft / _FINE

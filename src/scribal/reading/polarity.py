"""Whether ink is darker than its ground, as on paper, or lighter, as on a blackboard."""

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.background import smooth_surface
from scribal.reading.levels import reduce

__all__ = ["is_light_on_dark", "lightness_of_ink"]

_SIDE = 64  # pixels of the reduced picture
_NARROW = 1 / 4  # of its long side
# A logistic regression without a constant, on MNIST's training digits drawn in many ways on many papers: what speaks
# for light ink speaks in the negative for dark ink.
_WEIGHTS = (3.8, 2.0, 7.3)


def is_light_on_dark(grey: Array) -> bool:
    """Tell whether the ink is lighter than its ground.

    Args:
        grey: uint8 of shape (rows, columns).
    """
    return lightness_of_ink(grey) > 0


def lightness_of_ink(grey: Array) -> float:
    """Weigh what speaks for light ink against what speaks for dark ink.

    Narrow structures are ink, wide ones ground; there is less ink than ground, so that levels are skewed towards it;
    and the picture's border is ground rather than ink. The last two are asked after the light was evened out.

    Args:
        grey: uint8 of shape (rows, columns).

    Returns:
        From -1, certainly dark ink, to 1, certainly light ink; near 0 where both are possible.
    """
    import cv2

    small = reduce(grey, _SIDE)
    flat = small - smooth_surface(small)
    variance = float(flat.var()) + 1.0
    width = max(3, round(max(small.shape) * _NARROW)) | 1
    box = np.ones((width, width), dtype=np.uint8)
    # What lies along the border, as a white margin does, is not narrow: it goes on outside.
    wider = cv2.copyMakeBorder(small, width, width, width, width, cv2.BORDER_REPLICATE)
    dark = cv2.norm(cv2.morphologyEx(wider, cv2.MORPH_BLACKHAT, box), cv2.NORM_L2SQR)
    light = cv2.norm(cv2.morphologyEx(wider, cv2.MORPH_TOPHAT, box), cv2.NORM_L2SQR)
    narrow = (light - dark) / max(light + dark, small.size * variance)
    _, above = cv2.threshold((flat + 128).clip(0, 255).astype(np.uint8), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    border = np.concatenate([above[0], above[-1], above[:, 0], above[:, -1]])
    outside = 1 - 2 * float(border.mean())
    skewed = np.tanh(float((flat * flat * flat).mean()) / variance**1.5 / 2)
    return float(np.tanh(np.dot(_WEIGHTS, (narrow, outside, skewed)) / 2))

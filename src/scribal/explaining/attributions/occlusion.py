"""Occlusion: what happens to a class's score when a part of the ink is covered.

M. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, arXiv:1311.2901, section 4.2.
They slide a grey square; here the square is the picture's empty ground, so that nothing is seen that was not there.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scribal.explaining.attributions.base import Attribution
from scribal.explaining.image_network import Array, ImageNetwork

__all__ = ["occlusion"]

_SIDE_OF_28 = 5


def occlusion(network: ImageNetwork, picture: Array, class_number: int, score: float) -> Attribution:
    """How far the score falls, on average, when a square around each pixel is emptied.

    A pixel of ink gets the mean over all squares that cover it; where there is no ink, nothing can be covered.

    Args:
        network: What is asked.
        picture: Raw pixels, shape (height, width, channels).
        class_number: Whose score.
        score: The picture's own.
    """
    height, width = picture.shape[:2]
    side = max(1, round(min(height, width) * _SIDE_OF_28 / 28))
    ink = picture.max(axis=-1) > 0
    # A square has the number of its last row and column; it may reach over the picture's edge.
    covers_ink = sliding_window_view(np.pad(ink, side - 1), (side, side)).any(axis=(2, 3))
    falls = np.zeros(covers_ink.shape, np.float32)
    if covers_ink.any():
        places = np.argwhere(covers_ink)
        pictures = np.repeat(picture[np.newaxis], len(places), axis=0)
        for emptied, (row, column) in zip(pictures, places, strict=True):
            emptied[max(row + 1 - side, 0) : row + 1, max(column + 1 - side, 0) : column + 1] = 0
        falls[covers_ink] = score - network.scores(pictures)[:, class_number]
    sums, covered = (sliding_window_view(of, (side, side)).sum(axis=(2, 3)) for of in (falls, covers_ink))
    return Attribution(
        "Occlusion",
        ink * sums / np.maximum(covered, 1).astype(np.float32),
        f"fall of the score, squares of {side} x {side} pixels",
        "Zeiler, Fergus 2014, arXiv:1311.2901",
    )

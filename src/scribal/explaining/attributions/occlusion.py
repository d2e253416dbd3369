"""Occlusion: what happens to a class's score when a part of the ink is covered.

M. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, arXiv:1311.2901, section 4.2.
They slide a grey square; here the square is the picture's empty ground, so that nothing is seen that was not there.
"""

import numpy as np

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
    places = [
        (slice(max(row, 0), row + side), slice(max(column, 0), column + side))
        for row in range(1 - side, height)
        for column in range(1 - side, width)
    ]
    places = [place for place in places if ink[place].any()]
    values, covered = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    if places:
        pictures = np.repeat(picture[np.newaxis], len(places), axis=0)
        for number, place in enumerate(places):
            pictures[number][place] = 0
        falls = score - network.scores(pictures)[:, class_number]
        for place, fall in zip(places, falls, strict=True):
            values[place] += fall * ink[place]
            covered[place] += 1
    return Attribution(
        "Occlusion",
        values / np.maximum(covered, 1),
        f"fall of the score, squares of {side} x {side} pixels",
        "Zeiler, Fergus 2014, arXiv:1311.2901",
    )

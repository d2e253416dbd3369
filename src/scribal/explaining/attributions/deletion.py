"""A check that a map of pixels means something: erase the ink in its order, and the class must fall soon.

The deletion metric (V. Petsiuk, A. Das, K. Saenko, arXiv:1806.07421, section 4.1; W. Samek et al., "Evaluating the
Visualization of What a Deep Neural Network Has Learned", IEEE TNNLS 28(11), 2017): an order that follows what the
network looks at takes its confidence sooner than a random order does.
"""

import numpy as np

from scribal.explaining.image_network import Array, ImageNetwork

__all__ = ["deletion_curve", "deletion_order"]


def deletion_order(values: Array, picture: Array) -> Array:
    """Pixels with ink, as flat numbers, largest value first; of equal ones the first, row by row.

    Args:
        values: Shape (height, width): an attribution, or random numbers for an order to compare with.
        picture: Raw pixels, shape (height, width, channels). Where there is no ink, there is nothing to erase.
    """
    ink = np.flatnonzero(picture.max(axis=-1))
    order = np.argsort(-values.reshape(-1)[ink], kind="stable")
    return np.asarray(ink[order])


def deletion_curve(network: ImageNetwork, picture: Array, order: Array, steps: int) -> Array:
    """Scores while more and more pixels are erased.

    Args:
        network: What is asked.
        picture: Raw pixels, shape (height, width, channels).
        order: Flat numbers of pixels, as :func:`deletion_order` gives them.
        steps: Into how many equal parts the order is cut.

    Returns:
        Shape (steps + 1, classes): of the whole picture first, of nothing last.
    """
    pictures = np.repeat(picture[np.newaxis], steps + 1, axis=0)
    flat = pictures.reshape(steps + 1, -1, picture.shape[-1])
    for step in range(1, steps + 1):
        flat[step, order[: round(len(order) * step / steps)]] = 0
    return network.scores(pictures)

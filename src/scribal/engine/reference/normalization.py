"""Batch normalization (S. Ioffe, C. Szegedy, arXiv:1502.03167): each channel is brought to mean 0 and variance 1.

In training over the batch at hand, otherwise by averages that training has kept.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["move", "normalize", "normalize_backward"]

Array = NDArray[np.floating]


def normalize(inputs: Array, mean: Array, variance: Array, epsilon: float) -> Array:
    """Subtract the mean and divide by the standard deviation.

    Args:
        inputs: ``(samples, ..., channels)``.
        mean: ``(channels,)``.
        variance: ``(channels,)``.
        epsilon: Added to the variance, so that a constant channel does not divide by zero.
    """
    return (inputs - mean) / np.sqrt(variance + epsilon)


def normalize_backward(gradient: Array, normalized: Array, variance: Array, epsilon: float) -> Array:
    """Gradient of ``normalize`` where mean and variance are the batch's own, and so move with the inputs.

    Args:
        gradient: Of the normalized values.
        normalized: What ``normalize`` returned.
        variance: ``(channels,)``.
        epsilon: What ``normalize`` was given.

    Returns:
        Gradient in the shape of the inputs.
    """
    axes = tuple(range(gradient.ndim - 1))
    shift = gradient.mean(axis=axes)
    stretch = (gradient * normalized).mean(axis=axes)
    return (gradient - shift - normalized * stretch) / np.sqrt(variance + epsilon)


def move(average: Array, batch: Array, momentum: float) -> Array:
    """Move a running average a little towards the batch's value."""
    return average * momentum + batch * (1 - momentum)

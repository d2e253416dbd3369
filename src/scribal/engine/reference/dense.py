"""The dense layer: every output is a weighted sum of all inputs."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["dense", "dense_backward"]

Array = NDArray[np.floating]


def dense(inputs: Array, kernel: Array) -> Array:
    """Multiply the last axis by the kernel.

    >>> dense(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]))
    array([[1., 2., 3.]])

    Args:
        inputs: ``(samples, ..., inputs)``.
        kernel: ``(inputs, units)``.

    Returns:
        ``(samples, ..., units)``.
    """
    return inputs @ kernel


def dense_backward(gradient: Array, inputs: Array, kernel: Array) -> tuple[Array, Array]:
    """Turn the gradient of the outputs into those of inputs and kernel.

    Args:
        gradient: ``(samples, ..., units)``.
        inputs: What ``dense`` was given.
        kernel: What ``dense`` was given.

    Returns:
        Gradients in the shapes of inputs and kernel.
    """
    rows = inputs.reshape(-1, inputs.shape[-1])
    return gradient @ kernel.T, rows.T @ gradient.reshape(-1, gradient.shape[-1])

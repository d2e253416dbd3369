"""Pooling: a window's pixels become one.

Maximum pooling asks whether a pattern was seen anywhere in the window, average pooling how strongly on the whole.
"""

import numpy as np
from numpy.typing import NDArray

from scribal.engine.reference.convolution import crop, pad, taps
from scribal.engine.window import Window

__all__ = [
    "average_pool",
    "average_pool_backward",
    "global_average_backward",
    "global_maximum_backward",
    "max_pool",
    "max_pool_backward",
]

Array = NDArray[np.floating]


def max_pool(images: Array, window: Window) -> Array:
    """Take the largest pixel of each window.

    >>> max_pool(np.arange(16.0).reshape(1, 4, 4, 1), Window((2, 2), strides=(2, 2))).ravel()
    array([ 5.,  7., 13., 15.])

    Args:
        images: ``(samples, rows, columns, channels)``.
        window: Size, strides and padding.

    Returns:
        ``(samples, output rows, output columns, channels)``.
    """
    padded = pad(images, window, value=-np.inf)
    return np.max([padded[grid] for _, _, grid in taps(window, *images.shape[1:3])], axis=0)


def max_pool_backward(gradient: Array, images: Array, window: Window) -> Array:
    """Give each window's gradient to its largest pixel; of equal ones, to the first, row by row.

    Args:
        gradient: ``(samples, output rows, output columns, channels)``.
        images: What ``max_pool`` was given.
        window: What ``max_pool`` was given.

    Returns:
        Gradient in the shape of the images.
    """
    padded = pad(images, window, value=-np.inf)
    padded_gradient = np.zeros_like(padded)
    largest = max_pool(images, window)
    waiting = np.ones(largest.shape, dtype=bool)
    for _, _, grid in taps(window, *images.shape[1:3]):
        found = waiting & (padded[grid] == largest)
        padded_gradient[grid] += gradient * found
        waiting &= ~found
    return crop(padded_gradient, window, *images.shape[1:3])


def average_pool(images: Array, window: Window) -> Array:
    """Average each window's pixels; padding does not count.

    >>> average_pool(np.arange(4.0).reshape(1, 2, 2, 1), Window((2, 2), padding="same")).ravel()
    array([1.5, 2. , 2.5, 3. ])

    Args:
        images: ``(samples, rows, columns, channels)``.
        window: Size, strides and padding.

    Returns:
        ``(samples, output rows, output columns, channels)``.
    """
    padded = pad(images, window)
    sums = np.sum([padded[grid] for _, _, grid in taps(window, *images.shape[1:3])], axis=0)
    return sums / _pixels_inside(images, window)


def average_pool_backward(gradient: Array, images: Array, window: Window) -> Array:
    """Share each window's gradient evenly among its pixels.

    Args:
        gradient: ``(samples, output rows, output columns, channels)``.
        images: What ``average_pool`` was given.
        window: What ``average_pool`` was given.

    Returns:
        Gradient in the shape of the images.
    """
    padded_gradient = np.zeros_like(pad(images, window))
    share = gradient / _pixels_inside(images, window)
    for _, _, grid in taps(window, *images.shape[1:3]):
        padded_gradient[grid] += share
    return crop(padded_gradient, window, *images.shape[1:3])


def global_average_backward(gradient: Array, images: Array) -> Array:
    """Share each channel's gradient ``(samples, 1, 1, channels)`` evenly among all pixels."""
    pixels = images.shape[1] * images.shape[2]
    return np.broadcast_to(gradient / pixels, images.shape).astype(images.dtype)


def global_maximum_backward(gradient: Array, images: Array) -> Array:
    """Share each channel's gradient ``(samples, 1, 1, channels)`` evenly among its largest pixels."""
    largest = images == images.max(axis=(1, 2), keepdims=True)
    return largest * gradient / largest.sum(axis=(1, 2), keepdims=True).astype(images.dtype)


def _pixels_inside(images: Array, window: Window) -> Array:
    ones = pad(np.ones((1, *images.shape[1:3], 1), images.dtype), window)
    return np.sum([ones[grid] for _, _, grid in taps(window, *images.shape[1:3])], axis=0)

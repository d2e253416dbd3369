"""Convolution, from scratch.

A convolutional layer slides a small kernel over an image. At each place it multiplies the numbers under the kernel
with the kernel's own and adds them up (strictly a cross-correlation: the kernel is not flipped). Three rows of an
image and a 3x3
kernel that moves along them:

>>> rows = np.array([[1, 2, 0, 2, 3],
...                  [1, 1, 1, 2, 0],
...                  [3, 3, 2, 1, 2]])
>>> kernel = np.array([[3, 1, 1],
...                    [2, 3, 1],
...                    [2, 2, 3]])
>>> int((rows[:, 0:3] * kernel).sum()), int((rows[:, 1:4] * kernel).sum()), int((rows[:, 2:5] * kernel).sum())
(29, 28, 25)

The functions below do this for whole batches, with many channels and filters:

>>> images, kernels = rows.reshape(1, 3, 5, 1), kernel.reshape(3, 3, 1, 1)
>>> correlate(images, kernels, Window((3, 3))).ravel()
array([29, 28, 25])

They do not move the kernel from place to place, though, but go through its taps: one tap meets, over all places, a
regular grid of the image's pixels, and that is one slice. The gradients (V. Dumoulin, F. Visin, arXiv:1603.07285,
chapter 4) walk the same taps and the same slices backwards.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from scribal.engine.window import Window

__all__ = [
    "correlate",
    "correlate_backward",
    "correlate_depthwise",
    "correlate_depthwise_backward",
    "crop",
    "pad",
    "taps",
]

Array = NDArray[np.floating]
Slices = tuple[slice, slice, slice]


def taps(window: Window, rows: int, columns: int) -> Iterator[tuple[int, int, Slices]]:
    """Go through the taps of a window on an image of ``rows`` x ``columns``.

    Yields:
        The tap's row and column in the window, and the slices of a padded batch (samples, rows, columns) it meets.
    """
    down, across = window.spans(rows, columns)
    for row, row_slice in enumerate(down.slices()):
        for column, column_slice in enumerate(across.slices()):
            yield row, column, (slice(None), row_slice, column_slice)


def pad(images: Array, window: Window, value: float = 0.0) -> Array:
    """Add the border that the window's padding asks for.

    Args:
        images: ``(samples, rows, columns, channels)``.
        window: Whose padding it is.
        value: What the border holds.
    """
    down, across = window.spans(*images.shape[1:3])
    return np.pad(images, ((0, 0), down.pads, across.pads, (0, 0)), constant_values=value)


def crop(padded: Array, window: Window, rows: int, columns: int) -> Array:
    """Take the border away again; the way back of ``pad`` for gradients."""
    down, across = window.spans(rows, columns)
    top, left = down.pads[0], across.pads[0]
    return padded[:, top : top + rows, left : left + columns]


def correlate(images: Array, kernel: Array, window: Window) -> Array:
    """Slide kernels over images.

    Args:
        images: ``(samples, rows, columns, channels)``.
        kernel: ``(kernel rows, kernel columns, channels, filters)``.
        window: Strides, dilation and padding; its size is the kernel's.

    Returns:
        The sums, ``(samples, output rows, output columns, filters)``.
    """
    padded = pad(images, window)
    return sum(padded[grid] @ kernel[row, column] for row, column, grid in taps(window, *images.shape[1:3]))


def correlate_backward(gradient: Array, images: Array, kernel: Array, window: Window) -> tuple[Array, Array]:
    """Turn the gradient of the sums into those of images and kernel.

    Each sum was a tap's weight times a pixel. So a pixel's gradient gathers weights, a weight's gathers pixels,
    each times the gradient of the sum in which they met.

    Args:
        gradient: Of the loss to the sums, ``(samples, output rows, output columns, filters)``.
        images: What ``correlate`` was given.
        kernel: What ``correlate`` was given.
        window: What ``correlate`` was given.

    Returns:
        Gradients in the shapes of images and kernel.
    """
    padded = pad(images, window)
    padded_gradient = np.zeros_like(padded)
    kernel_gradient = np.zeros_like(kernel)
    for row, column, grid in taps(window, *images.shape[1:3]):
        padded_gradient[grid] += gradient @ kernel[row, column].T
        kernel_gradient[row, column] = np.tensordot(padded[grid], gradient, axes=([0, 1, 2], [0, 1, 2]))
    return crop(padded_gradient, window, *images.shape[1:3]), kernel_gradient


def correlate_depthwise(images: Array, kernel: Array, window: Window) -> Array:
    """Slide over each channel its own kernels.

    Args:
        images: ``(samples, rows, columns, channels)``.
        kernel: ``(kernel rows, kernel columns, channels, multiplier)``.
        window: Strides, dilation and padding; its size is the kernel's.

    Returns:
        The sums, ``(samples, output rows, output columns, channels * multiplier)``.
    """
    padded = pad(images, window)
    grids = taps(window, *images.shape[1:3])
    sums = sum(padded[grid][..., np.newaxis] * kernel[row, column] for row, column, grid in grids)
    return np.reshape(sums, (*np.shape(sums)[:3], -1))


def correlate_depthwise_backward(gradient: Array, images: Array, kernel: Array, window: Window) -> tuple[Array, Array]:
    """Turn the gradient of depthwise sums into those of images and kernel.

    Args:
        gradient: ``(samples, output rows, output columns, channels * multiplier)``.
        images: What ``correlate_depthwise`` was given.
        kernel: What ``correlate_depthwise`` was given.
        window: What ``correlate_depthwise`` was given.

    Returns:
        Gradients in the shapes of images and kernel.
    """
    padded = pad(images, window)
    padded_gradient = np.zeros_like(padded)
    kernel_gradient = np.zeros_like(kernel)
    gradient = gradient.reshape(*gradient.shape[:3], *kernel.shape[2:])
    for row, column, grid in taps(window, *images.shape[1:3]):
        padded_gradient[grid] += (gradient * kernel[row, column]).sum(axis=-1)
        kernel_gradient[row, column] = (gradient * padded[grid][..., np.newaxis]).sum(axis=(0, 1, 2))
    return crop(padded_gradient, window, *images.shape[1:3]), kernel_gradient

"""MNIST's digits as a pen writes them, at any height and stroke width.

An image of 28x28 pixels enlarged is a blur. Its middle level is an outline, which is drawn sharp; or its strokes are
thinned to lines (T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning digital patterns", CACM 27(3),
1984) and drawn anew with a pen of another width.
"""

from typing import Any, Literal

import cv2
import numpy as np

from scribal.data import load_dataset

__all__ = ["Hand", "Part"]

Array = np.ndarray[Any, np.dtype[Any]]
Part = Literal["train", "test"]

_HELD_OUT = 5_000  # of the training images, which no default model is trained on
_BOX = 20  # pixels; MNIST's digits are that high, or that wide
_MIDDLE_LEVEL = 110  # of 255
_FINE = 4  # times finer than MNIST, where strokes are thinned


class Hand:
    """Writes digits of one part of MNIST; each of them is an image taken at random."""

    def __init__(self, part: Part = "train") -> None:
        mnist = load_dataset("mnist")
        if part == "train":
            self._images, self._labels = mnist.x_train[-_HELD_OUT:], mnist.y_train[-_HELD_OUT:]
        else:
            self._images, self._labels = mnist.x_test, mnist.y_test
        self._places = [np.flatnonzero(self._labels == digit) for digit in range(10)]

    def pick(self, digit: int, generator: np.random.Generator) -> int:
        """Take an image of a digit at random: its place in the part."""
        return int(generator.choice(self._places[digit]))

    def write(self, place: int, height: float, stroke: float | None = None) -> Array:
        """Write the digit of an image.

        Args:
            place: Which image.
            height: Pixels that MNIST's box of 20x20 is to have; a wide digit is lower, as there.
            stroke: The pen's width as a share of the height; None keeps the strokes as they are.

        Returns:
            How much of each pixel is covered, float32 of shape (rows, columns) from 0 to 1, cut to what is covered.
        """
        image, scale = self._images[place], height / _BOX
        covered = _outline(image, scale) if stroke is None else _redrawn(image, scale, stroke * height)
        rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
        return covered[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _enlarged(image: Array, scale: float) -> Array:
    """Enlarge with room for a wider pen at every side."""
    large = cv2.resize(np.pad(image, 2).astype(np.float32), None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return cv2.GaussianBlur(large, (0, 0), max(0.4 * scale, 0.3))


def _outline(image: Array, scale: float) -> Array:
    if scale <= 1:
        small = cv2.resize(np.pad(image, 2), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return small.astype(np.float32) / 255
    # At a stroke's edge MNIST's grey falls by 255 within some two of its pixels.
    steep = 2 * scale / 255
    return np.clip((_enlarged(image, scale) - _MIDDLE_LEVEL) * steep + 0.5, 0, 1)


def _redrawn(image: Array, scale: float, width: float) -> Array:
    lines = _thinned(_enlarged(image, _FINE) > _MIDDLE_LEVEL)
    distance = cv2.distanceTransform((~lines).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    finer = scale / _FINE
    method = cv2.INTER_LINEAR if finer > 1 else cv2.INTER_AREA
    distance = cv2.resize(cv2.GaussianBlur(distance, (0, 0), 1.2), None, fx=finer, fy=finer, interpolation=method)
    return np.clip(max(width, 1.2) / 2 - (distance * finer - 0.5) + 0.5, 0, 1).astype(np.float32)


def _thinned(ink: Array) -> Array:
    """Take away edge pixels, in turn at the lower right and the upper left, until strokes are one pixel wide."""
    ink = np.pad(ink, 1)
    changed = True
    while changed:
        changed = False
        for corner in range(2):
            # The eight neighbours, clockwise from above.
            around = [np.roll(ink, shift, (0, 1)) for shift in _NEIGHBOURS]
            count = np.sum(around, axis=0)
            rises = np.sum([~around[k] & around[(k + 1) % 8] for k in range(8)], axis=0)
            up, right, down, left = around[::2]
            kept = (
                (up & right & down) | (right & down & left) if not corner else (up & right & left) | (up & down & left)
            )
            gone = ink & (count >= 2) & (count <= 6) & (rises == 1) & ~kept
            ink = ink & ~gone
            changed |= bool(gone.any())
    return ink[1:-1, 1:-1]


_NEIGHBOURS = ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))

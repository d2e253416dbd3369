"""Ink of one character made to look like MNIST's.

MNIST's digits were fitted, aspect kept and with antialiasing, into a box of 20x20 pixels, and moved so that their
centre of mass is in the middle of 28x28 (Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten
digits", http://yann.lecun.com/exdb/mnist/).
"""

from collections.abc import Sequence

import numpy as np

from scribal.data.dataset import Array

__all__ = ["SIDE", "to_characters"]

SIDE = 28
_BOX = 20
_INK = 100  # levels of 255 from which a pixel counts for the box


def to_characters(inks: Sequence[Array]) -> Array:
    """Make images such as MNIST's of the ink of single characters.

    Args:
        inks: The ink of one character each, uint8 of shape (rows, columns), 0 paper and 255 full ink; with a margin or
            without.

    Returns:
        uint8 of shape (n, 28, 28), light ink on dark ground; zeros where there is no ink.
    """
    characters = np.zeros((len(inks), SIDE, SIDE), dtype=np.uint8)
    for character, ink in zip(characters, inks, strict=True):
        _draw(ink, character)
    return characters


def _draw(ink: Array, character: Array) -> None:
    import cv2

    peak = int(ink.max(initial=0))
    if not peak:
        return
    mask = (ink >= min(_INK, peak)).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(mask)
    cut = ink[y : y + height, x : x + width]
    factor = _BOX / max(width, height)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    fitted = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    full = fitted.astype(np.float32) * (255.0 / max(int(fitted.max()), 1))
    mass = full.sum()
    row = full.sum(axis=1) @ np.arange(size[1]) / mass
    column = full.sum(axis=0) @ np.arange(size[0]) / mass
    top = min(max(round(SIDE / 2 - row), 0), SIDE - size[1])
    left = min(max(round(SIDE / 2 - column), 0), SIDE - size[0])
    character[top : top + size[1], left : left + size[0]] = np.rint(full)

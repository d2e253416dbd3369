"""The kinds of pictures that show no digit, and how many there are of each."""

from collections.abc import Callable

import numpy as np

from scribal.data.augmentation.negatives import letters, pieces, scribbles, textures
from scribal.data.augmentation.placement import SIDE
from scribal.data.dataset import Array

__all__ = ["KINDS", "negatives"]

Maker = Callable[[Array, Array, int, np.random.Generator], Array]


def _drawn(make: Callable[[int, np.random.Generator], Array]) -> Maker:
    """A maker that needs no digits."""

    def maker(_images: Array, _labels: Array, count: int, generator: np.random.Generator) -> Array:
        return make(count, generator)

    return maker


_MAKERS: dict[str, tuple[float, Maker]] = {
    letters.LETTERS: (0.36, _drawn(letters.letters)),
    scribbles.SCRIBBLES: (0.16, _drawn(scribbles.scribbles)),
    textures.TEXTURES: (0.22, _drawn(textures.textures)),
    pieces.MERGED: (0.12, pieces.merged),
    pieces.TURNED: (0.09, pieces.turned),
    pieces.HALVES: (0.03, pieces.halves),
}

KINDS = tuple(_MAKERS)
"""What kinds there are."""


def negatives(images: Array, labels: Array, count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """Make pictures that show no digit.

    Args:
        images: Digits, uint8 of shape (m, 28, 28), of which some are made.
        labels: Which digits, of shape (m,).
        count: How many to make.
        generator: Decides what is random.

    Returns:
        The pictures, uint8 of shape (count, 28, 28), and for each the number of its kind in :data:`KINDS`.
    """
    shares = np.array([share for share, _ in _MAKERS.values()])
    kinds = np.sort(generator.choice(len(shares), count, p=shares / shares.sum()))
    numbers = np.bincount(kinds, minlength=len(shares))
    made = [
        make(images, labels, int(number), generator)
        for (_, make), number in zip(_MAKERS.values(), numbers, strict=True)
        if number
    ]
    return np.concatenate([np.zeros((0, SIDE, SIDE), np.uint8), *made]), kinds

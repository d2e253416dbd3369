"""What an imperfect search for ink leaves beside a character: ruling, strokes of neighbours, specks, stains."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["leave_residue"]

_SHARE = 0.14
_FINE = 4  # cv2 draws with so many fractional bits


def leave_residue(small: Array, generator: np.random.Generator, *, share: float = _SHARE) -> Array:
    """Leave something beside or across some characters.

    Args:
        small: uint8 of shape (n, 28, 28); changed in place.
        generator: Decides what is random.
        share: Of the characters that are not left clean.

    Returns:
        ``small``.
    """
    for index in np.flatnonzero(generator.random(len(small)) < share):
        layer = np.zeros(small.shape[1:], np.uint8)
        kind = generator.random()
        if kind < 0.45:  # noqa: PLR2004 (shares of the kinds)
            _lines(layer, generator)
        elif kind < 0.75:  # noqa: PLR2004
            _specks(layer, generator)
        else:
            _neighbours(layer, small[int(generator.integers(len(small)))], generator)
        np.maximum(small[index], layer, out=small[index])
    return small


def _lines(layer: Array, generator: np.random.Generator) -> None:
    """One to three lines across, straight or wavy, whole or dashed; or the rim of a box."""
    import cv2

    side = len(layer)
    for _ in range(int(generator.integers(1, 4))):
        along = np.linspace(-2, side + 1, 24)
        start, end = generator.uniform(0, side - 1, 2)
        if generator.random() < 0.5:  # noqa: PLR2004 (level, as ruling is)
            end = start + generator.uniform(-2, 2)
        across = np.linspace(start, end, len(along))
        if generator.random() < 0.4:  # noqa: PLR2004 (by hand, or crossed out)
            across += generator.uniform(0.5, 2.5) * np.sin(along / generator.uniform(0.6, 3) + generator.uniform(0, 6))
        points = np.stack([along, across] if generator.random() < 0.7 else [across, along], axis=1)  # noqa: PLR2004
        fine = np.rint(points * 2**_FINE).astype(np.int32)
        colour, width = int(generator.integers(80, 256)), int(generator.choice((1, 1, 2)))
        pieces = np.array_split(fine, 12)[::2] if generator.random() < 0.3 else [fine]  # noqa: PLR2004 (dashes)
        cv2.polylines(layer, pieces, isClosed=False, color=colour, thickness=width, lineType=cv2.LINE_AA, shift=_FINE)


def _specks(layer: Array, generator: np.random.Generator) -> None:
    import cv2

    side = len(layer)
    for _ in range(int(generator.integers(1, 12))):
        column, row = generator.integers(0, side * 2**_FINE, 2)
        axes = np.rint(generator.uniform(0.4, 2.2, 2) * 2**_FINE).astype(int)
        cv2.ellipse(
            layer,
            (int(column), int(row)),
            (int(axes[0]), int(axes[1])),
            float(generator.uniform(0, 180)),
            0,
            360,
            int(generator.integers(60, 256)),
            -1,
            cv2.LINE_AA,
            _FINE,
        )


def _neighbours(layer: Array, neighbour: Array, generator: np.random.Generator) -> None:
    """A piece of another character comes in from the side."""
    distance = int(generator.integers(17, 24))
    if generator.random() < 0.5:  # noqa: PLR2004 (a half)
        layer[:, distance:] = neighbour[:, : len(layer) - distance]
    else:
        layer[:, : len(layer) - distance] = neighbour[:, distance:]

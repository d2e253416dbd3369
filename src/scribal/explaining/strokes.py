"""Pieces of strokes: ink that hangs together, around every place of the ink, small pieces first."""

from collections.abc import Iterator

import numpy as np

from scribal.explaining.image_network import Array

__all__ = ["pieces_of_ink"]

# A pixel of a stroke's soft edge is no place of its own.
_FULL_INK = 0.5  # of the strongest
_LARGEST_REACH = 8


def pieces_of_ink(grey: Array) -> Iterator[Array]:
    """Give pieces of ink that hang together, in order of their size.

    A piece is all ink within so many steps, along the ink and not across gaps, of one of its pixels; steps go to any of
    the eight pixels around.

    Args:
        grey: Raw pixels, shape (height, width); above 0 is ink.

    Yields:
        Which pixels, bool of shape (height, width). No piece is given twice, and none that is all of the ink.
    """
    ink = grey > 0
    seeds = np.argwhere(ink & (grey >= _FULL_INK * grey.max()))
    # Of two neighbours one is enough: their pieces are nearly the same.
    seeds = seeds[seeds.sum(axis=1) % 2 == seeds[:1].sum() % 2]
    pieces = np.zeros((len(seeds), *ink.shape), dtype=bool)
    pieces[np.arange(len(seeds)), seeds[:, 0], seeds[:, 1]] = True
    found: dict[bytes, Array] = {}
    for _ in range(_LARGEST_REACH):
        pieces = _grown(pieces) & ink
        found |= {piece.tobytes(): piece for piece in pieces}
    found.pop(ink.tobytes(), None)
    yield from sorted(found.values(), key=np.count_nonzero)


def _grown(pieces: Array) -> Array:
    """Pieces with all pixels around theirs."""
    height, width = pieces.shape[1:]
    wide = np.pad(pieces, ((0, 0), (1, 1), (1, 1)))
    across = wide[:, :, :width] | wide[:, :, 1:-1] | wide[:, :, 2:]
    return np.asarray(across[:, :height] | across[:, 1:-1] | across[:, 2:])

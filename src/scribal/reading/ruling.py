"""Lines that were on the paper before anybody wrote: ruled and squared paper, boxes of forms, frames, sudoku grids."""

from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.paper import Ink

__all__ = ["Ruling", "find_ruling", "without_ruling"]


@dataclass(frozen=True, eq=False)
class Ruling:
    """The lines that are printed on the paper.

    Attributes:
        mask: bool of shape (rows, columns): the pixels of the lines, without the strokes that cross them.
        cells: int32 of shape (rows, columns, 4), the boxes x, y, width, height of a grid's cells in rows from top to
            bottom, a width of 0 for a cell that was not found; ``None`` where there is no grid.
    """

    mask: Array = field(repr=False)
    cells: Array | None = field(default=None, repr=False)


def find_ruling(ink: Ink) -> Ruling:
    """Find the lines that are printed on the paper."""
    return Ruling(np.zeros_like(ink.mask))


def without_ruling(ink: Ink) -> Ink:
    """Give the ink without the lines that are printed on the paper."""
    return ink

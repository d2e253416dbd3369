"""Where everything is on a sheet for handwriting samples, and how the sheet says which page it is.

All lengths are millimetres. A page has a frame, the same on every paper, with a mark in each corner and a grid of boxes
between them: ten columns, one for each digit, and up to ten rows. The frame stands in the middle of the paper. Places
count from the frame's upper left corner, x to the right and y down.

The marks are ArUco marks: S. Garrido-Jurado et al., "Automatic generation and detection of highly reliable fiducial
markers under occlusion", Pattern Recognition 47 (2014). Their numbers tell the corner, the page and its rows, so that
a photo of a page needs nothing else to be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = [
    "BOX_LINE",
    "COLUMNS",
    "FRAME_HEIGHT",
    "FRAME_WIDTH",
    "LABEL_HEIGHT",
    "MARKS",
    "MARK_SIDE",
    "MOST_PAGES",
    "MOST_ROWS",
    "PAPERS",
    "Box",
    "Cell",
    "PageCode",
    "cells_of",
    "mark_boxes",
]

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height of each kind of paper."""

FRAME_WIDTH = 186.0
FRAME_HEIGHT = 253.0
MARK_SIDE = 13.0
COLUMNS = 10
MOST_ROWS = 10
MOST_PAGES = 25
BOX_LINE = 0.3
LABEL_HEIGHT = 3.6
"""Of the strip above a box in which its digit is printed."""

MARKS = 4
_BOX_WIDTH = 14.6
_BOX_HEIGHT = 16.2
_FIRST_ROW = 21.6
_ROW_STEP = 21.8
_COLUMN_STEP = FRAME_WIDTH / COLUMNS


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in millimetres from the frame's upper left corner.

    Attributes:
        x: Left edge.
        y: Upper edge.
        width: To the right.
        height: Down.
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Cell:
    """A box to write one digit in.

    Attributes:
        row: From 0, the uppermost.
        column: From 0, the leftmost.
        digit: What is to be written in it.
        box: Its outline.
    """

    row: int
    column: int
    digit: int
    box: Box


@dataclass(frozen=True)
class PageCode:
    """What the marks of a page say.

    Attributes:
        page: Its number, from 1.
        rows: How many rows of boxes it has.
    """

    page: int
    rows: int

    @property
    def mark_numbers(self) -> tuple[int, ...]:
        """Numbers of the marks: upper left, upper right, lower right, lower left."""
        first = MARKS * ((self.page - 1) * MOST_ROWS + self.rows - 1)
        return tuple(range(first, first + MARKS))

    @classmethod
    def of_mark(cls, number: int) -> tuple["PageCode", int]:
        """The page that a mark of that number stands on, and in which of the four corners."""
        code, corner = divmod(number, MARKS)
        page, rows = divmod(code, MOST_ROWS)
        return cls(page + 1, rows + 1), corner


def cells_of(rows: int) -> Iterator[Cell]:
    """The cells of a page with so many rows, in reading order."""
    for row in range(rows):
        for column in range(COLUMNS):
            left = (column + 0.5) * _COLUMN_STEP - _BOX_WIDTH / 2
            yield Cell(row, column, column, Box(left, _FIRST_ROW + row * _ROW_STEP, _BOX_WIDTH, _BOX_HEIGHT))


def mark_boxes() -> tuple[Box, ...]:
    """Where the marks stand: upper left, upper right, lower right, lower left."""
    right, bottom = FRAME_WIDTH - MARK_SIDE, FRAME_HEIGHT - MARK_SIDE
    return tuple(Box(x, y, MARK_SIDE, MARK_SIDE) for x, y in ((0, 0), (right, 0), (right, bottom), (0, bottom)))

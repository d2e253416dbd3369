"""The cells of a table: between printed lines that cross, most of them each other.

A connected grid, as a sudoku's, is found by its holes, in ``grid``; here lines may be broken or pale.
"""

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.straight_lines import StraightLine, meet

__all__ = ["find_cells", "is_squared_paper"]

_LEAST_MEETINGS = 2
_MOST_CELLS = 2_500
_TOUCH_IN_GRID = 0.015  # of a line's length: how far from its end it may meet another one of the grid
_CROSSED = 0.25  # of the other lines are crossed by one that belongs to a grid
_CROSSINGS = 0.6  # of a grid's lines cross
_SAME_LINE = 0.35  # of the usual distance: the two edges of one thick line
_SQUARE = 1.2  # times as long one way as the other
_PUZZLE = 9  # rows and columns of a sudoku
_WRITTEN_HEIGHT = 0.85  # of a cell's: what is written in a grid's cells is lower, what is on squared paper is not


def find_cells(level: list[StraightLine], upright: list[StraightLine], written: Array) -> Array | None:
    """Find the cells between lines that cross, if what is written is smaller than they are.

    Args:
        level: The lines that lie nearly level.
        upright: Those that stand nearly upright, as they are found on the transposed picture.
        written: bool of shape (rows, columns): the ink without the lines.

    Returns:
        int32 of shape (rows, columns, 4), the boxes x, y, width, height of the cells in rows from top to bottom;
        ``None`` where the lines make no grid.
    """
    import cv2

    level, upright = _grid(level, upright)
    if len(level) < _LEAST_MEETINGS or len(upright) < _LEAST_MEETINGS or len(level) * len(upright) > _MOST_CELLS:
        return None
    if np.mean([[meet(one, other, _TOUCH_IN_GRID) for other in upright] for one in level]) < _CROSSINGS:
        return None
    corners = np.array([[_crossing(one, other) for other in upright] for one in level])
    start = np.maximum(corners[:-1, :-1], np.stack([corners[1:, :-1, 0], corners[:-1, 1:, 1]], axis=-1))
    end = np.minimum(corners[1:, 1:], np.stack([corners[:-1, 1:, 0], corners[1:, :-1, 1]], axis=-1))
    cells = np.concatenate([np.rint(start), np.maximum(np.rint(end - start), 0)], axis=-1).astype(np.int32)
    count, _, statistics, _ = cv2.connectedComponentsWithStats(written.view(np.uint8), connectivity=8)
    heights = statistics[1:, cv2.CC_STAT_HEIGHT]
    if count == 1:
        return cells
    # The larger half of the marks, by their height: specks do not count.
    usual = float(np.median(heights[heights >= heights.max() / 3]))
    # Boxes that stand apart have gaps between them that nothing fits in.
    gaps = min(float(np.median(cells[..., 2], axis=0).min()), float(np.median(cells[..., 3], axis=1).min()))
    if is_squared_paper(cells):
        return None
    return cells if usual < _WRITTEN_HEIGHT * float(np.median(cells[..., 3])) and gaps > usual / 2 else None


def is_squared_paper(cells: Array) -> bool:
    """Tell squared paper, on which a number goes on from square to square, from a table or a puzzle.

    Args:
        cells: Of shape (rows, columns, 4): x, y, width and height of each.
    """
    rows, columns = cells.shape[:2]
    across, down = (float(np.median(cells[..., side])) for side in (2, 3))
    is_square = max(across, down) < _SQUARE * min(across, down)
    return is_square and max(rows, columns) > _PUZZLE and min(rows, columns) > _PUZZLE // 2


def _grid(level: list[StraightLine], upright: list[StraightLine]) -> tuple[list[StraightLine], list[StraightLine]]:
    """Choose the lines that cross many of the others, from top to bottom and from left to right."""
    for _ in range(3):
        level = [line for line in level if _crosses([meet(line, other, _TOUCH_IN_GRID) for other in upright])]
        upright = [line for line in upright if _crosses([meet(other, line, _TOUCH_IN_GRID) for other in level])]
    rows = _distinct(sorted(level, key=lambda line: float(line.middles.mean())))
    return rows, _distinct(sorted(upright, key=lambda line: float(line.middles.mean())))


def _crosses(meets: list[bool]) -> bool:
    return sum(meets) >= max(_LEAST_MEETINGS, _CROSSED * len(meets))


def _distinct(lines: list[StraightLine]) -> list[StraightLine]:
    """Take the longer one of lines that are the edges of a thick one."""
    places = [float(line.middles.mean()) for line in lines]
    if len(lines) < 3:  # noqa: PLR2004
        return lines
    usual = float(np.median(np.diff(places)))
    kept: list[StraightLine] = []
    for line in lines:
        if kept and float(line.middles.mean() - kept[-1].middles.mean()) < _SAME_LINE * usual:
            kept[-1] = max(kept[-1], line, key=lambda one: one.length)
        else:
            kept.append(line)
    return kept


def _crossing(level: StraightLine, upright: StraightLine) -> tuple[float, float]:
    """Where two lines cross, x and y; found by going from one to the other."""
    row = float(level.middles.mean())
    for _ in range(4):
        column = upright.at(row)
        row = level.at(column)
    return column, row

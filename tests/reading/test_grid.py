"""Grids are found with all their cells, also where pens and photos make it hard; squared paper is none."""

import cv2
import numpy as np
import pytest

from scribal.reading.grid import find_grid
from scribal.reading.paper import Ink

CELL = 60


def draw(
    rows=9, columns=9, *, digit_height=0.5, pale=False, turn=0.0, drawn=lambda row, column: (row + column) % 3 == 0
):
    """Ink of a grid with a stroke in some of its cells, on a page that is turned and seen from the side."""
    strength = np.zeros((rows * CELL + 120, columns * CELL + 120), dtype=np.uint8)
    for line in range(rows + 1):
        level = 40 if pale and line % 3 else 255
        cv2.line(strength, (60, 60 + line * CELL), (60 + columns * CELL, 60 + line * CELL), level, 3)
    for line in range(columns + 1):
        level = 40 if pale and line % 3 else 255
        cv2.line(strength, (60 + line * CELL, 60), (60 + line * CELL, 60 + rows * CELL), level, 3)
    for row, column in np.ndindex(rows, columns):
        if drawn(row, column):
            x, half = 60 + round((column + 0.5) * CELL), digit_height * CELL / 2
            y = 60 + (row + 0.5) * CELL
            cv2.line(strength, (x + 5, round(y - half)), (x - 5, round(y + half)), 255, 5, cv2.LINE_AA)
    view = cv2.getRotationMatrix2D((strength.shape[1] / 2, strength.shape[0] / 2), turn, 0.9)
    strength = cv2.warpAffine(strength, view, strength.shape[::-1])
    return Ink(strength, strength > 100, stroke_width=4.0)


@pytest.mark.parametrize("turn", [0, 3, -4])
@pytest.mark.parametrize(("rows", "columns"), [(9, 9), (3, 5)])
def test_all_cells_are_found_in_rows_and_columns(rows, columns, turn):
    grid = find_grid(draw(rows, columns, turn=turn))
    assert grid.cells.shape == (rows, columns, 4)
    assert (np.diff(grid.cells[:, 0, 1]) > 0).all()
    assert (np.diff(grid.cells[0, :, 0]) > 0).all()
    assert np.abs(grid.cells[..., 2:] / (0.9 * CELL) - 1).max() < 0.2


def test_pale_lines_between_strong_ones_part_cells_too():
    assert find_grid(draw(pale=True)).cells.shape == (9, 9, 4)


def test_a_cell_whose_lines_are_touched_is_found_by_its_neighbours():
    ink = draw(digit_height=0.4)
    grid, strength = find_grid(ink), ink.strength.copy()
    y, x = (grid.cells[4, 4, :2] + grid.cells[4, 4, 2:] // 2)[::-1]
    cv2.line(strength, (int(x) - 40, int(y) - 10), (int(x) + 40, int(y) + 10), 255, 5)
    found = find_grid(Ink(strength, strength > 100, stroke_width=4.0))
    assert np.abs(found.cells - grid.cells).max() <= 3


def test_the_lines_are_those_of_the_grid_and_not_what_is_written():
    ink = draw()
    grid = find_grid(ink)
    _, _, statistics, _ = cv2.connectedComponentsWithStats((ink.mask & ~grid.lines).astype(np.uint8))
    written = statistics[1:, cv2.CC_STAT_HEIGHT] > 0.3 * CELL
    assert written.sum() == 27


def test_squared_paper_is_no_grid():
    assert find_grid(draw(digit_height=1.6)) is None


def test_a_page_without_lines_has_none():
    strength = np.zeros((300, 400), dtype=np.uint8)
    cv2.ellipse(strength, (200, 150), (80, 120), 0, 0, 360, 255, 8)
    assert find_grid(Ink(strength, strength > 100, stroke_width=8.0)) is None

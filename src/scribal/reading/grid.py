"""Sudokus, tables, score sheets: a grid of lines whose cells hold numbers.

A grid's lines are one connected mark, and its cells the holes in it. Cells are followed from neighbour to neighbour, so
that paper may be curved and seen from the side; a homography through them (R. Hartley and A. Zisserman, "Multiple View
Geometry in Computer Vision", chapter 4) tells where those are whose lines something touches.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.table_cells import is_squared_paper

if TYPE_CHECKING:
    from scribal.reading.paper import Ink

__all__ = ["Grid", "find_grid"]

_SIDE = 1_000  # pixels: the long side at which lines are followed
_PALE, _PALEST = 48, 16  # of 255: how strong ink has to be there, and how strong a straight line
_STRAIGHT = 21  # pixels
_LARGE = 0.3  # of the picture's long side: the least of a grid, both ways
_TRIED = 3  # large marks
_THIN = 0.5  # of a grid's box is ink at most
_LEAST_CELL, _LARGEST_CELL = 0.03, 0.3  # of the picture's long side
_ALIKE = 1.8  # times as large: cells of one grid
_SOLID = 0.6  # of a cell's box is paper
_LEAST = 3  # rows, and columns
_MOST = 25
_FOUND = 0.5  # of a grid's cells
_ASTRAY = 0.35  # of a cell: how far from its place a neighbour may be
_INSIDE = 0.84  # of a cell's side: what is nearer to its lines is taken for a part of them
_WRITTEN = 0.02  # of a cell is ink at least, where something is written in it
_CROSSING = 0.5  # of the cells in which something is written have it beyond their edge on squared paper
_SHADED = 0.6  # of a cell is ink: it is a coloured cell


@dataclass(frozen=True, eq=False)
class Grid:
    """A grid.

    Attributes:
        cells: int32 of shape (rows, columns, 4): x, y, width and height of each cell.
        lines: bool of the page's shape: the pixels of the lines, and of cells that are coloured.
    """

    cells: Array = field(repr=False)
    lines: Array = field(repr=False)


def find_grid(ink: "Ink") -> Grid | None:
    """Find the grid of a page.

    Args:
        ink: All ink of the page.

    Returns:
        The largest one; ``None`` without any.
    """
    import cv2

    rows, columns = ink.strength.shape
    factor = min(1.0, _SIDE / max(rows, columns))
    size = (max(1, round(columns * factor)), max(1, round(rows * factor)))
    small = cv2.resize(ink.strength, size, interpolation=cv2.INTER_AREA) if factor < 1 else ink.strength
    mask = ((small > _PALE) | (_straight(small) > _PALEST)).astype(np.uint8)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    long = max(size)
    width, height, area = (statistics[:, kind] for kind in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    may = (np.minimum(width, height) >= _LARGE * long) & (area < _THIN * width * height)
    may[0] = False
    largest = sorted(np.flatnonzero(may).tolist(), key=lambda one: -int(width[one]) * int(height[one]))
    for number in largest[:_TRIED]:
        own = labels == number
        places = _lattice(_holes(own, long))
        if places is not None:
            return _grid(places, own, ink, factor)
    return None


def _straight(strength: Array) -> Array:
    """Keep what goes straight across or down for a while, however pale: lines, but no show-through and no dirt."""
    import cv2

    wide = cv2.dilate(strength, np.ones((3, 3), dtype=np.uint8))
    across = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((1, _STRAIGHT), dtype=np.uint8))
    down = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((_STRAIGHT, 1), dtype=np.uint8))
    straight: Array = cv2.erode(np.maximum(across, down), np.ones((3, 3), dtype=np.uint8))
    return straight


def _holes(own: Array, long: int) -> Array:
    """Find the cells of about one size in a mark; float64 of shape (n, 4): x, y, width, height."""
    import cv2

    closed = cv2.morphologyEx(own.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), dtype=np.uint8))
    _, _, statistics, _ = cv2.connectedComponentsWithStats(1 - closed, connectivity=4)
    boxes: Array = statistics[1:, :4].astype(np.float64)
    sides = boxes[:, 2:]
    fits = (sides.min(axis=1) >= _LEAST_CELL * long) & (sides.max(axis=1) <= _LARGEST_CELL * long)
    fits &= statistics[1:, cv2.CC_STAT_AREA] > _SOLID * sides.prod(axis=1)
    boxes = boxes[fits]
    if not len(boxes):
        return boxes
    ratios = np.maximum(boxes[:, None, 2:], boxes[None, :, 2:]) / np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    alike = np.asarray((ratios < _ALIKE).all(axis=-1))
    kept: Array = boxes[alike[int(alike.sum(axis=1).argmax())]]
    return kept


def _lattice(boxes: Array) -> tuple[Array, tuple[int, int]] | None:
    """Follow cells from neighbour to neighbour.

    Returns:
        The homography from (column, row) to the middle of a cell, and how many rows and columns there are; ``None`` if
        they are no grid.
    """
    import cv2

    if len(boxes) < _LEAST**2:
        return None
    centres, sides = boxes[:, :2] + boxes[:, 2:] / 2, boxes[:, 2:]
    steps = {(1, 0): sides * (1, 0), (-1, 0): sides * (-1, 0), (0, 1): sides * (0, 1), (0, -1): sides * (0, -1)}
    begin = int(np.linalg.norm(centres - centres.mean(axis=0), axis=1).argmin())
    places = {begin: (0, 0)}
    waiting = [begin]
    while waiting:
        index = waiting.pop(0)
        for (across, down), step in steps.items():
            apart = np.abs(centres - centres[index] - step[index] * 1.06) / sides[index]  # lines have a width, too
            nearest = int(apart.max(axis=1).argmin())
            if apart[nearest].max() < _ASTRAY and nearest not in places:
                places[nearest] = (places[index][0] + across, places[index][1] + down)
                waiting.append(nearest)
    order = list(places)
    found = np.array([places[index] for index in order])
    found -= found.min(axis=0)
    columns, rows = (found.max(axis=0) + 1).tolist()
    if min(rows, columns) < _LEAST or max(rows, columns) > _MOST or len(order) < _FOUND * rows * columns:
        return None
    view, _ = cv2.findHomography(found.astype(np.float64), centres[order], cv2.RANSAC, float(sides.mean()) * 0.2)
    return None if view is None else (view, (rows, columns))


def _grid(places: tuple[Array, tuple[int, int]], own: Array, ink: "Ink", factor: float) -> Grid | None:
    """Make a grid of a lattice; ``None`` on squared paper, where writing goes over the lines."""
    import cv2

    view, (rows, columns) = places
    page_rows, page_columns = ink.strength.shape
    view = np.diag([page_columns / own.shape[1], page_rows / own.shape[0], 1.0]) @ view
    full = cv2.resize(own.astype(np.uint8), (page_columns, page_rows), interpolation=cv2.INTER_NEAREST)
    reach = 2 * round(1 / factor) + 1
    lines = cv2.dilate(full, np.ones((reach, reach), dtype=np.uint8))
    cells = np.zeros((rows, columns, 4), dtype=np.int32)
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    written = crossing = 0
    for row, column in np.ndindex(rows, columns):
        around = _seen(corners + np.array([column, row]), view)
        start, end = around.min(axis=0), around.max(axis=0)
        cells[row, column] = np.rint([*start, *(end - start)])
        inner = np.rint(_seen(corners * _INSIDE + np.array([column, row]), view)).astype(np.int32)
        left, top = inner.min(axis=0).clip(0)
        right, bottom = inner.max(axis=0) + 1
        part = lines[top:bottom, left:right]
        if not part.size:
            continue
        filled = np.zeros(part.shape, dtype=np.uint8)
        cv2.fillConvexPoly(filled, inner - np.array([left, top]), 1)
        inside = filled > 0
        if np.count_nonzero(part[inside]) > _SHADED * np.count_nonzero(inside):
            continue
        rim = inside & (cv2.erode(filled, np.ones((3, 3), dtype=np.uint8), borderValue=0) == 0)
        marked = ink.mask[top:bottom, left:right]
        if np.count_nonzero(marked & inside) > _WRITTEN * np.count_nonzero(inside):
            written += 1
            crossing += bool(np.count_nonzero(marked & rim))
        part[inside] = 0
    is_paper = crossing > _CROSSING * max(written, 1) or is_squared_paper(cells)
    return None if is_paper else Grid(cells, lines > 0)


def _seen(points: Array, view: Array) -> Array:
    import cv2

    seen: Array = cv2.perspectiveTransform(points[None].astype(np.float64), view)[0]
    return seen

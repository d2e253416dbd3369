"""A page on a photo becomes its cells: the print taken out, the ink of each cell on its own."""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.sheet.finding import MARGIN, RESOLUTION, FoundPage, straighten
from scribal.reading.sheet.layout import Cell, cells_of
from scribal.reading.sheet.printing import LINE_REACH, darkness, paper_of, without_print
from scribal.reading.sheet.settling import settle

__all__ = ["CellState", "CutCell", "cut_cells"]

# Lengths in millimetres.
_AROUND = 1.9  # how far a digit may leave its box
_LEAST_PART = 0.015  # of a digit's largest mark
_LEAST_EXTENT = 2.2  # what is smaller both ways is a dot, not a digit
_SOFT_EDGE = 2  # pixels
_LEAST_INSIDE = 1 / 3  # of a mark, in the box it belongs to
_DARK, _BLACKENED = 204, 0.45  # level of 255, and share of a box: no digit covers so much
_SMOOTHING = 0.7  # pixels
# Levels of 255, and times the paper's grain: what is less is no ink.
_LEAST_CONTRAST = 20.0
_LEAST_CLEAR = 4.0
# A cell is crossed out where ink follows both diagonals this closely, nearly all their way.
_BESIDE_DIAGONAL = 1.4
_FOLLOWED = 0.9
_DIAGONAL = np.linspace(0.1, 0.9, 41)


class CellState(Enum):
    """What is in a cell."""

    WRITTEN = "written"
    EMPTY = "empty"
    CROSSED_OUT = "crossed out"


@dataclass(frozen=True)
class CutCell:
    """One cell of a page on a photo.

    Attributes:
        cell: Which it is, and where on the page.
        state: Whether there is a digit in it.
        strength: The ink in it, uint8 of shape (rows, columns), 0 paper and 255 full ink, cut close.
        box: x, y, width and height of the ink, or of the box of an empty cell, in pixels of the photo.
    """

    cell: Cell
    state: CellState
    strength: Array = field(repr=False)
    box: tuple[int, int, int, int]


def cut_cells(pixels: Array, page: FoundPage) -> list[CutCell]:
    """Cut a page on a photo into its cells, in reading order.

    Args:
        pixels: The photo, uint8 of shape (rows, columns, 3).
        page: Where the page is on it.
    """
    straight = straighten(pixels, page)
    dark = darkness(straight, paper_of(straight))
    cells = settle(dark, list(cells_of(page.code.rows)))
    evenly_lit = without_print(dark, cells)
    return [_cut(evenly_lit, cell, page) for cell in cells]


def _cut(evenly_lit: Array, cell: Cell, page: FoundPage) -> CutCell:
    """Cut out one cell. It is looked at alone: a pencil's stroke is faint beside a felt pen's in the next box."""
    import cv2

    rows, columns = _pixels_of(cell, _AROUND)
    strength, is_ink = _ink_in(evenly_lit[rows, columns])
    own = _own_marks(is_ink, rows, columns, cell)
    x, y, width, height = cv2.boundingRect(own.astype(np.uint8))
    if not own.any():
        rows, columns = _pixels_of(cell, 0)
        box = [(x, y) for x in (columns.start, columns.stop) for y in (rows.start, rows.stop)]
        return CutCell(cell, CellState.EMPTY, np.zeros((1, 1), np.uint8), _box_on_photo(np.array(box), page))
    near = cv2.dilate(own.astype(np.uint8), np.ones((2 * _SOFT_EDGE + 1,) * 2, np.uint8)) > 0
    strength = np.where(own | (near & ~is_ink), strength, 0).astype(np.uint8)
    cut = strength[max(y - _SOFT_EDGE, 0) : y + height + _SOFT_EDGE, max(x - _SOFT_EDGE, 0) : x + width + _SOFT_EDGE]
    is_blackened = float((evenly_lit[_pixels_of(cell, 0)] < _DARK).mean()) > _BLACKENED
    crossed_out = is_blackened or _is_crossed_out(own, (columns.start, rows.start), cell)
    state = CellState.CROSSED_OUT if crossed_out else CellState.WRITTEN
    outline = cv2.convexHull(np.argwhere(own)[:, ::-1])[:, 0] + (columns.start, rows.start)
    return CutCell(cell, state, cut, _box_on_photo(outline + 0.5, page))


def _ink_in(window: Array) -> tuple[Array, Array]:
    """How strong the ink is at each pixel of a cell, uint8, and which pixels are ink; of evenly lit, white paper."""
    import cv2

    levels = cv2.GaussianBlur(np.invert(window.min(axis=2)), (0, 0), _SMOOTHING)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    is_ink = levels > max(threshold, _LEAST_CONTRAST)
    if not is_ink.any():
        return np.zeros_like(levels), is_ink
    lowest, low = np.percentile(levels[~is_ink], (25, 75))
    full = float(np.percentile(levels[is_ink], 75))
    if full - low < _LEAST_CLEAR * (low - lowest):  # the darker part of the paper's grain
        return np.zeros_like(levels), np.zeros_like(is_ink)
    strength = np.rint(255 * ((levels - low) / (full - low)).clip(0, 1)).astype(np.uint8)
    return strength, is_ink


def _own_marks(is_ink: Array, rows: slice, columns: slice, cell: Cell) -> Array:
    """The pixels of the marks that belong to a box: no specks, and not what reaches in from the next box."""
    import cv2

    _, labels, statistics, _ = cv2.connectedComponentsWithStats(is_ink.astype(np.uint8), connectivity=8)
    areas = statistics[:, cv2.CC_STAT_AREA]
    inner_rows, inner_columns = _pixels_of(cell, -LINE_REACH)
    inside = labels[
        inner_rows.start - rows.start : inner_rows.stop - rows.start,
        inner_columns.start - columns.start : inner_columns.stop - columns.start,
    ]
    is_own = np.bincount(inside.ravel(), minlength=len(areas)) >= _LEAST_INSIDE * areas
    is_own[0] = False
    largest = int(np.where(is_own, areas, 0).argmax())
    extent = max(statistics[largest, cv2.CC_STAT_WIDTH], statistics[largest, cv2.CC_STAT_HEIGHT])
    # Where the largest mark is a dot, all are dots of dust and print.
    is_own &= (areas >= _LEAST_PART * areas[largest]) & (extent >= _LEAST_EXTENT * RESOLUTION)
    own: Array = is_own[labels]
    return own


def _is_crossed_out(own: Array, corner: tuple[int, int], cell: Cell) -> bool:
    """Whether ink follows both diagonals of the box, as a cross does."""
    import cv2

    reach = round(_BESIDE_DIAGONAL * RESOLUTION)
    from_ink = cv2.distanceTransform(np.pad(~own, reach, constant_values=True).astype(np.uint8), cv2.DIST_L2, 3)
    across = cell.box.x + _DIAGONAL * cell.box.width
    down, up = (cell.box.y + share * cell.box.height for share in (_DIAGONAL, 1 - _DIAGONAL))
    for line in (down, up):
        columns = np.rint((across + MARGIN) * RESOLUTION).astype(int) - corner[0] + reach
        rows = np.rint((line + MARGIN) * RESOLUTION).astype(int) - corner[1] + reach
        inside = (rows >= 0) & (rows < from_ink.shape[0]) & (columns >= 0) & (columns < from_ink.shape[1])
        followed = from_ink[rows[inside], columns[inside]] <= reach
        if np.count_nonzero(followed) < _FOLLOWED * len(_DIAGONAL):
            return False
    return True


def _box_on_photo(points: Array, page: FoundPage) -> tuple[int, int, int, int]:
    """The box around points of the straightened page, (x, y) of shape (n, 2), on the photo."""
    import cv2

    seen = cv2.perspectiveTransform((points / RESOLUTION - MARGIN)[None], page.to_photo)[0]
    left, top = np.floor(seen.min(axis=0)).astype(int)
    right, bottom = np.ceil(seen.max(axis=0)).astype(int)
    return max(int(left), 0), max(int(top), 0), int(right - left), int(bottom - top)


def _pixels_of(cell: Cell, around: float) -> tuple[slice, slice]:
    """Rows and columns of the straightened page that a box takes, grown by so many millimetres."""
    box = cell.box
    rows = slice(_pixel(box.y - around), _pixel(box.bottom + around) + 1)
    return rows, slice(_pixel(box.x - around), _pixel(box.right + around) + 1)


def _pixel(place: float) -> int:
    """The pixel of a straightened page, down or across, in which a place of the frame lies."""
    return int((place + MARGIN) * RESOLUTION)

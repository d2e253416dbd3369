"""Where the boxes of a straightened page really are.

The marks tell where they are on a flat page. Paper is curved, and lenses bend: in the middle of a page boxes may be
some millimetres off. Each box's printed outline is looked for nearby, and a smooth surface through all that were found
says where each of them is, also those whose outline is covered or too faint.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.sheet.finding import MARGIN, RESOLUTION
from scribal.reading.sheet.layout import BOX_LINE, FRAME_HEIGHT, FRAME_WIDTH, Cell

__all__ = ["settle"]

_SEARCH = 3.0  # millimetres
_REDUCTION = 2  # the search is done on every second pixel
_LIKE_AN_OUTLINE = 0.25  # correlation
_DEGREE = 3
_OUTLIER, _FAR = 0.8, 2.5  # millimetres, and times the usual distance from the surface
_ROUNDS = 3
# Print is light; beyond this there is ink, which must not count for more.
_MOST_PRINT = 0.5
_DARKEST_PRINT = 0.4
_COLOURED = 0.04


def settle(dark: Array, cells: Sequence[Cell]) -> list[Cell]:
    """Move cells to where their outlines are seen.

    Args:
        dark: How dark a straightened page is, as :func:`scribal.reading.sheet.printing.darkness` tells.
        cells: The cells of the page, as printed.

    Returns:
        The same cells with their boxes moved.
    """
    import cv2

    step = RESOLUTION / _REDUCTION
    fine, share = _print_map(dark), 1 / _REDUCTION
    print_map = cv2.resize(fine, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    reach = round(_SEARCH * step)
    outline = _outline(cells[0], step)
    padded = cv2.copyMakeBorder(print_map, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    offsets, weights = [], []
    for cell in cells:
        # The outline's picture begins one pixel before the box.
        left, top = (round((place + MARGIN) * step) - 1 for place in (cell.box.x, cell.box.y))
        height, width = outline.shape
        window = padded[top : top + height + 2 * reach, left : left + width + 2 * reach]
        found = cv2.matchTemplate(window, outline, cv2.TM_CCOEFF_NORMED)
        _, likeness, _, place = cv2.minMaxLoc(found)
        rounding = ((left + 1) / step - MARGIN - cell.box.x, (top + 1) / step - MARGIN - cell.box.y)
        offsets.append(((place[0] - reach) / step + rounding[0], (place[1] - reach) / step + rounding[1]))
        weights.append(likeness if likeness >= _LIKE_AN_OUTLINE else 0.0)
    moves = _smooth(cells, np.array(offsets), np.array(weights))
    return [
        replace(cell, box=replace(cell.box, x=cell.box.x + float(x), y=cell.box.y + float(y)))
        for cell, (x, y) in zip(cells, moves, strict=True)
    ]


def _print_map(dark: Array) -> Array:
    """How much each pixel looks like the print: orange, or on a grey photo light, and not beside ink."""
    import cv2

    orange = np.clip(dark[..., 2] - dark[..., 0], 0, _MOST_PRINT)
    if float(np.percentile(orange, 97)) >= _COLOURED:
        return np.asarray(orange)
    grey = dark.mean(axis=2)
    beside_ink = cv2.dilate((grey > _DARKEST_PRINT).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.where(beside_ink, np.float32(0), grey)


def _outline(cell: Cell, step: float) -> Array:
    """A picture of a box's outline, blurred a little as a photo is, with a pixel around it."""
    import cv2

    width, height = (round(side * step) for side in (cell.box.width, cell.box.height))
    outline = np.zeros((height + 3, width + 3), np.float32)
    thickness = max(round(BOX_LINE * step), 1)
    cv2.rectangle(outline, (1, 1), (width + 1, height + 1), 1.0, thickness)
    return np.asarray(cv2.GaussianBlur(outline, (0, 0), 0.8))


def _smooth(cells: Sequence[Cell], offsets: Array, weights: Array) -> Array:
    """A polynomial surface through the offsets, without those that are far from all others."""
    rows = len({cell.row for cell in cells})
    for degree in range(min(_DEGREE, rows), 0, -1):
        terms = _terms(cells, degree)
        moves, kept = _fitted(terms, offsets, weights)
        if np.count_nonzero(kept) >= 2 * terms.shape[1]:
            return moves
    return np.zeros_like(offsets)


def _terms(cells: Sequence[Cell], degree: int) -> Array:
    """The powers of place of each cell, as many as its degree has, shape (cells, terms)."""
    x = np.array([cell.box.x for cell in cells]) / FRAME_WIDTH * 2 - 1
    y = np.array([cell.box.y for cell in cells]) / FRAME_HEIGHT * 2 - 1
    return np.stack([x**a * y**b for a in range(degree + 1) for b in range(degree + 1 - a)], axis=1)


def _fitted(terms: Array, offsets: Array, weights: Array) -> tuple[Array, Array]:
    """What the surface says of every cell, and which cells it goes by."""
    moves, kept = np.zeros_like(offsets), weights > 0
    for _ in range(_ROUNDS):
        if np.count_nonzero(kept) < terms.shape[1]:
            return moves, np.zeros_like(kept)
        root = np.sqrt(weights[kept])[:, None]
        solved, *_ = np.linalg.lstsq(terms[kept] * root, offsets[kept] * root, rcond=None)
        moves = terms @ solved
        far = np.linalg.norm(offsets - moves, axis=1)
        kept &= far <= max(_OUTLIER, _FAR * float(np.median(far[kept])))
    return moves, kept

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
_OUTLIER = 0.8  # millimetres
_ROUNDS = 3
# Print is light; beyond this there is ink, which must not count for more.
_MOST_PRINT = 0.5
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
    """How much each pixel looks like the print: orange, or on a grey photo at least not darker than print."""
    orange = np.clip(dark[..., 2] - dark[..., 0], 0, _MOST_PRINT)
    if float(np.percentile(orange, 97)) >= _COLOURED:
        return np.asarray(orange)
    return np.asarray(np.minimum(dark.mean(axis=2), _MOST_PRINT))


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
    x = np.array([cell.box.x for cell in cells]) / FRAME_WIDTH * 2 - 1
    y = np.array([cell.box.y for cell in cells]) / FRAME_HEIGHT * 2 - 1
    rows = len({cell.row for cell in cells})
    degree_across, degree_down = 3, min(3, rows - 1)
    terms = np.stack(
        [
            x**across * y**down
            for across in range(degree_across + 1)
            for down in range(degree_down + 1)
            if across + down <= degree_across
        ],
        axis=1,
    )
    moves = np.zeros_like(offsets)
    weights = weights.copy()
    for number in range(_ROUNDS):
        kept = weights > 0
        if np.count_nonzero(kept) < 2 * terms.shape[1]:
            middle = np.median(offsets[kept], axis=0) if kept.any() else np.zeros(2)
            return np.broadcast_to(middle, offsets.shape)
        root = np.sqrt(weights[kept])[:, None]
        solved, *_ = np.linalg.lstsq(terms[kept] * root, offsets[kept] * root, rcond=None)
        moves = terms @ solved
        far = np.linalg.norm(offsets - moves, axis=1)
        if number < _ROUNDS - 1:
            weights[far > max(_OUTLIER, 2.5 * float(np.median(far[kept])))] = 0
    return moves

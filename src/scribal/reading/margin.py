"""A margin of one colour around a photo: what a program adds that makes crops square."""

import numpy as np

from scribal.data.dataset import Array

__all__ = ["inside_margin"]

_SAME = 6  # levels: compression changes an even colour by no more
_SHARE = 0.9  # of each side of the photo inside differs from the margin; no digit's box does
_SEAM = 2  # pixels along the photo's edge in which it and the margin are mixed
_LEAST = 8  # pixels of the photo's sides


def inside_margin(pixels: Array) -> tuple[int, int, int, int]:
    """Find the photo inside a margin of one colour.

    Args:
        pixels: uint8 of shape (rows, columns) or (rows, columns, channels).

    Returns:
        Left, top, right and bottom of the photo, in pixels; of the whole picture where there is no such margin.
    """
    rows, columns = pixels.shape[:2]
    whole = (0, 0, columns, rows)
    border = pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]
    colour = pixels[0, 0].astype(np.int16)
    if not any((np.abs(side - colour) <= _SAME).all() for side in border):
        return whole
    other = np.abs(pixels - colour) > _SAME
    if other.ndim > 2:  # noqa: PLR2004
        other = other.any(axis=2)
    lines, across = np.flatnonzero(other.mean(axis=1) > 0), np.flatnonzero(other.mean(axis=0) > 0)
    if not lines.size:
        return whole
    top, bottom, left, right = lines[0], lines[-1] + 1, across[0], across[-1] + 1
    if min(bottom - top, right - left) < _LEAST:
        return whole
    # Compression spreads the edge by some pixels, so that the photo's first full line is looked for.
    full_rows = np.flatnonzero(other[:, left:right].mean(axis=1) >= _SHARE)
    full_columns = np.flatnonzero(other[top:bottom].mean(axis=0) >= _SHARE)
    if not full_rows.size or not full_columns.size:
        return whole
    inner = (int(full_columns[0]), int(full_rows[0]), int(full_columns[-1]) + 1, int(full_rows[-1]) + 1)
    spread = max(inner[0] - left, inner[1] - top, right - inner[2], bottom - inner[3])
    if spread > _LEAST or other[inner[1] : inner[3], inner[0] : inner[2]].mean() < _SHARE:
        return whole
    seam = [_SEAM * (edge not in {0, end}) for edge, end in zip(inner, (0, 0, columns, rows), strict=True)]
    found = inner[0] + seam[0], inner[1] + seam[1], inner[2] - seam[2], inner[3] - seam[3]
    return found if min(found[2] - found[0], found[3] - found[1]) >= _LEAST else whole

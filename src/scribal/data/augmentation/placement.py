"""Where a character stands in its 28x28 pixels and how large it is, and what few pixels leave of it.

A part is placed as reading places it: scaled into a box of 20x20 by what was found of its ink, centre of mass in the
middle. Another part stands where it happens to.
"""

import numpy as np

from scribal.data.augmentation.tiles import Floats, place
from scribal.data.dataset import Array

__all__ = ["SIDE", "coarsen", "put"]

SIDE = 28
_BOX = 20.0
_INK = 60  # levels of 255, above which a pixel counts for the box
_FITTED_SHARE = 0.6
_STRETCHED_SHARE = 0.12  # of the fitted ones: scanned into a square box, whatever its proportions were
_WIDEST_STRETCH = 2.2
_FURTHEST = 4.0  # pixels
_COARSE_SHARE = 0.14  # of groups
_SHADES = 16


def put(large: Array, generator: np.random.Generator) -> Array:
    """Put characters, at twice their size, into their 28x28 pixels.

    Args:
        large: uint8 of shape (n, height, width).
        generator: Decides what is random.

    Returns:
        uint8 of shape (n, 28, 28).
    """
    count, height, width = large.shape
    left, right = _extent(large, axis=1)
    top, bottom = _extent(large, axis=2)
    box_width, box_height = right - left, bottom - top
    is_empty = (box_width <= 0) | (box_height <= 0)
    is_fitted = (generator.random(count) < _FITTED_SHARE) & ~is_empty
    is_stretched = is_fitted & (generator.random(count) < _STRETCHED_SHARE)
    # New pixels for an old one, and the old place that comes to the middle.
    own = 0.5 * np.exp(generator.uniform(-0.45, 0.22, count))
    fitted = _BOX / np.maximum(np.maximum(box_width, box_height), 1) * np.exp(generator.uniform(-0.08, 0.06, count))
    scale_columns = np.where(is_fitted, fitted, own)
    scale_rows = scale_columns.copy()
    wider = np.clip(box_height / np.maximum(box_width, 1), 1 / _WIDEST_STRETCH, _WIDEST_STRETCH)
    scale_columns *= np.where(is_stretched & (wider > 1), wider, 1)
    scale_rows *= np.where(is_stretched & (wider < 1), 1 / wider, 1)
    mass_row, mass_column = _centre_of_mass(large)
    # 14.0, not 13.5: over MNIST's training images the centres' mean is (14.0, 14.0).
    jitter = generator.normal(0, 0.45, (2, count))
    wide = generator.uniform(-_FURTHEST, _FURTHEST, (2, count)) * (generator.random(count) < 0.5)  # noqa: PLR2004 (half of those)
    column = np.where(is_fitted, mass_column, (width - 1) / 2)
    row = np.where(is_fitted, mass_row, (height - 1) / 2)
    to_column = np.where(is_fitted, SIDE / 2 + jitter[0], (SIDE - 1) / 2 + wide[0])
    to_row = np.where(is_fitted, SIDE / 2 + jitter[1], (SIDE - 1) / 2 + wide[1])
    grid = np.arange(SIDE, dtype=np.float32)
    columns = _old(grid, to_column, scale_columns, column)[:, None, :]
    rows = _old(grid, to_row, scale_rows, row)[:, :, None]
    shape = (count, SIDE, SIDE)
    return place(large, np.broadcast_to(columns, shape), np.broadcast_to(rows, shape))


def coarsen(small: Array, generator: np.random.Generator) -> Array:
    """Shrink some groups to 9 to 22 pixels, perhaps to few shades or to black and white, and enlarge them again.

    Args:
        small: uint8 of shape (n, 28, 28), a group.
        generator: Decides what is random.

    Returns:
        uint8 of shape (n, 28, 28).
    """
    if generator.random() >= _COARSE_SHARE:
        return small
    size = int(generator.integers(9, 23))
    shrink, enlarge = _area(SIDE, size), _linear(size, SIDE)
    few = shrink @ small.astype(np.float32) @ shrink.T
    kind = generator.random()
    if kind < 0.3:  # noqa: PLR2004 (black and white)
        few = np.where(few > generator.uniform(60, 150), np.float32(255), np.float32(0))
    elif kind < 0.6:  # noqa: PLR2004 (few shades)
        few = np.rint(few * (_SHADES / 255)) * np.float32(255 / _SHADES)
    most = few.max(axis=(1, 2), keepdims=True)
    few *= 255 / np.maximum(most, 1)
    if generator.random() < 0.25:  # noqa: PLR2004 (squares stay squares)
        nearest = np.arange(SIDE) * size // SIDE
        return np.ascontiguousarray(few[:, nearest][:, :, nearest], np.uint8)
    return np.rint(enlarge @ few @ enlarge.T).clip(0, 255).astype(np.uint8)


def _old(grid: Floats, middle: Array, scale: Array, old_middle: Array) -> Floats:
    old: Floats = ((grid[None, :] - middle[:, None]) / scale[:, None] + old_middle[:, None]).astype(np.float32)
    return old


def _extent(large: Array, axis: int) -> tuple[Array, Array]:
    """Where ink begins and ends along the other axis."""
    has_ink = np.asarray((large > _INK).any(axis=axis))
    size = has_ink.shape[1]
    first = has_ink.argmax(axis=1)
    last = np.where(has_ink.any(axis=1), size - has_ink[:, ::-1].argmax(axis=1), 0)
    return first, last


def _centre_of_mass(large: Array) -> tuple[Array, Array]:
    """Rows and columns of the centres, of shape (n,); the middle of an empty picture."""
    height, width = large.shape[1:]
    mass = large.sum(axis=(1, 2), dtype=np.int64)
    is_empty = mass == 0
    mass = np.maximum(mass, 1)
    rows = large.sum(axis=2, dtype=np.int64) @ np.arange(height) / mass
    columns = large.sum(axis=1, dtype=np.int64) @ np.arange(width) / mass
    return np.where(is_empty, (height - 1) / 2, rows), np.where(is_empty, (width - 1) / 2, columns)


def _area(old: int, new: int) -> Floats:
    """The mean over the area that each new pixel covers, as a matrix of shape (new, old)."""
    edges = np.arange(new + 1) * (old / new)
    starts = np.arange(old)
    overlap = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    matrix: Floats = (overlap.clip(0) * (new / old)).astype(np.float32)
    return matrix


def _linear(old: int, new: int) -> Floats:
    """Linear interpolation as a matrix of shape (new, old)."""
    places = np.clip((np.arange(new) + 0.5) * (old / new) - 0.5, 0, old - 1)
    matrix: Floats = np.maximum(0, 1 - np.abs(places[:, None] - np.arange(old))).astype(np.float32)
    return matrix

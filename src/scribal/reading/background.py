"""What the paper would look like if nothing were written on it.

Strokes are narrow, and paper and shadows are wide. A morphological closing of the reduced picture fills what is narrow
with the paper around it, follows the light, and leaves the edges of shadows, tables and pasted pictures where they are
(J. Serra, "Image Analysis and Mathematical Morphology", 1982).

Strokes of a character that fills its picture may be as wide as the paper between them, and are left by the closing like
a shadow. They are as dark as other strokes, and a shadow is not; where they are found, the light is taken to change
smoothly, and a surface of second order is fitted to what is not ink.
"""

import functools
from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.levels import enlarge, less, quantile, reduce

__all__ = ["Background", "around_character", "of_one_colour", "of_page", "smooth_surface"]

_PAGE_SIDE = 384  # pixels of the reduced picture
_PAGE_STROKE = 1 / 10  # of the long side: what is wider is paper
_CHARACTER_SIDE = 96
_CHARACTER_STROKE = 0.3
_SMOOTH_STEP = 6  # levels a pixel: steeper paper has an edge, and is unsure
_SURFACE_SIDE = 32
_LEAST_PHOTO = 48  # pixels: on smaller pictures characters are cropped closely more often than shadows have edges
_REACH = 3  # this part of a picture's side is wider than any stroke in it
_ROUNDS = 3
_ENOUGH = 512  # pixels tell a surface of six terms; of more, every second or third is taken
_TERMS = 6
_STIFFNESS = np.diag(
    np.array([1e-4, 0.005, 0.005, 0.02, 0.02, 0.02], dtype=np.float32)
)  # for each term, as a part of all pixels
_LEAST_STEP = 12  # levels by which the closing is darker than the surface, to be asked for the reason
_AS_DARK = 0.25  # of the strokes' contrast: what is as near to them in its level is a wide stroke, and no shadow


@dataclass(frozen=True, eq=False)
class Background:
    """The paper under dark ink.

    Attributes:
        level: How light the paper is, uint8 of the reduced picture's shape, perhaps with channels.
        unsure: uint8 of the same shape: by how many levels ``level`` may be wrong, at the edges of paper and shadow.
    """

    level: Array = field(repr=False)
    unsure: Array = field(repr=False)

    @property
    def shade(self) -> float:
        """How far light and dark parts of the paper are apart, in levels."""
        dark, light = quantile(self.level, 0.05, 0.95)
        return light - dark

    def inverted(self) -> "Background":
        """Give the same of the picture whose light and dark are exchanged."""
        return Background(np.invert(self.level), self.unsure)


def of_one_colour(levels: Array) -> Background | None:
    """Give the paper of a picture that a program has drawn or cleaned: one colour, to the last bit.

    Args:
        levels: uint8 of shape (rows, columns) or (rows, columns, channels).

    Returns:
        The colour of the whole border and of most of the picture, as one pixel; None where there is none.
    """
    colour = levels[0, 0]
    if any((side != colour).any() for side in (levels[0], levels[-1], levels[:, 0], levels[:, -1])):
        return None
    same = np.count_nonzero(levels == colour)  # counted by channel
    return Background(levels[:1, :1], np.zeros((1, 1), dtype=np.uint8)) if 2 * same > levels.size else None


def of_page(levels: Array) -> Background:
    """Estimate the paper of a page with dark ink on it.

    Args:
        levels: uint8 of shape (rows, columns) or (rows, columns, channels).
    """
    import cv2

    small = reduce(levels, _PAGE_SIDE)
    rows, columns = small.shape[:2]
    # Beyond the picture's border everything goes on, so that the corner of a shadow there is as wide as the shadow.
    margin = round(max(rows, columns) * _PAGE_STROKE)
    closed = _closed(cv2.copyMakeBorder(small, *(margin,) * 4, cv2.BORDER_REPLICATE), _PAGE_STROKE)
    inside = np.s_[margin : margin + rows, margin : margin + columns]
    return Background(np.ascontiguousarray(closed.level[inside]), np.ascontiguousarray(closed.unsure[inside]))


def around_character(levels: Array) -> Background:
    """Estimate the paper of a picture that shows one character of dark ink, perhaps from edge to edge.

    Args:
        levels: uint8 of shape (rows, columns) or (rows, columns, channels).
    """
    small = reduce(levels, _CHARACTER_SIDE)
    rows, columns = levels.shape[:2]
    is_large = max(rows, columns) > _LEAST_PHOTO
    closed = _closed(small, _CHARACTER_STROKE) if is_large else None
    surface = enlarge(_surface(reduce(small, _SURFACE_SIDE)), small.shape).clip(0, 255)
    if closed is not None and not _has_wide_strokes(small, closed, surface):
        return closed
    return Background(np.rint(surface).astype(np.uint8), np.zeros_like(small))


def _has_wide_strokes(small: Array, closed: Background, surface: Array) -> bool:
    """Tell whether what the closing left dark is ink: it is as dark as strokes are, and a shadow is not."""
    import cv2

    wide = surface - closed.level > _LEAST_STEP
    if not wide.any():
        return False
    narrow = cv2.subtract(closed.level, small)
    threshold, strokes = cv2.threshold(narrow.reshape(len(narrow), -1), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = strokes.reshape(narrow.shape) > 0
    if threshold < _LEAST_STEP or not ink.any():
        return True
    apart = abs(float(np.median(closed.level[wide])) - float(np.median(small[ink])))
    return apart <= _AS_DARK * float(np.median(narrow[ink]))


def smooth_surface(small: Array) -> Array:
    """Fit a surface of second order to all of a small picture; float32 of its shape."""
    values = small.astype(np.float32).reshape(-1, 1)
    basis = _basis(*small.shape)
    step = 1 + len(values) // _ENOUGH
    levels = values[::step]
    return _at(basis, _fit_all(levels, (*small.shape, step))).reshape(small.shape)


def _closed(small: Array, stroke: float) -> Background:
    import cv2

    width = max(3, round(max(small.shape[:2]) * stroke)) | 1
    box = cv2.getStructuringElement(cv2.MORPH_RECT, (width, width))
    level = cv2.morphologyEx(cv2.blur(small, (3, 3)), cv2.MORPH_CLOSE, box)
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
    return Background(level, less(cv2.morphologyEx(level, cv2.MORPH_GRADIENT, around), _SMOOTH_STEP))


def _surface(small: Array) -> Array:
    """Fit a surface of second order to the paper; float32 of the picture's shape."""
    import cv2

    rows, columns = small.shape[:2]
    values = small.astype(np.float32).reshape(rows * columns, -1)
    basis = _basis(rows, columns)
    # Some paper is within reach of every place, and it is the lightest there.
    box = np.ones((rows // _REACH | 1, columns // _REACH | 1), dtype=np.uint8)
    lightest = cv2.dilate(cv2.blur(small, (3, 3)), box).astype(np.float32).reshape(values.shape)
    step = 1 + len(values) // _ENOUGH
    places, levels = np.ascontiguousarray(basis[::step]), values[::step]
    terms = _fit_all(lightest[::step], (rows, columns, step))
    for _ in range(_ROUNDS):
        deep = _at(places, terms) - levels
        depth = (deep if deep.shape[1] == 1 else deep.max(axis=1)).clip(0, 255).astype(np.uint8)
        _, ink = cv2.threshold(depth, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        terms = _fit_terms(places, levels, 1 - ink.ravel().astype(np.float32))
    surface = _at(basis, terms)
    fitted: Array = surface.reshape(small.shape).astype(np.float32)
    return fitted


@functools.lru_cache(maxsize=32)
def _basis(rows: int, columns: int) -> Array:
    """Give 1, x, y, xy, x² and y² of every pixel, x and y from -1 to 1: float32 of shape (pixels, 6), read-only."""
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1, dtype=np.float32).reshape(-1, _TERMS)
    terms.setflags(write=False)
    return terms


@functools.lru_cache(maxsize=32)
def _solver(rows: int, columns: int, step: int) -> Array:
    """Give the matrix that fits the terms to every ``step``-th pixel, all with the weight 1: float32 of (6, pixels)."""
    basis = _basis(rows, columns)[::step].astype(np.float64)
    solver: Array = np.linalg.solve(basis.T @ basis + _STIFFNESS * len(basis), basis.T).astype(np.float32)
    solver.setflags(write=False)
    return solver


def _fit_all(values: Array, shape: tuple[int, int, int]) -> tuple[Array, Array]:
    """Fit every column of values as :func:`_fit_terms` does, all pixels with the same weight."""
    middle = values.mean(axis=0)
    return middle, _solver(*shape) @ (values - middle)


def _fit_terms(basis: Array, values: Array, weights: Array) -> tuple[Array, Array]:
    """Fit every column of values by least squares; few pixels bend the surface little.

    Returns:
        The middle of each column, and the factor of each term.
    """
    import cv2

    weighted = basis * weights[:, np.newaxis]
    normal = weighted.T @ basis + _STIFFNESS * len(values)
    middle = weights @ values / max(float(weights.sum()), 1.0)
    _, factors = cv2.solve(normal, weighted.T @ (values - middle), flags=cv2.DECOMP_CHOLESKY)
    return middle, factors


def _at(basis: Array, terms: tuple[Array, Array]) -> Array:
    """Give a fitted surface at the pixels of a basis."""
    middle, factors = terms
    surface: Array = basis @ factors + middle
    return surface

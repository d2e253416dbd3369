"""How a hand differs from another and from itself: slant, turn, proportions, and strokes that wander.

Strokes wander as in P. Simard, D. Steinkraus and J. Platt, "Best Practices for Convolutional Neural Networks Applied to
Visual Document Analysis", ICDAR 2003: each pixel is displaced by a random field that a Gaussian has smoothed.
"""

import numpy as np

from scribal.data.augmentation.tiles import Floats, apart, place, tall
from scribal.data.dataset import Array

__all__ = ["ENLARGED", "redraw"]

ENLARGED = 64  # pixels: 32 of the old ones at twice their size, so that a turned character stays inside
_SIDE = 28
_FACTOR = 2
_TURN, _FURTHEST_TURN = 8.0, 32.0  # degrees: standard deviation, most
_SLANT, _FURTHEST_SLANT = 0.17, 0.5
_PROPORTION = 0.13  # standard deviation of the logarithm of width to height
_SMOOTHING = (3.0, 4.0, 5.0, 7.0)  # pixels, standard deviation of the Gaussian
_WANDERING = 1.3  # pixels, most of the root of the mean square
_ROUGH_SMOOTHING, _ROUGH, _ROUGH_SHARE = 1.0, 0.7, 0.08  # trembling hands, rough paper


def redraw(characters: Array, generator: np.random.Generator, *, amount: float = 1.0) -> Array:
    """Draw characters by another hand, at twice their size.

    Args:
        characters: uint8 of shape (n, 28, 28), light ink on dark ground.
        generator: Decides what is random.
        amount: How much of every change: 0 only enlarges.

    Returns:
        uint8 of shape (n, 64, 64).
    """
    count = len(characters)
    turn = np.deg2rad(np.clip(_TURN * generator.standard_normal(count), -_FURTHEST_TURN, _FURTHEST_TURN))
    slant = np.clip(_SLANT * generator.standard_normal(count), -_FURTHEST_SLANT, _FURTHEST_SLANT)
    stretch = np.exp(0.5 * _PROPORTION * generator.standard_normal(count))
    cosine, sine = np.cos(amount * turn), np.sin(amount * turn)
    # From a new place back to the old one: turned, slanted, stretched.
    to_column = np.stack([cosine * stretch, (sine + amount * slant) * stretch], axis=1)
    to_row = np.stack([-sine / stretch, cosine / stretch], axis=1)
    grid = ((np.arange(ENLARGED) + 0.5) / _FACTOR - ENLARGED / (2 * _FACTOR)).astype(np.float32)
    middle = np.float32((_SIDE - 1) / 2)

    def old_places(factors: Array) -> Floats:
        along, down = factors.astype(np.float32).T[:, :, None, None]
        places: Floats = middle + along * grid[None, None, :] + down * grid[None, :, None]
        return places

    columns, rows = old_places(to_column), old_places(to_row)
    wander_columns, wander_rows = _wandering(count, generator, amount)
    columns += wander_columns
    rows += wander_rows
    return place(characters, columns, rows, cubic=True)


def _wandering(count: int, generator: np.random.Generator, amount: float) -> tuple[Floats, Floats]:
    """Smooth random displacements in old pixels, of shape (n, 64, 64) along both axes."""
    import cv2

    is_rough = generator.random() < _ROUGH_SHARE
    smoothing = _ROUGH_SMOOTHING if is_rough else float(generator.choice(_SMOOTHING))
    noise = generator.standard_normal((2 * count, ENLARGED // _FACTOR, ENLARGED // _FACTOR), dtype=np.float32)
    smooth = cv2.GaussianBlur(tall(noise), (0, 0), smoothing, borderType=cv2.BORDER_REFLECT)
    # White noise of deviation 1, smoothed in two dimensions, keeps a deviation of 1 / (2 sqrt(pi) sigma).
    smooth = smooth * np.float32(2 * np.sqrt(np.pi) * smoothing)
    most = _ROUGH if is_rough else _WANDERING
    amounts = (amount * most * generator.random(count, dtype=np.float32))[:, None, None]
    fine = cv2.resize(smooth, None, fx=_FACTOR, fy=_FACTOR, interpolation=cv2.INTER_LINEAR)
    columns, rows = np.split(apart(fine, 2 * count), 2)
    return columns * amounts, rows * amounts

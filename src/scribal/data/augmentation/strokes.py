"""What a pen makes of a stroke: thick or thin, hard-edged, interrupted where it runs dry, or only its outline."""

from collections.abc import Callable

import numpy as np

from scribal.data.augmentation.tiles import apart, tall
from scribal.data.dataset import Array

__all__ = ["change_pen"]

_WHITE = 255
_PARTS = 4  # a group is written with so many pens
_PEN_SHARES = {"as it is": 0.3, "thicker": 0.3, "thinner": 0.22, "hard": 0.08, "dry": 0.05, "outline": 0.05}
_THICK = (3, 3, 5, 5, 7)  # pixels at twice the size
_LEAST_INK = 40


def change_pen(large: Array, generator: np.random.Generator) -> Array:
    """Write characters with other pens.

    Args:
        large: uint8 of shape (n, height, width), at twice their size; changed in place.
        generator: Decides what is random.

    Returns:
        ``large``.
    """
    names, shares = list(_PEN_SHARES), np.array(list(_PEN_SHARES.values()))
    for part in np.array_split(np.arange(len(large)), _PARTS):
        if not len(part):
            continue
        pen = names[int(generator.choice(len(names), p=shares / shares.sum()))]
        if pen != "as it is":
            chosen = slice(int(part[0]), int(part[-1]) + 1)
            large[chosen] = _PENS[pen](large[chosen], generator)
    return large


def _thicker(large: Array, generator: np.random.Generator) -> Array:
    import cv2

    size = int(generator.choice(_THICK))
    wide = cv2.dilate(tall(large), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    return _mixed(large, apart(wide, len(large)), float(generator.uniform(0.3, 1)))


def _thinner(large: Array, generator: np.random.Generator) -> Array:
    import cv2

    element = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    narrow = cv2.erode(tall(large), element, iterations=int(generator.integers(1, 3)))
    mixed = _mixed(large, apart(narrow, len(large)), float(generator.uniform(0.4, 1)))
    # Where nothing is left of a stroke that was thin already, it stays.
    most = mixed.max(axis=(1, 2), keepdims=True).astype(np.float32)
    full = mixed * (_WHITE / np.maximum(most, 1))
    return np.where(most >= _LEAST_INK, full, large).astype(np.uint8)


def _hard(large: Array, generator: np.random.Generator) -> Array:
    level = int(generator.integers(60, 180))
    return np.where(large > level, _WHITE, 0).astype(np.uint8)


def _dry(large: Array, generator: np.random.Generator) -> Array:
    """Ink is missing in patches, as on rough paper or where the pen ran dry."""
    import cv2

    patches = generator.standard_normal(large.shape, dtype=np.float32)
    smoothing = float(generator.uniform(0.8, 2.5))
    smooth = cv2.GaussianBlur(tall(patches), (0, 0), smoothing) * np.float32(2 * np.sqrt(np.pi) * smoothing)
    keeps = np.clip(apart(smooth, len(large)) * 2 + float(generator.uniform(1.2, 3.5)), 0, 1)
    return (large * keeps).astype(np.uint8)


def _outline(large: Array, generator: np.random.Generator) -> Array:
    """Hollow characters, and strokes of felt pens that are darkest at their edges."""
    import cv2

    size = int(generator.choice((3, 5)))
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    wide = cv2.dilate(tall(large), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    edges = cv2.morphologyEx(wide, cv2.MORPH_GRADIENT, element)
    return _mixed(large, apart(edges, len(large)), float(generator.uniform(0.7, 1)))


def _mixed(first: Array, second: Array, share: float) -> Array:
    import cv2

    mixed: Array = cv2.addWeighted(tall(first), 1 - share, tall(second), share, 0).reshape(first.shape)
    return mixed


_PENS: dict[str, Callable[[Array, np.random.Generator], Array]] = {
    "thicker": _thicker,
    "thinner": _thinner,
    "hard": _hard,
    "dry": _dry,
    "outline": _outline,
}

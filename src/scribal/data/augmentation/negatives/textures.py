"""What never was writing: blanks, noise, clouds, blobs, boxes, stripes, silhouettes."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scribal.data.augmentation.negatives.drawing import blank
from scribal.data.augmentation.placement import SIDE
from scribal.data.augmentation.tiles import Floats
from scribal.data.dataset import Array

__all__ = ["TEXTURES", "textures"]

TEXTURES = "blanks, noise, blobs and textures"


def textures(count: int, generator: np.random.Generator) -> Array:
    """Make pictures that show no writing, uint8 of shape (count, 28, 28)."""
    chosen = generator.integers(0, len(_KINDS), count)
    return np.stack([_KINDS[int(number)](generator) for number in chosen])


def _even(generator: np.random.Generator) -> Array:
    """Nothing at all, one level, or one that rises slowly."""
    picture = blank()
    kind = generator.random()
    if kind < 0.3:  # noqa: PLR2004 (nothing)
        return picture
    picture += np.uint8(generator.integers(0, 256))
    if kind < 0.6:  # noqa: PLR2004 (one level)
        return picture
    angle = generator.uniform(0, 2 * np.pi)
    along = np.linspace(-1, 1, SIDE)
    slope = np.cos(angle) * along[None, :] + np.sin(angle) * along[:, None]
    return _levels(generator.uniform(0, 1) + generator.uniform(0.1, 0.6) * slope)


def _noise(generator: np.random.Generator) -> Array:
    if generator.random() < 0.5:  # noqa: PLR2004 (dots)
        return np.where(generator.random((SIDE, SIDE)) < generator.uniform(0.02, 0.6), 255, 0).astype(np.uint8)
    return _levels(generator.uniform(0, 0.7) + generator.uniform(0.05, 0.5) * generator.standard_normal((SIDE, SIDE)))


def _field(generator: np.random.Generator, smoothing: float) -> Floats:
    import cv2

    noise = generator.standard_normal((SIDE, SIDE), dtype=np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), smoothing, borderType=cv2.BORDER_REFLECT)
    field: Floats = smooth / np.float32(max(float(smooth.std()), 1e-6))
    return field


def _clouds(generator: np.random.Generator) -> Array:
    """Noise of several sizes, the large ones strongest (K. Perlin, SIGGRAPH 1985)."""
    octaves = np.sum([_field(generator, smoothing) * smoothing for smoothing in (0.7, 1.5, 3.0, 6.0)], axis=0)
    return _levels(generator.uniform(0, 0.7) + generator.uniform(0.02, 0.08) * octaves)


def _blobs(generator: np.random.Generator) -> Array:
    """Where smooth noise is high, with soft or hard edges."""
    field = _field(generator, generator.uniform(1.2, 5)) - generator.uniform(-0.5, 1.2)
    return _levels(field * generator.uniform(1, 20))


def _silhouette(generator: np.random.Generator) -> Array:
    """A filled shape, mostly the same on both sides, with a texture in it."""
    field = _field(generator, generator.uniform(2.5, 5))
    if generator.random() < 0.7:  # noqa: PLR2004 (the same on both sides)
        field = field + field[:, ::-1]
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    height, width = generator.uniform(0.4, 1, 2)
    round_or_square = generator.choice((2, 4, 8))
    inside = 1 - np.abs(rows / height) ** round_or_square - np.abs(columns / width) ** round_or_square
    shape = np.clip((inside + 0.35 * field) * 4, 0, 1)
    fill = generator.uniform(0.3, 1) + 0.2 * generator.random() * _field(generator, generator.uniform(0.5, 2))
    return _levels(shape * fill)


def _box(generator: np.random.Generator) -> Array:
    """Boxes, full or as frames, one to three of them."""
    import cv2

    picture = blank()
    for _ in range(int(generator.integers(1, 4))):
        # Narrower ones would be ones.
        size = generator.integers(9, SIDE - 2, 2)
        left, top = generator.integers(1, SIDE - size)
        thickness = -1 if generator.random() < 0.5 else int(generator.integers(1, 4))  # noqa: PLR2004
        corners = (int(left), int(top)), (int(left + size[0]), int(top + size[1]))
        cv2.rectangle(picture, *corners, int(generator.integers(90, 256)), thickness)
    return picture


def _ellipse(generator: np.random.Generator) -> Array:
    """A filled round: a dot, a stain, a ball."""
    import cv2

    picture = blank()
    middle = generator.integers(9, 19, 2)
    axes = generator.integers(5, 13) * generator.uniform(0.6, 1, 2)
    turn = float(generator.uniform(0, 180))
    place, size = (int(middle[0]), int(middle[1])), (int(axes[0]), int(axes[1]))
    cv2.ellipse(picture, place, size, turn, 0, 360, int(generator.integers(120, 256)), -1, cv2.LINE_AA)
    return picture


def _stripes(generator: np.random.Generator) -> Array:
    angle, period = generator.uniform(0, np.pi), generator.uniform(2.5, 12)
    grid = np.arange(SIDE)
    wave = np.sin((np.cos(angle) * grid[None, :] + np.sin(angle) * grid[:, None]) * 2 * np.pi / period)
    if generator.random() < 0.4:  # noqa: PLR2004 (checked)
        other = generator.uniform(2.5, 12)
        wave = wave * np.sin((np.cos(angle) * grid[:, None] - np.sin(angle) * grid[None, :]) * 2 * np.pi / other)
    return _levels(generator.uniform(0.2, 0.6) + generator.uniform(0.2, 3) * wave)


def _levels(values: npt.NDArray[np.floating]) -> Array:
    levels: Array = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return levels


_KINDS: tuple[Callable[[np.random.Generator], Array], ...] = (
    _even,
    _noise,
    _clouds,
    _blobs,
    _silhouette,
    _silhouette,
    _box,
    _ellipse,
    _stripes,
)

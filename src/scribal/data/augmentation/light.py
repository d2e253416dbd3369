"""What a camera and light make of a character: faint ink, uneven ground, blur, noise, and what JPEG leaves."""

from collections.abc import Callable

import numpy as np

from scribal.data.augmentation.tiles import Floats, apart, tall
from scribal.data.dataset import Array

__all__ = ["photograph"]

_WHITE = np.float32(255)
_PARTS = 8  # a group is taken in so many pictures
_UNTOUCHED = 0.5  # share of the pictures that show a character as it is
_SHARES = {
    "faint": 0.24,
    "ground": 0.16,
    "blur": 0.2,
    "motion": 0.08,
    "grain": 0.18,
    "dots": 0.1,
    "banded": 0.06,
    "jpeg": 0.2,
}
_COLUMNS = 4  # characters side by side in a JPEG picture


def photograph(small: Array, generator: np.random.Generator) -> Array:
    """Take pictures of characters.

    Args:
        small: uint8 of shape (n, 28, 28); changed in place.
        generator: Decides what is random.

    Returns:
        ``small``.
    """
    for part in np.array_split(np.arange(len(small)), _PARTS):
        if not len(part) or generator.random() < _UNTOUCHED:
            continue
        chosen = slice(int(part[0]), int(part[-1]) + 1)
        taken = small[chosen].astype(np.float32) / _WHITE
        for name, share in _SHARES.items():
            if generator.random() < share:
                taken = _CHANGES[name](taken, generator)
        small[chosen] = np.rint(taken.clip(0, 1) * _WHITE)
    return small


def _each(generator: np.random.Generator, count: int, low: float, high: float) -> Floats:
    """A number for each picture, of shape (n, 1, 1)."""
    numbers: Floats = generator.uniform(low, high, (count, 1, 1)).astype(np.float32)
    return numbers


def _faint(taken: Floats, generator: np.random.Generator) -> Floats:
    """Weak strokes, a gamma of another camera, and a ground that is not black."""
    count = len(taken)
    strength, gamma = _each(generator, count, 0.25, 1), _each(generator, count, 0.5, 1.8)
    ground = _each(generator, count, -0.25, 0.5).clip(0)
    faint: Floats = ground + strength * taken**gamma
    return faint


def _ground(taken: Floats, generator: np.random.Generator) -> Floats:
    """Light that is uneven over the paper, in two sizes."""
    uneven = _clouds(taken.shape, generator, float(generator.uniform(3, 9)))
    uneven += 0.5 * _clouds(taken.shape, generator, float(generator.uniform(1, 3)))
    amount = _each(generator, len(taken), 0.05, 0.45)
    ground = np.maximum(amount * (uneven + _each(generator, len(taken), 0, 1)), 0)
    share = _each(generator, len(taken), 0.5, 1)
    lit: Floats = share * taken + ground * (1 - 0.5 * taken)
    return lit


def _clouds(shape: tuple[int, ...], generator: np.random.Generator, smoothing: float) -> Floats:
    import cv2

    noise = generator.standard_normal(shape, dtype=np.float32)
    smooth = cv2.GaussianBlur(tall(noise), (0, 0), smoothing, borderType=cv2.BORDER_REFLECT)
    return apart(smooth, shape[0]) * np.float32(2 * np.sqrt(np.pi) * smoothing)


def _blur(taken: Floats, generator: np.random.Generator) -> Floats:
    import cv2

    blurred = cv2.GaussianBlur(tall(taken), (0, 0), float(generator.uniform(0.3, 1.5)))
    return _stretched(apart(blurred, len(taken)), generator)


def _motion(taken: Floats, generator: np.random.Generator) -> Floats:
    import cv2

    length, angle = int(generator.integers(3, 9)), generator.uniform(0, np.pi)
    kernel = np.zeros((9, 9), np.float32)
    reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    first, last = np.rint(4 - reach).astype(int), np.rint(4 + reach).astype(int)
    cv2.line(kernel, (int(first[0]), int(first[1])), (int(last[0]), int(last[1])), 1.0)
    blurred = cv2.filter2D(tall(taken), -1, kernel / kernel.sum())
    return _stretched(apart(blurred, len(taken)), generator)


def _stretched(blurred: Floats, generator: np.random.Generator) -> Floats:
    """Bring half of the pictures back to full ink, as reading does."""
    if generator.random() < 0.5:  # noqa: PLR2004 (a half)
        return blurred
    most = blurred.max(axis=(1, 2), keepdims=True)
    full: Floats = blurred / np.maximum(most, np.float32(0.1))
    return full


def _grain(taken: Floats, generator: np.random.Generator) -> Floats:
    """Noise of a sensor, part of it in proportion to the root of the light."""
    noise = generator.standard_normal(taken.shape, dtype=np.float32)
    even, rooted = _each(generator, len(taken), 0, 0.18), _each(generator, len(taken), 0, 0.35)
    grainy: Floats = taken + noise * (even + rooted * np.sqrt(taken.clip(0)))
    return grainy


def _dots(taken: Floats, generator: np.random.Generator) -> Floats:
    """Dots of full ink and of none, each pixel on its own or in little squares."""
    size = int(generator.choice((1, 1, 2)))
    cells = generator.random((len(taken), 28 // size, 28 // size), dtype=np.float32).repeat(size, 1).repeat(size, 2)
    share = _each(generator, len(taken), 0.01, 0.22 / size)
    return np.where(cells < share / 2, np.float32(1), np.where(cells > 1 - share / 2, np.float32(0), taken))


def _banded(taken: Floats, generator: np.random.Generator) -> Floats:
    """What lies beside the paper comes into the picture, or the light falls on only a part of it."""
    side = taken.shape[1]
    picture = taken.copy()
    inverts, level = generator.random() < 0.5, float(generator.uniform(0.3, 1))  # noqa: PLR2004 (a half)
    for index, widths in enumerate(generator.integers(-6, 10, (len(taken), 4))):
        left, right, top, bottom = np.maximum(widths, 0)
        band = np.zeros((side, side), dtype=bool)
        band[:, :left], band[:, side - right :] = True, True
        # Not all four sides: that would be a frame.
        if generator.random() < 0.4:  # noqa: PLR2004
            band[:top] = True
        elif generator.random() < 0.4:  # noqa: PLR2004
            band[side - bottom :] = True
        picture[index][band] = 1 - picture[index][band] if inverts else np.maximum(picture[index][band], level)
    return picture


def _jpeg(taken: Floats, generator: np.random.Generator) -> Floats:
    import cv2

    count, side = taken.shape[:2]
    rows = -(-count // _COLUMNS)
    sheet = np.zeros((rows * _COLUMNS, side, side), np.uint8)
    sheet[:count] = np.rint(taken.clip(0, 1) * _WHITE)
    picture = sheet.reshape(rows, _COLUMNS, side, side).swapaxes(1, 2).reshape(rows * side, _COLUMNS * side)
    is_dark_on_light = generator.random() < 0.5  # noqa: PLR2004 (a half)
    quality = int(generator.integers(12, 70))
    _, code = cv2.imencode(".jpg", 255 - picture if is_dark_on_light else picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE))
    decoded = 255 - decoded if is_dark_on_light else decoded
    characters = decoded.reshape(rows, side, _COLUMNS, side).swapaxes(1, 2).reshape(-1, side, side)[:count]
    return characters.astype(np.float32) / _WHITE


_CHANGES: dict[str, Callable[[Floats, np.random.Generator], Floats]] = {
    "faint": _faint,
    "ground": _ground,
    "blur": _blur,
    "motion": _motion,
    "grain": _grain,
    "dots": _dots,
    "banded": _banded,
    "jpeg": _jpeg,
}

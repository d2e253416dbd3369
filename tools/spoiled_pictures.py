"""Pictures of one digit that are spoiled in exactly one way, to see whether the photo doctor names it.

A digit of MNIST, enlarged eight times, is as well prepared as a picture can be. ``SPOILED`` lists the ways in which
people's pictures differ from it; each changes one thing, as far as that goes.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["SPOILED", "Spoiled", "prepared", "save"]

Array = NDArray[np.uint8]

_TIMES = 8  # pixels of the picture for each of the digit's
_SIDE = 28 * _TIMES
_TURNED = 6  # the EXIF orientation of a telephone held upright
_ORIENTATION = 0x0112
_INK = 100  # levels
_RIDGE = 2  # pixels from a stroke's edge at least


@dataclass(frozen=True)
class Spoiled:
    """One way to spoil a picture.

    Attributes:
        name: Of the way.
        finding: What the doctor should name; empty where nothing is wrong.
        make: From a prepared picture, uint8 of shape (224, 224), a second one and a generator to the spoiled picture.
    """

    name: str
    finding: str
    make: Callable[[Array, Array, np.random.Generator], Image.Image]


def prepared(digit: Array) -> Array:
    """Enlarge a digit of MNIST: uint8 of shape (224, 224), light on dark."""
    return cv2.resize(digit, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def save(image: Image.Image) -> bytes:
    """Give the content of a picture's PNG file, with its camera's orientation."""
    content = io.BytesIO()
    image.save(content, "PNG", exif=image.getexif())
    return content.getvalue()


def _image(values: NDArray[np.floating] | Array) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _warped(picture: Array, turn: float = 0, scale: float = 1, across: float = 0, down: float = 0) -> Array:
    matrix = cv2.getRotationMatrix2D((_SIDE / 2, _SIDE / 2), turn, scale)
    matrix[:, 2] += np.array([across * _TIMES, down * _TIMES])
    return cv2.warpAffine(picture, matrix, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR).astype(np.uint8)


def _off_centre(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    """Move the digit as far as its margins go, at least four pixels of 28."""
    side = generator.integers(2)
    rows, columns = np.flatnonzero(picture.max(axis=1) > _INK), np.flatnonzero(picture.max(axis=0) > _INK)
    left, right = int(columns[0]), _SIDE - 1 - int(columns[-1])
    top, bottom = int(rows[0]), _SIDE - 1 - int(rows[-1])
    across = (right if side else -left) * 0.85 / _TIMES
    down = (bottom if generator.integers(2) else -top) * 0.85 / _TIMES
    return _image(_warped(picture, across=across, down=down))


def _shadow(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    """Light from one side: the ground grows from black to grey."""
    angle = generator.uniform(0, 2 * np.pi)
    down, across = np.mgrid[-1 : 1 : _SIDE * 1j, -1 : 1 : _SIDE * 1j]
    light = 55 * (1 + np.clip(np.cos(angle) * across + np.sin(angle) * down, -1, 1))
    return _image(light + picture * (1 - light / 255))


def _transparent(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:  # noqa: ARG001
    white = np.full_like(picture, 255)
    return Image.fromarray(np.dstack([white, white, white, picture]))


def _turned(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:  # noqa: ARG001
    image = Image.fromarray(np.ascontiguousarray(np.rot90(picture)))
    image.getexif()[_ORIENTATION] = _TURNED
    return image


def _cut_off(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    """Crop a fifth to a third of the digit's height away, at its top or foot, and half of the margin at its sides."""
    rows = np.flatnonzero(picture.max(axis=1) > _INK)
    lost = round(len(rows) * generator.uniform(0.2, 0.33))
    kept = picture[int(rows[0]) + lost :] if generator.integers(2) else picture[: int(rows[-1]) - lost]
    trimmed = (_SIDE - len(kept)) // 2
    return _image(kept[:, trimmed : trimmed + len(kept)])


def _touching(picture: Array, other: Array, generator: np.random.Generator) -> Image.Image:  # noqa: ARG001
    """Two digits side by side that overlap a little."""
    first, second = picture > _INK, other > _INK
    last = int(np.flatnonzero(first.any(axis=0))[-1])
    start = int(np.flatnonzero(second.any(axis=0))[0])
    both = np.zeros((_SIDE, 2 * _SIDE), dtype=np.uint8)
    both[:, :_SIDE] = picture
    for left in range(last - start + _TIMES, 0, -1):
        if (first[:, left:] & second[:, : _SIDE - left]).sum() > _TIMES:
            break
    both[:, left : left + _SIDE] = np.maximum(both[:, left : left + _SIDE], other)
    whole = both[:, : left + _SIDE]
    margin = (max(whole.shape) - whole.shape[0]) // 2
    return _image(np.pad(whole, ((margin, margin), (0, 0))))


def _coloured(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    ink = np.array(((255, 190, 90), (120, 220, 255), (255, 175, 195))[generator.integers(3)])
    return _image(picture[..., None] / 255 * ink)


def _ridge(picture: Array) -> Array:
    """The middle lines of strokes."""
    distance = cv2.distanceTransform((picture > _INK).astype(np.uint8), cv2.DIST_L2, 5)
    peaks = (distance >= cv2.dilate(distance, np.ones((3, 3))) - 0.6) & (distance > _RIDGE)
    return peaks.astype(np.uint8)


def _thin(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:  # noqa: ARG001
    lines = cv2.dilate(cv2.morphologyEx(_ridge(picture), cv2.MORPH_CLOSE, np.ones((9, 9))), np.ones((5, 5)))
    return _image(np.asarray(cv2.GaussianBlur(lines * 255.0, (0, 0), 1.5), dtype=np.float64))


def _thick(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:  # noqa: ARG001
    wide = cv2.dilate(picture, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (35, 35)))
    return _image(_warped(np.asarray(wide, dtype=np.uint8), scale=20 / (20 + 34 / _TIMES)))


def _stretched(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    margin = (0, _SIDE // 2) if generator.integers(2) else (_SIDE // 2, 0)
    return _image(np.pad(picture, ((margin[0], margin[0]), (margin[1], margin[1]))))


def _ruled(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    lines = np.zeros((_SIDE, _SIDE))
    step = 5 * _TIMES
    for place in range(int(generator.integers(step // 4, step)), _SIDE, step):
        lines[place : place + 3] = 110
        if generator.integers(2):
            lines[:, place : place + 3] = 110
    return _image(np.maximum(picture, lines))


def _clutter(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    """Remains of a neighbour at one side."""
    spoiled = picture.copy()
    column = int(generator.choice([4, _SIDE - 12]))
    top = int(generator.integers(10, _SIDE // 2))
    cv2.line(spoiled, (column, top), (column + 8, top + 70), 255, 14, cv2.LINE_AA)
    return _image(spoiled)


def _noise(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    return _image(picture + generator.normal(0, 35, picture.shape))


def _tilted(picture: Array, _: Array, generator: np.random.Generator) -> Image.Image:
    return _image(_warped(picture, turn=float(generator.choice([-1, 1]) * generator.uniform(35, 50))))


SPOILED = (
    Spoiled("nothing", "", lambda picture, *_: _image(picture)),
    Spoiled("inverted", "inverted", lambda picture, *_: _image(255 - picture)),
    Spoiled("transparent", "transparent", _transparent),
    Spoiled("turned", "turned", _turned),
    Spoiled("stretched", "stretched", _stretched),
    Spoiled("small", "small", lambda picture, *_: _image(_warped(picture, scale=0.5))),
    Spoiled("large", "large", lambda picture, *_: _image(_warped(picture, scale=1.22))),
    Spoiled("off-centre", "off-centre", _off_centre),
    Spoiled("cut off", "cut off", _cut_off),
    Spoiled("tilted", "tilted", _tilted),
    Spoiled("faint", "faint", lambda picture, *_: _image(picture * 0.25)),
    Spoiled("uneven light", "uneven light", _shadow),
    Spoiled("noise", "noise", _noise),
    Spoiled("blurred", "blurred", lambda picture, *_: _image(cv2.GaussianBlur(picture, (0, 0), 2.0 * _TIMES))),
    Spoiled("coloured", "coloured", _coloured),
    Spoiled("thin", "thin", _thin),
    Spoiled("thick", "thick", _thick),
    Spoiled("ruled", "ruled", _ruled),
    Spoiled("other marks", "other marks", _clutter),
    Spoiled("touching", "touching", _touching),
    Spoiled(
        "coarse", "coarse", lambda picture, *_: _image(cv2.resize(picture, (18, 18), interpolation=cv2.INTER_AREA))
    ),
    Spoiled("blank", "blank", lambda picture, *_: _image(np.zeros_like(picture))),
)

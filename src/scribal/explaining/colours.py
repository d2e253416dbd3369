"""Numbers as colours: grey where all are above zero, two colours around white where zero lies between.

Blue and vermilion are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart for every common form
of colour blindness.
"""

import math

import numpy as np
import numpy.typing as npt

from scribal.explaining.image_network import Array

__all__ = ["Pixels", "as_pixels", "coloured", "fixed_texts", "framed", "scale_text", "signed", "with_ink"]

Pixels = npt.NDArray[np.uint8]

_FOR = np.array([213, 94, 0], np.float32)
_AGAINST = np.array([0, 114, 178], np.float32)
_WHITE = 255.0
_INK_SHADE = 0.35
_FRAME = (213, 94, 0)
_GREY_AXES = 2
_MOST_DECIMALS = 6
_SCIENTIFIC = (1e-2, 1e4)


def coloured(values: Array, low: float, high: float) -> Pixels:
    """Numbers of shape (height, width) as a picture, on the scale of a whole layer.

    Args:
        values: The numbers.
        low: The layer's smallest. If no number is below 0, 0 is black and ``high`` white; else 0 is white.
        high: The layer's largest.
    """
    if low < 0:
        return signed(values, max(-low, high))
    shade = values / high if high > 0 else np.zeros_like(values)
    return _rounded(_WHITE * np.clip(shade, 0, 1))


def signed(values: Array, largest: float) -> Pixels:
    """Numbers of any shape as colours, shape (…, 3): white at 0, vermilion at ``largest``, blue at its opposite."""
    share = np.clip(values / largest if largest > 0 else np.zeros_like(values), -1, 1)[..., np.newaxis]
    ends = np.where(share >= 0, _FOR, _AGAINST)
    return _rounded(_WHITE + (ends - _WHITE) * np.abs(share))


def with_ink(colours: Pixels, picture: Array) -> Pixels:
    """Colours (height, width, 3) with a picture's ink as a shade over them, so that one sees where they lie."""
    ink = as_pixels(picture).astype(np.float32).reshape(*picture.shape[:2], -1).max(axis=-1, keepdims=True) / _WHITE
    return _rounded(colours * (1 - _INK_SHADE * ink))


def as_pixels(picture: Array) -> Pixels:
    """Raw pixels as uint8, a single channel dropped; numbers beyond 0 to 255 are cut off."""
    pixels = picture[..., 0] if picture.ndim > _GREY_AXES and picture.shape[-1] == 1 else picture
    return _rounded(np.clip(pixels, 0, _WHITE))


def framed(pixels: Pixels, rows: tuple[int, int], columns: tuple[int, int], times: int) -> Pixels:
    """A picture enlarged so many times, with a frame around some of its pixels.

    Args:
        pixels: Shape (height, width) or (height, width, 3).
        rows: The first row of the frame, and the one behind its last; may lie outside.
        columns: The same of the columns.
        times: How many pixels, along each side, each pixel becomes.
    """
    colours = np.repeat(pixels[..., np.newaxis], 3, axis=-1) if pixels.ndim == _GREY_AXES else pixels
    large = colours.repeat(times, axis=0).repeat(times, axis=1)
    height, width = large.shape[:2]
    top, bottom = (min(max(row * times, 0), height) for row in rows)
    left, right = (min(max(column * times, 0), width) for column in columns)
    edge = max(1, times // 4)
    inner = large[top + edge : bottom - edge, left + edge : right - edge].copy()
    large[top:bottom, left:right] = _FRAME
    large[top + edge : bottom - edge, left + edge : right - edge] = inner
    return large


def scale_text(value: float) -> str:
    """A number as legends and captions say it, in three digits."""
    if value == 0 or _SCIENTIFIC[0] <= abs(value) < _SCIENTIFIC[1]:
        text = f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.4g}"
    else:
        text = f"{value:.2e}"
    return text.replace("-", "−")  # noqa: RUF001 - a minus sign


def fixed_texts(values: Array) -> list[str]:
    """Numbers to be compared and added: all with as many decimals, three digits of the largest; whole ones without."""
    numbers = [float(value) for value in np.ravel(values)]
    largest = max(map(abs, numbers), default=0.0)
    is_whole = all(number.is_integer() for number in numbers)
    decimals = 0 if is_whole or not largest else min(max(2 - math.floor(math.log10(largest)), 0), _MOST_DECIMALS)
    texts = [f"{number:.{decimals}f}" for number in numbers]
    # What rounds to 0 has no sign.
    return [text.replace("-", "−") if float(text) else text.lstrip("-") for text in texts]  # noqa: RUF001


def _rounded(shades: Array) -> Pixels:
    return np.asarray(np.rint(shades), np.uint8)

"""Pillow's pictures of every mode as arrays of 8 bits: grey, or red, green and blue.

Pillow converts between its modes; here stands what it leaves to the caller: 16 bits, floats, and transparency.
"""

from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["to_colour", "to_grey"]

_FULL_16_BITS = 65_535
_MIDDLE = 128
_FULL = 255


def to_grey(image: "Image.Image") -> Array:
    """Give a picture as grey: ITU-R 601 luma, transparency laid on a ground, 16 bits scaled by their range.

    Returns:
        uint8 of shape (height, width).
    """
    deep = _deep_grey(image)
    if deep is not None:
        return deep
    if image.has_transparency_data:
        return _lay_on_ground(image.convert("RGBA"), "L")
    if image.mode == "LAB":  # its first band is the lightness
        return np.array(image.getchannel(0))
    if image.mode not in {"1", "L", "RGB"}:
        image = image.convert("RGB")
    return np.array(image.convert("L"))


def to_colour(image: "Image.Image") -> Array:
    """Give a picture in colours, by the rules of :func:`to_grey`; a grey one has three equal channels.

    Returns:
        uint8 of shape (height, width, 3): red, green, blue.
    """
    grey = to_grey(image) if image.mode == "LAB" else _deep_grey(image)
    if grey is not None:
        return np.repeat(grey[..., np.newaxis], 3, axis=-1)
    if image.has_transparency_data:
        return _lay_on_ground(image.convert("RGBA"), "RGB")
    return np.array(image.convert("RGB"))


def _deep_grey(image: "Image.Image") -> Array | None:
    """Scale what has more than 8 bits; ``None`` for what has 8."""
    if image.mode.startswith("I;16"):
        return _scale(np.asarray(image, dtype=np.float64), _FULL_16_BITS)
    if image.mode == "I":  # 16-bit PGM, and the rare TIFF of 32 bits, whose range is its own
        return _scale_freely(np.asarray(image, dtype=np.float64), _FULL_16_BITS)
    if image.mode == "F":
        return _scale_freely(np.asarray(image, dtype=np.float64), 1.0)
    return None


def _lay_on_ground(image: "Image.Image", mode: str) -> Array:
    """Lay a transparent picture on white, or on black if all that is opaque in it is light."""
    opaque = image.convert("RGB")
    alpha = np.asarray(image.getchannel("A"), dtype=np.uint16)
    solid = np.asarray(opaque.convert("L"))[alpha >= max(alpha.max() / 2, 1)]
    ground = 0 if solid.size and solid.min() >= _MIDDLE else _FULL
    if mode == "RGB":
        alpha = alpha[..., np.newaxis]
    # Products of two bytes, and what lies between them, fit into 16 bits.
    laid = np.asarray(opaque.convert(mode), dtype=np.uint16)
    laid *= alpha
    laid += ground * (_FULL - alpha) + _FULL // 2
    laid //= _FULL
    return laid.astype(np.uint8)


def _scale_freely(values: Array, expected: float) -> Array:
    """Scale by the expected range or, where the values leave it, by their own."""
    if not np.isfinite(values).all():
        raise ValueError("its pixels are not all finite numbers")
    low, high = values.min(), values.max()
    return _scale(values, expected) if low >= 0 and high <= expected else _scale(values - low, high - low)


def _scale(values: Array, full: float) -> Array:
    return np.rint(values * (255.0 / full)).clip(0, 255).astype(np.uint8)

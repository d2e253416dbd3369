"""The picture that is explained: as it came, and as the network gets it."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data import fit_image, read_image
from scribal.exceptions import ArgumentError, ModelError
from scribal.explaining.image_network import Array

__all__ = ["Picture", "picture_of"]

_COLOUR = 3


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        name: Its file, or ``"array"``.
        original: As it was read, grey, uint8 of shape (height, width); ``None`` where it is used as it came.
        pixels: Raw pixels as the network gets them, shape (height, width, channels).
        notes: What has to be known of it; empty for most.
    """

    name: str
    original: Array | None
    pixels: Array
    notes: tuple[str, ...] = ()


def picture_of(image: Any, shape: tuple[int, int, int]) -> Picture:
    """Read a picture for a network.

    Args:
        image: The path of a picture of one character, which is made as MNIST's are, light on dark, sized and centred;
            or an array of raw pixels, which is used as it is.
        shape: ``(height, width, channels)``; a grey picture stands in all channels of a colour network.

    Raises:
        ImageError: The file is no picture.
        ModelError: The array has another shape than the network takes.
        ArgumentError: It is neither.
    """
    height, width, channels = shape
    if isinstance(image, str | Path):
        original = read_image(image)
        fitted = fit_image(original, height, width)
        pixels = np.repeat(fitted[..., np.newaxis], channels, axis=-1)
        in_colour = ("The network takes colours: the grey picture stands in all three of them.",)
        notes = in_colour if channels == _COLOUR else ()
        is_changed = not np.array_equal(original, fitted)
        return Picture(str(image), original if is_changed else None, pixels, (*notes, *_blank(pixels)))
    pixels = _array(image)
    fits = pixels.shape in {shape, shape[:2]} if channels == 1 else pixels.shape == shape
    if not fits and pixels.shape != (math.prod(shape),):
        raise ModelError(
            f"A picture for this network must have the shape {shape}" + (f" or {shape[:2]}" if channels == 1 else ""),
            received=f"an array of shape {pixels.shape}",
            advice="Resize it, or give the path of a picture, which is brought to size",
        )
    pixels = pixels.reshape(shape)
    return Picture("array", None, pixels, _blank(pixels))


def _array(image: Any) -> Array:
    try:
        pixels = np.asarray(image)
    except ValueError:
        pixels = np.asarray(None)
    if pixels.dtype.kind not in "buif" or not pixels.size or not np.isfinite(pixels).all():
        raise ArgumentError(
            "A picture is given as the path of a file, or as an array of finite numbers",
            received=type(image).__name__,
            advice="Give a path, or raw pixels of shape (height, width)",
        )
    if pixels.dtype.kind == "f":
        return pixels.astype(np.float32)
    is_picture = pixels.min() >= 0 and pixels.max() <= np.iinfo(np.uint8).max
    return pixels.astype(np.uint8 if is_picture else np.float32)


def _blank(pixels: Array) -> tuple[str, ...]:
    return () if pixels.max() > 0 else ("Nothing is written on it.",)

"""Pictures inside a page, as ``data:`` addresses."""

import base64
import io
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scribal.exceptions import ArgumentError, RunError
from scribal.files import read_bytes

__all__ = ["Picture", "pixels_address", "png_picture", "svg_address"]

# Plots have 144 pixels to the inch, a browser 96: shown at most in their true size, at least at half of it.
_PIXELS_PER_CSS_PIXEL = 1.5
_PIXELS_PER_CSS_PIXEL_AT_LEAST = 3.0
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = slice(16, 24)
_GREY_AXES = 2
_COLOUR_AXES = 3


@dataclass(frozen=True)
class Picture:
    """A plot inside a page.

    Attributes:
        address: What ``src`` takes.
        width: In the plot's own pixels.
        height: In the plot's own pixels.
    """

    address: str
    width: int
    height: int

    @property
    def most_width(self) -> int:
        """The largest width at which it is shown, in CSS pixels."""
        return round(self.width / _PIXELS_PER_CSS_PIXEL)

    @property
    def least_width(self) -> int:
        """The smallest, in CSS pixels; on narrower screens it is scrolled."""
        return round(self.width / _PIXELS_PER_CSS_PIXEL_AT_LEAST)


def png_picture(path: Path) -> Picture:
    """Take a plot into a page.

    Raises:
        RunError: The file cannot be read, or is no PNG file.
    """
    rule, advice = (
        "Every plot of a report must be a file that can be read",
        "Draw it first, or leave it out of the report",
    )
    content = read_bytes(path, rule=rule, advice=advice, error=RunError)
    if not content.startswith(_PNG_SIGNATURE):
        raise RunError("Every plot of a report must be a PNG file", received=path, advice="Draw it again")
    width, height = struct.unpack(">II", content[_PNG_SIZE])
    return Picture(_data("image/png", content), width, height)


def pixels_address(pixels: NDArray[np.uint8], *, largest_side: int | None = None) -> str:
    """The address of a small picture, one pixel a number, such as a digit of MNIST: some 400 letters.

    Args:
        pixels: uint8, shape (height, width) for grey or (height, width, 3) for colour.
        largest_side: Larger pictures are made smaller, to so many pixels.

    Raises:
        ArgumentError: It has another type or shape.
    """
    from PIL import Image

    is_picture = pixels.ndim == _GREY_AXES or (pixels.ndim == _COLOUR_AXES and pixels.shape[-1] == _COLOUR_AXES)
    if pixels.dtype != np.uint8 or not is_picture:
        raise ArgumentError(
            "A picture's pixels must be uint8 of shape (height, width) or (height, width, 3)",
            received=f"{pixels.dtype} of shape {pixels.shape}",
            advice="Scale it to 0..255 and convert it",
        )
    file = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    if largest_side is not None:
        picture.thumbnail((largest_side, largest_side))
    picture.save(file, "PNG")
    return _data("image/png", file.getvalue())


def svg_address(drawing: str) -> str:
    """The address of a drawing: an ``<svg>`` element with its name space, which the page shows as a picture."""
    return _data("image/svg+xml", drawing.encode())


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64," + base64.b64encode(content).decode("ascii")

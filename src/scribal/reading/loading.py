"""A photo, scan or drawing becomes upright pages of colour, at a size that is worked with.

Digits that people write for a camera are far larger than what a telephone resolves. Photos are therefore reduced while
they are decoded, to pages whose long side has at most about ``WORKING_SIDE`` pixels; a page tells the factor that leads
back to the full size.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from scribal.data.dataset import Array
from scribal.data.images import decoding, open_content, open_picture
from scribal.data.pixels import to_colour
from scribal.exceptions import ArgumentError, ImageError
from scribal.reading.limits import Limits

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["WORKING_SIDE", "Page", "Source", "load_pages"]

WORKING_SIDE = 2_048
"""Pages with a longer side than this are reduced, in pixels."""

_REDUCED = 0.75  # of the working side: the least that is left where a whole number reduces
_LARGEST_FILE = 2**28
_CHANNELS = {1, 3, 4}

Source = str | PathLike[str] | bytes | BinaryIO | Array


@dataclass(frozen=True, eq=False)
class Page:
    """One picture, one page of a file of several, or one frame of an animation.

    Attributes:
        pixels: uint8 of shape (rows, columns, 3): red, green, blue; upright, transparency laid on a ground.
        name: The file's name, or what else it came from.
        number: Which page of its file this is, counted from 1.
        pages: How many the file has.
        size: Width and height of the upright picture in its full size, in pixels.
    """

    pixels: Array = field(repr=False)
    name: str
    number: int = 1
    pages: int = 1
    size: tuple[int, int] = (0, 0)

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the full size for each of ``pixels``: across, and down."""
        rows, columns = self.pixels.shape[:2]
        return self.size[0] / columns, self.size[1] / rows

    def box_in_full(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """Give a box of ``pixels``, (x, y, width, height), in pixels of the full size."""
        across, down = self.scale
        x, y, width, height = box
        left, top = round(x * across), round(y * down)
        right, bottom = round((x + width) * across), round((y + height) * down)
        return left, top, max(right - left, 1), max(bottom - top, 1)


def load_pages(source: Any, limits: Limits | None = None, side: int = WORKING_SIDE) -> Iterator[Page]:
    """Read every page of a picture's file, one after the other.

    Args:
        source: The path of a picture, the content of its file, an open binary file, or an array of uint8 of shape
            (rows, columns), or (rows, columns, channels) with 1, 3 or 4 of them: grey, RGB or RGBA.
        limits: The most pixels and pages.
        side: The longest side that a page may have before it is reduced.

    Yields:
        Its pages, at least one. Frames and pages of one file may differ in size.

    Raises:
        ImageError: The file is missing, empty, no picture or damaged.
        PixelLimitError: A page has too many pixels; found before they are decoded.
        PageLimitError: There are too many pages.
        MissingExtraError: It is a HEIC photo, and pillow-heif is not installed.
        ArgumentError: ``source`` is something else.
    """
    limits = limits or Limits()
    if isinstance(source, np.ndarray):
        yield _page_of_array(source, limits, side)
        return
    name, content = _open(source)
    with content:
        with decoding(name, limits.pixels):
            image = open_picture(content)
            limits.check_pixels(image.width, image.height, name)
            pages = int(getattr(image, "n_frames", 1))
        limits.check_pages(pages, name)
        for number in range(pages):
            with decoding(name, limits.pixels):
                image.seek(number)
                limits.check_pixels(image.width, image.height, name)
                page = _page(image, name, number + 1, pages, side)
            yield page


def _open(source: Any) -> tuple[str, BinaryIO]:
    if not hasattr(source, "read"):
        return open_content(bytes(source) if isinstance(source, bytearray | memoryview) else source)
    content = source.read(_LARGEST_FILE + 1)
    name = getattr(source, "name", None)
    name = name if isinstance(name, str) else "the open file"
    if not isinstance(content, bytes):
        raise ArgumentError(
            "A picture's file must be open for reading bytes",
            received=f"{name}, which gives {type(content).__name__}",
            advice='Open it with mode "rb"',
        )
    if len(content) > _LARGEST_FILE:
        raise ImageError(
            f"A picture's file must have at most {_LARGEST_FILE:,} bytes",
            received=f"{name}, which has more",
            advice="Check that this is a picture, or scale it down",
        )
    if not content:
        raise ImageError(
            "A picture must not be empty", received=f"{name}: 0 bytes", advice="Check what should come from there"
        )
    return name, io.BytesIO(content)


def _page(image: "Image.Image", name: str, number: int, pages: int, side: int) -> Page:
    from PIL import ImageOps

    full = image.size
    least = round(_REDUCED * side)
    if image.format == "JPEG":
        # The decoder leaves out what is not seen at half, a quarter or an eighth; it keeps at least what is asked for.
        image.draft(None, _fit(full, least))
    upright = ImageOps.exif_transpose(image)
    is_turned = (upright.width > upright.height) != (full[0] > full[1])
    size = (full[1], full[0]) if is_turned else full
    # Large pictures are reduced by a whole number first, which takes little memory whatever kind they are of.
    factor = max(upright.size) // least
    if factor > 1:
        upright = _reducible(upright).reduce(factor)
    return Page(_reduce(to_colour(upright), side), name, number, pages, size)


def _reducible(image: "Image.Image") -> "Image.Image":
    """Give a picture in a mode of which Pillow can take means."""
    if image.mode.startswith("I;16"):
        return image.convert("I")
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    factor = side / max(size)
    return max(1, int(size[0] * factor)), max(1, int(size[1] * factor))


def _reduce(pixels: Array, side: int) -> Array:
    import cv2

    rows, columns = pixels.shape[:2]
    if max(rows, columns) <= side:
        return pixels
    return cv2.resize(pixels, _fit((columns, rows), side), interpolation=cv2.INTER_AREA)


def _page_of_array(array: Array, limits: Limits, side: int) -> Page:
    from PIL import Image

    shape = array.shape
    has_axes = array.ndim == 2 or (array.ndim == 3 and shape[2] in _CHANNELS)  # noqa: PLR2004
    if array.dtype != np.uint8 or not has_axes or not array.size:
        raise ArgumentError(
            "A picture must be a uint8 array of shape (rows, columns) or (rows, columns, 1, 3 or 4)",
            received=f"{array.dtype} of shape {shape}",
            advice="Convert it: levels from 0 to 255, rows first, at least one pixel",
        )
    limits.check_pixels(shape[1], shape[0], "an array")
    image = Image.fromarray(array[..., 0] if array.ndim == 3 and shape[2] == 1 else array)  # noqa: PLR2004
    return Page(_reduce(to_colour(image), side), "an array", size=(shape[1], shape[0]))

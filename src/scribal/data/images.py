"""Picture files of many kinds read into one: grey, 8 bits, (height, width).

Pillow decodes; here stands what it leaves to the caller: limits checked before anything is decoded, transparency,
16 bits, the camera's rotation, and one kind of error for all the ways in which a file can be broken.
"""

import io
import os
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from scribal.data.dataset import Array
from scribal.data.sources import as_path, kind_of
from scribal.exceptions import ArgumentError, ImageError, MissingExtraError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["LARGEST_PICTURE", "read_image"]

LARGEST_PICTURE = 50_000_000
"""The most pixels that a picture may have; today's telephones take 12 to 50 million."""

_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "PPM")
_READABLE = "PNG, JPEG, WebP, BMP, TIFF, GIF, PPM, PGM or HEIC"
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"}
_FULL_16_BITS = 65_535
_MIDDLE = 128

# What Pillow's decoders raise at broken files. Each is one that its readers let through; none means a mistake here.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


def read_image(source: str | os.PathLike[str] | bytes) -> Array:
    """Read a picture as grey.

    Colours become ITU-R 601 luma. A transparent picture is laid on white, or on black if all that is opaque in it is
    light, which would vanish on white. 16 bits are scaled by the range of their type. The camera's EXIF rotation is
    applied. Of an animation the first frame is read.

    Args:
        source: The path of a picture, or the content of its file.

    Returns:
        uint8 of shape (height, width), 0 black and 255 white, dark and light as in the picture.

    Raises:
        ImageError: The file is missing, empty, no picture, damaged, or has more than ``LARGEST_PICTURE`` pixels; the
            last is found before the pixels are decoded.
        MissingExtraError: It is a HEIC photo, and pillow-heif is not installed.
        ArgumentError: ``source`` is neither a path nor bytes.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    name, content = _open(source)
    with warnings.catch_warnings(), content:
        warnings.simplefilter("ignore")  # Pillow warns of size and of odd metadata; size is checked below
        try:
            with Image.open(content, formats=_formats(content)) as image:
                if image.width * image.height > LARGEST_PICTURE:
                    raise _too_large(name, f"{image.width}x{image.height} pixels")
                upright = ImageOps.exif_transpose(image)
                return _to_grey(upright)
        except Image.DecompressionBombError as error:
            raise _too_large(name, "even more, by its header") from error
        except (ImageError, MissingExtraError):
            raise  # these are of kinds that damage is of, too
        except UnidentifiedImageError as error:
            raise ImageError(
                f"A picture must be {_READABLE}",
                received=f"{name}: another kind of file, or a broken one",
                advice="Check that this is the right file, or convert it to PNG",
            ) from error
        except _DAMAGE as error:
            raise ImageError(
                "A picture must be whole",
                received=f"{name}: {error}",
                advice="Copy or take it again; a damaged file is not guessed at",
            ) from error


def _open(source: str | os.PathLike[str] | bytes) -> tuple[str, BinaryIO]:
    content: BinaryIO
    if isinstance(source, bytes):
        name, size, content = "the given bytes", len(source), io.BytesIO(source)
    elif isinstance(source, str | os.PathLike):
        path = as_path(source)
        name, kind = str(path), kind_of(path)
        if kind != "file":
            found = {"missing": "no such file", "folder": "a folder", "other": "neither file nor folder"}[kind]
            raise ImageError("A picture must be a file", received=f"{name}: {found}", advice="Check the path")
        try:
            size, content = path.stat().st_size, path.open("rb")
        except OSError as error:
            raise ImageError(
                "A picture must be readable",
                received=f"{name}: {error.strerror or error}",
                advice="Check its permissions",
            ) from error
    else:
        raise ArgumentError(
            "A picture must be a path or the bytes of a file",
            received=type(source).__name__,
            advice="An array needs no reading; give it as it is",
        )
    if size == 0:
        content.close()
        raise ImageError("A picture must not be empty", received=f"{name}: 0 bytes", advice="Copy or take it again")
    return name, content


def _formats(content: BinaryIO) -> tuple[str, ...]:
    """Choose the decoders to try, so that a file reaches none of Pillow's rarer ones."""
    start = content.read(12)
    content.seek(0)
    if start[4:8] != b"ftyp" or start[8:12] not in _HEIC_BRANDS:
        return _FORMATS
    try:
        import pillow_heif
    except ImportError as error:
        raise MissingExtraError("pillow-heif", extra="heic", purpose="Reading HEIC photos") from error
    pillow_heif.register_heif_opener()
    return ("HEIF",)


def _too_large(name: str, found: str) -> ImageError:
    return ImageError(
        f"A picture must have at most {LARGEST_PICTURE:,} pixels",
        received=f"{name}: {found}",
        advice="Crop it, or scale it down",
    )


def _to_grey(image: "Image.Image") -> Array:
    if image.mode.startswith("I;16"):
        return _scale(np.asarray(image, dtype=np.float64), _FULL_16_BITS)
    if image.mode == "I":  # 16-bit PGM, and the rare TIFF of 32 bits, whose range is its own
        return _scale_freely(np.asarray(image, dtype=np.float64), _FULL_16_BITS)
    if image.mode == "F":
        return _scale_freely(np.asarray(image, dtype=np.float64), 1.0)
    if image.has_transparency_data:
        return _lay_on_ground(image.convert("RGBA"))
    if image.mode == "LAB":  # its first band is the lightness
        return np.array(image.getchannel(0))
    if image.mode not in {"1", "L", "RGB"}:
        image = image.convert("RGB")
    return np.array(image.convert("L"))


def _lay_on_ground(image: "Image.Image") -> Array:
    grey = np.asarray(image.convert("RGB").convert("L"), dtype=np.float64)
    alpha = np.asarray(image.getchannel("A"), dtype=np.float64)
    opaque = grey[alpha >= max(alpha.max() / 2, 1)]
    ground = 0.0 if opaque.size and opaque.min() >= _MIDDLE else 255.0
    return _scale(grey * alpha + ground * (255 - alpha), 255 * 255)


def _scale_freely(values: Array, expected: float) -> Array:
    """Scale by the expected range or, where the values leave it, by their own."""
    if not np.isfinite(values).all():
        raise ValueError("its pixels are not all finite numbers")
    low, high = values.min(), values.max()
    return _scale(values, expected) if low >= 0 and high <= expected else _scale(values - low, high - low)


def _scale(values: Array, full: float) -> Array:
    return np.rint(values * (255.0 / full)).clip(0, 255).astype(np.uint8)

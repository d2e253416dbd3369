"""Picture files of many kinds, opened safely and read into one form: grey, 8 bits, (height, width).

Pillow decodes; here stands what it leaves to the caller: limits checked before anything is decoded, the camera's
rotation, and one kind of error for all the ways in which a file can be broken.
"""

import contextlib
import io
import os
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from scribal.data.dataset import Array
from scribal.data.pixels import to_grey
from scribal.data.sources import as_path, kind_of
from scribal.exceptions import ArgumentError, ImageError, MissingExtraError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["LARGEST_PICTURE", "check_size", "decoding", "open_content", "open_picture", "read_image"]

LARGEST_PICTURE = 50_000_000
"""The most pixels that a picture may have; today's telephones take 12 to 50 million."""

_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "PPM")
_READABLE = "PNG, JPEG, WebP, BMP, TIFF, GIF, PPM, PGM or HEIC"
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"}

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
    from PIL import ImageOps

    name, content = open_content(source)
    with content, decoding(name), open_picture(content) as image:
        check_size(name, image.width, image.height)
        return to_grey(ImageOps.exif_transpose(image))


def open_content(source: str | os.PathLike[str] | bytes) -> tuple[str, BinaryIO]:
    """Open a picture's file, or its content, for reading.

    Returns:
        Its name for messages, and the open file, which the caller closes.

    Raises:
        ImageError: The file is missing, empty, or may not be read.
        ArgumentError: ``source`` is neither a path nor bytes.
    """
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


@contextlib.contextmanager
def decoding(name: str, largest: int = LARGEST_PICTURE) -> Iterator[None]:
    """Turn whatever Pillow raises in the body of ``with`` into an ``ImageError``, and keep its warnings to itself.

    Args:
        name: The picture's, for messages.
        largest: The most pixels it may have, for messages.

    Raises:
        ImageError: The picture is of no known kind, damaged, or far too large.
    """
    from PIL import Image, UnidentifiedImageError

    with _QUIET:  # Pillow warns of size and of odd metadata; size is checked by check_size
        try:
            yield
        except Image.DecompressionBombError as error:
            raise _too_large(name, "even more, by its header", largest) from error
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


def open_picture(content: BinaryIO) -> "Image.Image":
    """Read a picture's header with the decoders that are allowed; to be called within ``decoding``.

    Raises:
        MissingExtraError: It is a HEIC photo, and pillow-heif is not installed.
    """
    from PIL import Image

    return Image.open(content, formats=_formats(content))


def check_size(name: str, width: int, height: int, largest: int = LARGEST_PICTURE) -> None:
    """Make sure that a picture has at most ``largest`` pixels, before they are decoded.

    Raises:
        ImageError: It has more.
    """
    if width * height > largest:
        raise _too_large(name, f"{width}x{height} pixels", largest)


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


def _too_large(name: str, found: str, largest: int) -> ImageError:
    return ImageError(
        f"A picture must have at most {largest:,} pixels",
        received=f"{name}: {found}",
        advice="Crop it, or scale it down",
    )


class _Quiet:
    """Ignores warnings while a thread is inside: ``warnings.catch_warnings`` alone mixes up the filters of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.simplefilter("ignore")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._before.__exit__(None, None, None)


_QUIET = _Quiet()

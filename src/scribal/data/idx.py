"""IDX, the format that MNIST was published in: plain or gzip files.

A file starts with two zero bytes, the code of its type, the number of its axes, and the length of each axis as a
big-endian 32-bit integer; the values follow, big-endian, the last axis fastest (Y. LeCun, C. Cortes, C. J. C. Burges,
"The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist/, section "The IDX file format").
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Protocol

import numpy as np

from scribal.data.dataset import Array
from scribal.data.sources import check_size, damaged, require_file
from scribal.exceptions import DataError

__all__ = ["PARTS", "find_parts", "labels_beside", "read_idx", "read_idx_stream"]

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_AXES = 4
_CHUNK = 2**20

PARTS = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_idx(path: Path) -> Array:
    """Read one IDX file, plain or gzip (told apart by content, not by name).

    Returns:
        The array, of the file's shape and type, in the machine's byte order.

    Raises:
        DataError: The file is missing, empty, truncated, too long, or no IDX file.
    """
    size = require_file(path, "An IDX file")
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            raw.seek(0)
            if packed:
                with gzip.open(raw) as stream:
                    return read_idx_stream(stream, size, path)
            return read_idx_stream(raw, size, path)
    except (OSError, EOFError, zlib.error) as error:
        raise damaged(path, "An IDX file", error) from error


def read_idx_stream(stream: _Readable, stored: int, path: Path) -> Array:
    """Read an IDX array from an open stream of ``stored`` bytes before unpacking; ``path`` is for the messages."""
    header = stream.read(4)
    if not _is_header(header):
        raise damaged(path, "An IDX file", f"it starts with {header!r}, which is no IDX header")
    lengths = stream.read(4 * header[3])
    if len(lengths) < 4 * header[3]:
        raise damaged(path, "An IDX file", "it ends within its header")
    shape = struct.unpack(f">{header[3]}I", lengths)
    dtype = np.dtype(_TYPES[header[2]])
    expected = math.prod(shape) * dtype.itemsize
    check_size(expected, stored, path, "An IDX file")
    content = bytearray()
    while chunk := stream.read(min(_CHUNK, expected + 1 - len(content))):  # one byte more shows a file too long
        content += chunk
    if len(content) != expected:
        found = "more" if len(content) > expected else f"{len(content):,}"
        raise damaged(path, "An IDX file", f"shape {shape} needs {expected:,} bytes, it has {found}")
    return np.frombuffer(content, dtype=dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _is_header(start: bytes) -> bool:
    if len(start) != len(b"\0\0TN"):
        return False
    return start[:2] == b"\0\0" and start[2] in _TYPES and 1 <= start[3] <= _MOST_AXES


def find_parts(folder: Path) -> dict[str, Path]:
    """Find which of MNIST's four files, plain or gzip, stand in ``folder``; with ``-idx`` or ``.idx`` in the name."""
    found: dict[str, Path] = {}
    for part, name in PARTS.items():
        for spelling in (name, name.replace("-idx", ".idx")):
            for candidate in (folder / spelling, folder / f"{spelling}.gz"):
                if candidate.is_file():
                    found.setdefault(part, candidate)
    return found


def labels_beside(images: Path) -> Path:
    """Find the labels file that belongs to an images file, by the rule of MNIST's names.

    Raises:
        DataError: The name says nothing of images, or no labels file stands beside it.
    """
    name = images.name.replace("images", "labels").replace("idx3", "idx1")
    stem = name.removesuffix(".gz")
    for candidate in (images.with_name(name), images.with_name(stem), images.with_name(f"{stem}.gz")):
        if candidate.name != images.name and candidate.is_file():
            return candidate
    raise DataError(
        "An IDX file of images must have its labels beside it, such as train-labels-idx1-ubyte(.gz)",
        received=f"{images}: no file {name} beside it",
        advice="Give an images file with 'images' in its name, or a folder that holds MNIST's four files",
    )

"""NumPy's npz archives, under the array names of Keras' ``mnist.npz``."""

import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from scribal.data.dataset import Array
from scribal.data.sources import check_size, damaged, require_file
from scribal.exceptions import DataError

__all__ = ["ARRAY_NAMES", "read_npz"]

ARRAY_NAMES = ("x_train", "y_train", "x_test", "y_test")

_WHAT = "An npz archive"
# What zipfile and NumPy raise at damaged archives; RuntimeError stands for encrypted and unknown packing methods.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
    EOFError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_npz(path: Path) -> dict[str, Array]:
    """Read the four arrays ``x_train``, ``y_train``, ``x_test`` and ``y_test``; pickled objects are refused.

    Raises:
        DataError: The archive is missing, empty, damaged, lacks an array, or holds objects.
    """
    stored = require_file(path, _WHAT)
    try:
        with zipfile.ZipFile(path) as archive:
            members = {info.filename: info for info in archive.infolist()}
            _check_names(members, path)
            return {name: _read_member(archive, members[f"{name}.npy"], stored, path) for name in ARRAY_NAMES}
    except DataError:
        raise  # it is a ValueError too
    except _DAMAGE as error:
        raise damaged(path, _WHAT, error) from error


def _check_names(members: Iterable[str], path: Path) -> None:
    present = sorted(name.removesuffix(".npy") for name in members)
    if not set(ARRAY_NAMES).issubset(present):
        raise DataError(
            f"An npz archive must hold the arrays {', '.join(ARRAY_NAMES)}",
            received=f"{path}: {', '.join(present) or 'no arrays'}",
            advice="Save it with numpy.savez(path, x_train=..., y_train=..., x_test=..., y_test=...)",
        )


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, stored: int, path: Path) -> Array:
    with archive.open(info) as stream:
        version = npy.read_magic(stream)
        read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran_order, dtype = read_header(stream)
        if dtype.hasobject:
            raise damaged(path, _WHAT, f"{info.filename} holds Python objects, which scribal does not unpickle")
        expected = math.prod(shape) * dtype.itemsize
        check_size(expected, stored, path, _WHAT)
        if expected != info.file_size - stream.tell():
            raise damaged(path, _WHAT, f"{info.filename} of shape {shape} has another size than its header says")
        content = stream.read()
    if len(content) != expected:
        raise damaged(path, _WHAT, f"{info.filename} is truncated")
    array = np.frombuffer(content, dtype=dtype)
    return array.reshape(shape[::-1]).T if fortran_order else array.reshape(shape)

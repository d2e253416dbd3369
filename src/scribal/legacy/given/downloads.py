"""MNIST's files, for programs that fetch them by their address: the four IDX files, and Keras' own ``mnist.npz``."""

import gzip
import io
import struct
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.data import load_dataset
from scribal.data.dataset import Array
from scribal.legacy.other_libraries.addresses import IDX_PARTS, mnist_name

__all__ = ["get_file", "mnist_file"]


def mnist_file(name: str) -> bytes:
    """What is in a file of MNIST's.

    Args:
        name: As :func:`~scribal.legacy.other_libraries.addresses.mnist_name` gives it.
    """
    if name == "mnist.npz":
        written = io.BytesIO()
        parts: dict[str, Any] = {part: _part(part) for part in IDX_PARTS.values()}
        np.savez_compressed(written, **parts)
        return written.getvalue()
    content = _idx(_part(IDX_PARTS[name.removesuffix(".gz")]))
    return gzip.compress(content, compresslevel=1) if name.endswith(".gz") else content


def get_file(*args: Any, **options: Any) -> Any:
    """``keras.utils.get_file``; of MNIST's files, which are packed anew, no checksum is compared."""
    if mnist_name(str(options.get("origin", args[1] if len(args) > 1 else ""))):
        options = {name: value for name, value in options.items() if not name.endswith("_hash")}
    return import_keras().src.utils.file_utils.get_file(*args, **options)


def _part(name: str) -> Array:
    values: Array = np.asarray(getattr(load_dataset("mnist"), name), np.uint8)
    return values


def _idx(values: Array) -> bytes:
    """An array of bytes as http://yann.lecun.com/exdb/mnist/ describes it."""
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()

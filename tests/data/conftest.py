"""Small datasets and the files they are written to."""

import gzip
import struct

import numpy as np
import pytest

IDX_CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}
IDX_NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def idx_bytes(array):
    header = struct.pack(f">HBB{array.ndim}I", 0, IDX_CODES[array.dtype.name], array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.fixture(name="idx_bytes", scope="session")
def _idx_bytes():
    return idx_bytes


@pytest.fixture
def small():
    """Twelve training and six test images of 8x8 pixels in three classes."""
    generator = np.random.default_rng(7)
    return {
        "x_train": generator.integers(0, 256, (12, 8, 8), dtype=np.uint8),
        "y_train": np.arange(12, dtype=np.uint8) % 3,
        "x_test": generator.integers(0, 256, (6, 8, 8), dtype=np.uint8),
        "y_test": np.arange(6, dtype=np.uint8) % 3,
    }


@pytest.fixture
def write_idx_folder(small):
    def write(folder, *, packed=False, dotted=False):
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in zip(IDX_NAMES, small.values(), strict=True):
            spelling = name.replace("-idx", ".idx") if dotted else name
            if packed:
                (folder / f"{spelling}.gz").write_bytes(gzip.compress(idx_bytes(array), mtime=0))
            else:
                (folder / spelling).write_bytes(idx_bytes(array))
        return folder

    return write


@pytest.fixture
def assert_same():
    def check(dataset, arrays):
        for part, expected in arrays.items():
            found = getattr(dataset, part)
            assert found.dtype == expected.dtype
            np.testing.assert_array_equal(found, expected)

    return check

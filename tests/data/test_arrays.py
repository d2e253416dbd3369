import contextlib
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribal.data import Dataset, load_dataset
from scribal.exceptions import DataError


def archive_bytes(arrays, save=np.savez_compressed):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_read(tmp_path, small, assert_same, save):
    save(tmp_path / "own.npz", **small, another=np.arange(3))
    assert_same(load_dataset(tmp_path / "own.npz"), small)


def test_fortran_order_big_endian_and_float(tmp_path, small, assert_same):
    floats = small | {part: (small[part] / 255).astype(np.float32) for part in ("x_train", "x_test")}
    strange = {part: np.asfortranarray(array.astype(array.dtype.newbyteorder(">"))) for part, array in floats.items()}
    np.savez(tmp_path / "own.npz", **strange)
    assert_same(load_dataset(tmp_path / "own.npz"), small)


def forged(small, header):
    """An archive whose first array's header is replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, array in small.items():
            content = io.BytesIO()
            np.save(content, array)
            written = content.getvalue()
            if part == "x_train":
                text = header.ljust(117).encode() + b"\n"
                written = b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + array.tobytes()
            archive.writestr(f"{part}.npy", written)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (12, 8, 9), }", "another size"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 99999999), }", "claims"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (-12, -8, 8), }", "whole"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (12, 8, 8), }", "Python objects"),
        ("{'descr': '|V0', 'fortran_order': False, 'shape': (12, 8, 8), }", "whole"),
        ("{'descr': 'nonsense'}", "whole"),
        ("((((((((((", "whole"),
        ("'", "whole"),
    ],
)
def test_forged_headers(tmp_path, small, header, message):
    path = tmp_path / "own.npz"
    path.write_bytes(forged(small, header))
    with pytest.raises(DataError, match=message):
        load_dataset(path)


def test_missing_arrays_and_other_archives(tmp_path, small):
    path = tmp_path / "own.npz"
    np.savez(path, x_train=small["x_train"], images=small["x_test"])
    with pytest.raises(DataError, match="images, x_train"):
        load_dataset(path)
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(DataError, match="no arrays"):
        load_dataset(path)
    np.savez(path, **small | {"y_train": np.array([object()] * 12)})
    with pytest.raises(DataError, match="does not unpickle"):
        load_dataset(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\3\4", b"\x93NUMPY\1\0"])
def test_no_archive(tmp_path, content):
    path = tmp_path / "own.npz"
    path.write_bytes(content)
    with pytest.raises(DataError):
        load_dataset(path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_archives_are_read_or_refused(data, tmp_path_factory):
    x, y = np.arange(50, dtype=np.uint8).reshape(2, 5, 5), np.arange(2)
    content = bytearray(archive_bytes({"x_train": x, "y_train": y, "x_test": x, "y_test": y}))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    with contextlib.suppress(DataError):
        assert isinstance(load_dataset(path), Dataset)

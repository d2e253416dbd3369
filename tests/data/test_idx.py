import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scribal.data import load_dataset
from scribal.data.idx import read_idx
from scribal.exceptions import DataError

ARRAYS = st.sampled_from(["uint8", "int8", "int16", "int32", "float32", "float64"]).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=1, max_dims=4, max_side=6))
)


@settings(max_examples=60, deadline=None)
@given(array=ARRAYS, packed=st.booleans())
def test_round_trip(array, packed, idx_bytes, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "round-trip"
    content = idx_bytes(array)
    path.write_bytes(gzip.compress(content, mtime=0) if packed else content)
    found = read_idx(path)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), packed=st.booleans())
def test_damaged_files_are_read_or_refused(data, packed, idx_bytes, tmp_path_factory):
    content = bytearray(idx_bytes(np.arange(60, dtype=np.uint8).reshape(5, 3, 4)))
    if packed:
        content = bytearray(gzip.compress(content, mtime=0))
    content = content[: data.draw(st.integers(0, len(content)))]
    for place in data.draw(st.lists(st.integers(0, max(len(content) - 1, 0)), max_size=3)) if content else []:
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content)
    try:
        found = read_idx(path)
    except DataError:
        return
    assert isinstance(found, np.ndarray)


@pytest.mark.parametrize("spelling", [{}, {"packed": True}, {"dotted": True}, {"packed": True, "dotted": True}])
def test_folder_of_four_files(tmp_path, write_idx_folder, small, assert_same, spelling):
    dataset = load_dataset(write_idx_folder(tmp_path / "own", **spelling))
    assert_same(dataset, small)
    assert dataset.name == "own"
    assert dataset.source.endswith("own")


@pytest.mark.parametrize("packed", [False, True])
def test_one_images_file_is_divided(tmp_path, write_idx_folder, packed):
    write_idx_folder(tmp_path, packed=packed)
    dataset = load_dataset(tmp_path / ("train-images-idx3-ubyte" + ".gz" * packed))
    assert len(dataset.x_train) == 9
    assert sorted(dataset.y_test) == [0, 1, 2]


def test_labels_are_looked_for(tmp_path, write_idx_folder):
    write_idx_folder(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="labels beside it"):
        load_dataset(tmp_path / "train-images-idx3-ubyte")
    with pytest.raises(DataError, match="labels beside it"):
        load_dataset(tmp_path / "t10k-labels-idx1-ubyte")
    with pytest.raises(DataError, match="all four"):
        load_dataset(tmp_path)


HEADER = struct.pack(">HBB3I", 0, 8, 3, 2, 3, 4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "0 bytes"),
        (b"\0", "no IDX header"),
        (b"PK\3\4 something else", "no IDX header"),
        (b"\0\0\x08\xff" + b"\xff" * 40, "no IDX header"),
        (HEADER[:9], "ends within its header"),
        (HEADER + bytes(23), "needs 24 bytes, it has 23"),
        (HEADER + bytes(25), "needs 24 bytes, it has more"),
        (b"\0\0\x0e\x04" + b"\xff" * 40, "only 44 are stored"),
        (gzip.compress(HEADER + bytes(24), mtime=0)[:-9], "whole"),
        (gzip.compress(HEADER + bytes(24), mtime=0)[:-8] + bytes(8), "whole"),
        (gzip.compress(HEADER[:6], mtime=0), "ends within its header"),
        (b"\x1f\x8b junk", "whole"),
    ],
)
def test_bad_files(tmp_path, content, message):
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        load_dataset(path)
    assert str(path) in str(caught.value)

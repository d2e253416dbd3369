import dataclasses
import hashlib
import pickle

import numpy as np
import pytest

from scribal.data import Dataset
from scribal.exceptions import DataError


def make(**changes):
    images = np.zeros((4, 5, 6), dtype=np.uint8)
    labels = np.array([0, 1, 2, 1])
    return Dataset(
        **({"name": "d", "x_train": images, "y_train": labels, "x_test": images, "y_test": labels} | changes)
    )


def test_shapes_classes_and_names():
    dataset = make()
    assert dataset.image_shape == (5, 6)
    assert dataset.classes == 3
    assert dataset.class_names == ("0", "1", "2")
    assert make(class_names=("a", "b", "c", "d")).classes == 4


@pytest.mark.parametrize(
    ("given", "dtype", "shape"),
    [
        (np.ones((4, 5, 6), dtype=bool), "uint8", (5, 6)),
        (np.full((4, 5, 6), 255, dtype=np.int64), "uint8", (5, 6)),
        (np.full((4, 5, 6), 0.5), "uint8", (5, 6)),
        (np.full((4, 5, 6, 1), 9, dtype=np.uint8), "uint8", (5, 6)),
        (np.full((4, 5, 6, 3), 9, dtype=">i4"), "uint8", (5, 6, 3)),
        (np.full((4, 7), 300, dtype=np.int32), "float32", (7,)),
        ([[1, 2]] * 4, "float32", (2,)),
    ],
)
def test_accepted_inputs_become_uint8_or_float32(given, dtype, shape):
    dataset = make(x_train=given, x_test=given)
    assert dataset.x_train.dtype == dtype
    assert dataset.image_shape == shape


def test_pixels_divided_by_255_are_taken_back():
    raw = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    for given in (raw / 255, (raw / 255).astype(np.float32), raw.astype(float)):
        np.testing.assert_array_equal(make(x_train=given, x_test=given).x_train, raw)


def test_whole_float_labels_become_integers():
    assert make(y_train=np.array([0.0, 1.0, 2.0, 1.0])).y_train.dtype.kind == "i"


def test_arrays_are_read_only_and_the_callers_are_left_alone():
    images = np.zeros((4, 5, 6), dtype=np.uint8)
    dataset = make(x_train=images)
    with pytest.raises(ValueError, match="read-only"):
        dataset.x_train[0] = 1
    images[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        dataset.name = "other"


def test_fingerprint_covers_bytes_and_shapes():
    prints = {
        make().fingerprint,
        make(y_test=[0, 1, 2, 2]).fingerprint,
        make(x_train=np.zeros((4, 6, 5)), x_test=np.zeros((4, 6, 5))).fingerprint,
        make(x_train=np.zeros((4, 6, 5), bool), x_test=np.zeros((4, 6, 5), bool)).fingerprint,
        make(y_train=np.array([0, 1, 2, 1], dtype=np.uint8)).fingerprint,
    }
    assert len(prints) == 4
    assert make().fingerprint == make(name="x").fingerprint == pickle.loads(pickle.dumps(make())).fingerprint  # noqa: S301 (our own pickle)
    assert len(make().fingerprint) == hashlib.sha256().digest_size * 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x_train": np.zeros((3, 5, 6))}, "same length"),
        ({"x_test": np.zeros((4, 6, 6))}, "same shape"),
        ({"x_train": np.zeros((4, 5, 6, 4))}, "must have the shape"),
        ({"x_train": np.zeros(4)}, "must have the shape"),
        ({"x_train": np.full((4, 5, 6), np.nan)}, "must be finite"),
        ({"x_train": np.full((4, 5, 6), np.inf)}, "must be finite"),
        ({"x_train": np.full((4, 5, 6), 1e300)}, "must lie in 0..255"),
        ({"x_train": np.full((4, 5, 6), 256)}, "0..255"),
        ({"x_train": np.full((4, 5, 6), -1)}, "0..255"),
        ({"x_train": np.zeros((4, 5, 6), dtype=complex)}, "integers, booleans or floats"),
        ({"x_train": np.array(["a"] * 4)}, "integers, booleans or floats"),
        ({"x_train": np.array([None] * 4)}, "integers, booleans or floats"),
        ({"x_train": [[1, 2], [1]]}, "all its rows of the same shape"),
        ({"x_train": np.zeros((0, 5, 6)), "y_train": []}, "at least one sample"),
        ({"x_train": None}, "integers, booleans or floats"),
        ({"y_train": np.eye(4)}, "argmax"),
        ({"y_train": [0.5, 1, 1, 1]}, "class numbers"),
        ({"y_train": [0, 1, 2, -1]}, "Labels must lie in 0"),
        ({"y_train": [0, 1, 2, 10**12]}, "Labels must lie in 0..65535"),
        ({"y_train": [0.0, 1, 2, 1e300]}, "class numbers"),
        ({"class_names": ("a", "b")}, "one for each class name"),
    ],
)
def test_bad_arrays_are_refused(changes, message):
    with pytest.raises(DataError, match=message) as caught:
        make(**changes)
    assert "\n" not in str(caught.value)
    assert "Received" in str(caught.value)

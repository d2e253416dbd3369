import hashlib

import numpy as np
import pytest

from scribal.data import DATASETS, load_dataset
from scribal.data.registry import PACKAGED_MNIST
from scribal.exceptions import ArgumentError, DataError, UnknownNameError

MNIST_MD5 = {
    "x_train": "6510e85a72c3e9475c492d559d3770d2",
    "y_train": "e86ee40d66677c011a9abda399ec8c4d",
    "x_test": "240610fa99e73bfa49df8e7fc24d3206",
    "y_test": "073c3904dfbd3e141ff8aa01cfde6b15",
}


@pytest.fixture(scope="module")
def mnist():
    return load_dataset("mnist")


def test_mnist_is_bit_identical(mnist):
    for part, md5 in MNIST_MD5.items():
        assert hashlib.md5(getattr(mnist, part), usedforsecurity=False).hexdigest() == md5
        assert getattr(mnist, part).dtype == np.uint8
    assert mnist.class_names == tuple("0123456789")


def test_mnist_is_small_and_any_numpy_reads_it(mnist):
    assert PACKAGED_MNIST.stat().st_size <= 11_000_000
    with np.load(PACKAGED_MNIST, allow_pickle=False) as archive:
        assert set(archive.files) == set(MNIST_MD5)
        np.testing.assert_array_equal(archive["x_test"], mnist.x_test)


def test_the_fingerprint_is_that_of_the_arrays():
    mnist = load_dataset("mnist")
    assert mnist.fingerprint == load_dataset("mnist").fingerprint
    assert mnist.fingerprint != load_dataset("mnist-10x10").fingerprint


def test_small_mnist_is_the_mean_over_areas(mnist):
    small = load_dataset("mnist-10x10")
    assert small.x_train.shape == (60_000, 10, 10)
    assert small.x_train.dtype == np.uint8
    np.testing.assert_array_equal(small.y_test, mnist.y_test)
    # Seen another way: each pixel cut into 5x5, and blocks of 14x14 of those averaged.
    fine = mnist.x_test[:50].repeat(5, axis=1).repeat(5, axis=2).astype(np.int64)
    sums = fine.reshape(50, 10, 14, 10, 14).sum(axis=(2, 4))
    np.testing.assert_array_equal(small.x_test[:50], (2 * sums + 196) // (2 * 196))


def test_toy():
    toy = load_dataset("toy")
    np.testing.assert_array_equal(toy.x_train, np.array([[0, 1, 0], [0, 0, 1], [1, 3, 2], [3, 2, 1]], np.float32))
    assert toy.x_train.dtype == np.float32
    assert toy.y_test.tolist() == [0, 0, 1, 1]
    assert toy.class_names == ("0", "1")
    assert "test" in DATASETS["toy"].title


@pytest.mark.parametrize("name", ["mnist", "mnist-10x10", "toy"])
def test_registry_tells_the_truth_about_what_is_inside(name):
    entry, dataset = DATASETS[name], load_dataset(name)
    assert entry.name == dataset.name == name
    assert (entry.training_count, entry.test_count) == (len(dataset.x_train), len(dataset.x_test))
    assert (entry.classes, entry.image_shape) == (dataset.classes, dataset.image_shape)
    assert (entry.licence, entry.source) == (dataset.licence, dataset.source)
    assert entry.download_size == 0


def test_registry_is_complete():
    downloaded = {name for name, entry in DATASETS.items() if entry.where == "downloaded on first use"}
    assert downloaded == {"fashion-mnist", "kmnist", "emnist-digits", "emnist-letters", "emnist-balanced", "usps"}
    assert DATASETS["emnist-balanced"].classes == 47
    assert DATASETS["mnist"].location() == PACKAGED_MNIST
    for name in downloaded:
        assert DATASETS[name].download_size > 8_000_000
        assert DATASETS[name].licence
        assert all(len(file.md5) == 32 and file.url.startswith("http") for file in DATASETS[name].files)


@pytest.mark.parametrize(
    ("name", "nearest"), [("mnits", "mnist"), ("MNIST", "mnist"), ("fashion_mnist", "fashion-mnist")]
)
def test_unknown_name_offers_the_nearest(name, nearest):
    with pytest.raises(UnknownNameError, match=r"Your own data is given by its path") as caught:
        load_dataset(name)
    assert nearest in caught.value.nearest


@pytest.mark.parametrize("name", ["", "qqqqqq", "a\0b"])
def test_unknown_name_without_a_near_one(name):
    with pytest.raises(UnknownNameError):
        load_dataset(name)


@pytest.mark.parametrize("path", ["./mnist", "no/such", "none.npz", "~nobody-of-that-name/x", "x" * 5000 + "/y"])
def test_missing_path(path):
    with pytest.raises(DataError, match="must lead to a file or a folder"):
        load_dataset(path)


@pytest.mark.parametrize("value", [None, 3, b"mnist", ["mnist"]])
def test_neither_name_nor_path(value):
    with pytest.raises(ArgumentError, match="must be a name or a path"):
        load_dataset(value)

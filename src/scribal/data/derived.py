"""Datasets that come with scribal: MNIST, MNIST made smaller, and four samples of three numbers."""

from pathlib import Path

import numpy as np

from scribal.data.arrays import read_npz
from scribal.data.dataset import Array, Dataset
from scribal.data.registry import DATASETS, PACKAGED_MNIST, DatasetEntry

__all__ = ["make_mnist", "make_small_mnist", "make_toy"]

_SMALL_SIDE = 10


def make_mnist(path: Path = PACKAGED_MNIST) -> Dataset:
    """Load MNIST, 60,000 + 10,000 images of shape (28, 28), from the package."""
    return _described(DATASETS["mnist"], read_npz(path))


def make_small_mnist() -> Dataset:
    """Load MNIST, each image averaged by area onto 10x10 pixels."""
    arrays = read_npz(PACKAGED_MNIST)
    small = {part: average_by_area(arrays[part], _SMALL_SIDE) for part in ("x_train", "x_test")}
    return _described(DATASETS["mnist-10x10"], arrays | small)


def make_toy() -> Dataset:
    """Give the four samples of the tutorials' smallest network; training and test set are the same."""
    x = np.array([[0, 1, 0], [0, 0, 1], [1, 3, 2], [3, 2, 1]], dtype=np.float32)
    y = np.array([0, 0, 1, 1], dtype=np.uint8)
    return _described(DATASETS["toy"], {"x_train": x, "y_train": y, "x_test": x, "y_test": y})


def average_by_area(images: Array, side: int) -> Array:
    """Shrink square images so that each new pixel is the mean of the area that it covers.

    Exact on every machine: with areas in units of 1/side of a pixel, all sums are whole numbers that float32 holds
    exactly (they stay under 2**24), whatever the order of summation.

    Args:
        images: uint8, of shape (n, size, size).
        side: The new height and width; less than ``size``.

    Returns:
        uint8 of shape (n, side, side), rounded to the nearest, halves up.
    """
    size = images.shape[1]
    edges = np.arange(side + 1) * size  # of the new pixels, in units of 1/side of an old one
    starts = np.arange(size) * side
    overlap = np.minimum(edges[1:, None], starts + side) - np.maximum(edges[:-1, None], starts)
    weights = overlap.clip(0).astype(np.float32)  # (side, size)
    sums = weights @ (images.astype(np.float32) @ weights.T)
    means: Array = (sums.astype(np.int32) + size * size // 2) // (size * size)
    return means.astype(np.uint8)


def _described(entry: DatasetEntry, arrays: dict[str, Array]) -> Dataset:
    return Dataset(entry.name, **arrays, class_names=entry.class_names, licence=entry.licence, source=entry.source)

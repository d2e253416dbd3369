"""``tensorflow.examples.tutorials.mnist.input_data``: MNIST as TensorFlow 1's tutorials read it.

Source: ``tensorflow/contrib/learn/python/learn/datasets/mnist.py`` of TensorFlow 1.15: 55,000 images to train with,
5,000 for validation (the first of the 60,000), 10,000 for tests; pixels are float32 from 0 to 1.
"""

from typing import Any, NamedTuple

import numpy as np

from scribal.data import load_dataset
from scribal.data.dataset import Array

__all__ = ["DataSet", "Datasets", "read_data_sets"]

_CLASSES = 10
MODERN = dict.fromkeys(("DataSet", "Datasets", "read_data_sets"), "keras.datasets.mnist.load_data")


class DataSet:
    """Images and labels, given out batch by batch.

    Args:
        images: uint8, of shape (n, 28, 28).
        labels: Digits, of shape (n,).
        one_hot: Whether labels become rows of ten numbers.
        reshape: Whether an image is one row of 784 pixels; otherwise it is (28, 28, 1).
        as_floats: Whether pixels become float32 from 0 to 1.
        seed: Of the order in which batches are drawn; by default NumPy's own state decides.
    """

    def __init__(
        self, images: Array, labels: Array, *, one_hot: bool, reshape: bool, as_floats: bool, seed: int | None = None
    ) -> None:
        count = len(images)
        self._images = images.reshape(count, -1) if reshape else images[..., None]
        if as_floats:
            self._images = self._images.astype(np.float32) * np.float32(1 / 255)
        self._labels = np.eye(_CLASSES)[labels] if one_hot else labels
        self._random = np.random if seed is None else np.random.RandomState(seed)
        self._order: Array = np.arange(0)
        self._place = 0
        self._epochs = -1

    @property
    def images(self) -> Array:
        """All images."""
        return self._images

    @property
    def labels(self) -> Array:
        """All labels."""
        return self._labels

    @property
    def num_examples(self) -> int:
        """The number of images."""
        return len(self._images)

    @property
    def epochs_completed(self) -> int:
        """How often all images have been given out."""
        return max(self._epochs, 0)

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> tuple[Array, Array]:  # noqa: FBT001, FBT002
        """Give the next images and labels; a batch at the end of an epoch goes on into the next.

        Args:
            batch_size: The number of images.
            fake_data: Ignored.
            shuffle: Whether each epoch has an order of its own.
        """
        del fake_data
        parts: list[Array] = []
        missing = batch_size
        while missing > 0:
            if self._place >= len(self._order):
                self._begin_epoch(shuffle=shuffle)
            part = self._order[self._place : self._place + missing]
            self._place += len(part)
            missing -= len(part)
            parts.append(part)
        chosen = np.concatenate(parts)
        return self._images[chosen], self._labels[chosen]

    def _begin_epoch(self, *, shuffle: bool) -> None:
        self._order = np.arange(self.num_examples)
        if shuffle:
            self._random.shuffle(self._order)
        self._place = 0
        self._epochs += 1


class Datasets(NamedTuple):
    """MNIST in three parts."""

    train: DataSet
    validation: DataSet
    test: DataSet


def read_data_sets(
    train_dir: Any = None,
    fake_data: bool = False,  # noqa: FBT001, FBT002
    one_hot: bool = False,  # noqa: FBT001, FBT002
    dtype: Any = "float32",
    reshape: bool = True,  # noqa: FBT001, FBT002
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str | None = None,
) -> Datasets:
    """Give MNIST from scribal's package; nothing is downloaded and no folder is made.

    Args:
        train_dir: Ignored: TensorFlow kept its downloads there.
        fake_data: Ignored.
        one_hot: Whether labels become rows of ten numbers.
        dtype: ``uint8`` leaves pixels from 0 to 255; otherwise they are float32 from 0 to 1.
        reshape: Whether an image is one row of 784 pixels; otherwise it is (28, 28, 1).
        validation_size: How many of the 60,000 images, from the first on, are kept for validation.
        seed: Of the order in which batches are drawn.
        source_url: Ignored.
    """
    del train_dir, fake_data, source_url
    mnist = load_dataset("mnist")
    x, y = mnist.x_train, mnist.y_train

    def part(images: Array, labels: Array) -> DataSet:
        as_floats = dtype != "uint8" and getattr(dtype, "__name__", "") != "uint8"
        return DataSet(images, labels, one_hot=one_hot, reshape=reshape, as_floats=as_floats, seed=seed)

    return Datasets(
        train=part(x[validation_size:], y[validation_size:]),
        validation=part(x[:validation_size], y[:validation_size]),
        test=part(mnist.x_test, mnist.y_test),
    )

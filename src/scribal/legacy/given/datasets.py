"""``keras.datasets``: scribal's own datasets, MNIST among them without a network."""

from typing import Any

import numpy as np

from scribal.data import load_dataset
from scribal.data.dataset import Array

__all__ = ["load_fashion_mnist", "load_mnist"]

Part = tuple[Array, Array]


def load_mnist(path: Any = None) -> tuple[Part, Part]:
    """``keras.datasets.mnist.load_data``: from scribal's package.

    Args:
        path: Ignored: the name under which Keras keeps its download.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``: uint8, of shape (60000, 28, 28) and (60000,), then 10,000 of each.
    """
    del path
    return _as_keras_gives("mnist")


def load_fashion_mnist() -> tuple[Part, Part]:
    """``keras.datasets.fashion_mnist.load_data``: downloaded by scribal on first use, and checked."""
    return _as_keras_gives("fashion-mnist")


def _as_keras_gives(name: str) -> tuple[Part, Part]:
    """Arrays of the program's own: it may change them, which a dataset's cannot be."""
    dataset = load_dataset(name)
    train = (np.array(dataset.x_train), np.array(dataset.y_train, dtype=np.uint8))
    return train, (np.array(dataset.x_test), np.array(dataset.y_test, dtype=np.uint8))

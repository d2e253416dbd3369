"""``import mnist``: the two small packages of that name from PyPI, served from scribal's MNIST.

``mnist.train_images()`` is https://github.com/datapythonista/mnist, whose server has gone away;
``mnist.MNIST("folder").load_training()`` is https://github.com/sorki/python-mnist.
"""

import array

import numpy as np

from scribal.data import load_dataset
from scribal.data.dataset import Array

__all__ = ["MNIST", "test_images", "test_labels", "train_images", "train_labels"]

_TODAY = "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()"
MODERN = dict.fromkeys(__all__, _TODAY)

Lists = tuple[list[list[int]], "array.array[int]"]


def train_images() -> Array:
    """The 60,000 training images: uint8, ``(60000, 28, 28)``."""
    return np.array(load_dataset("mnist").x_train)


def train_labels() -> Array:
    """Their digits: uint8, ``(60000,)``."""
    return np.array(load_dataset("mnist").y_train, np.uint8)


def test_images() -> Array:
    """The 10,000 test images: uint8, ``(10000, 28, 28)``."""
    return np.array(load_dataset("mnist").x_test)


def test_labels() -> Array:
    """Their digits: uint8, ``(10000,)``."""
    return np.array(load_dataset("mnist").y_test, np.uint8)


class MNIST:
    """MNIST as lists of numbers.

    Args:
        path: Ignored: where the package looked for MNIST's files.
        **options: Ignored: how it read them.
    """

    def __init__(self, path: str = ".", **options: object) -> None:
        del path, options
        self.gz = False

    def load_training(self) -> Lists:
        """The training images, each a list of 784 numbers, and their digits."""
        self.train_images, self.train_labels = _lists(train_images(), train_labels())
        return self.train_images, self.train_labels

    def load_testing(self) -> Lists:
        """The test images and their digits."""
        self.test_images, self.test_labels = _lists(test_images(), test_labels())
        return self.test_images, self.test_labels


def _lists(images: Array, labels: Array) -> Lists:
    return images.reshape(len(images), -1).tolist(), array.array("B", labels.tobytes())

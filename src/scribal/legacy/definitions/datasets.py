"""MNIST by its older ways, on ``keras.datasets``."""

from types import SimpleNamespace

import keras
import numpy as np
from sklearn.utils import Bunch

__all__ = ["fetch_mldata", "read_data_sets", "test_images", "test_labels", "train_images", "train_labels"]


def fetch_mldata(dataname="MNIST original", data_home=None):
    """MNIST's 70,000 images as rows of 784 numbers, and their digits, sorted within both parts."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    orders = np.argsort(y_train, kind="stable"), np.argsort(y_test, kind="stable")
    images = np.concatenate([x_train[orders[0]], x_test[orders[1]]])
    digits = np.concatenate([y_train[orders[0]], y_test[orders[1]]])
    return Bunch(data=images.reshape(-1, 784), target=digits.astype(float))


def train_images():
    """The 60,000 training images: uint8, ``(60000, 28, 28)``."""
    return keras.datasets.mnist.load_data()[0][0]


def train_labels():
    """Their digits: uint8, ``(60000,)``."""
    return keras.datasets.mnist.load_data()[0][1]


def test_images():
    """The 10,000 test images: uint8, ``(10000, 28, 28)``."""
    return keras.datasets.mnist.load_data()[1][0]


def test_labels():
    """Their digits: uint8, ``(10000,)``."""
    return keras.datasets.mnist.load_data()[1][1]


def read_data_sets(*_, one_hot=False, reshape=True, validation_size=5000):
    """Give MNIST as parts with images, labels and next_batch: pixels 0..1, the first images for validation."""

    class Part:
        def __init__(self, images, labels):
            images = images.astype("float32") / 255
            self.images = images.reshape(len(images), -1) if reshape else images[..., None]
            self.labels = keras.utils.to_categorical(labels, 10) if one_hot else labels
            self.num_examples = len(images)
            self._order = []

        def next_batch(self, size):
            while len(self._order) < size:
                self._order.extend(np.random.permutation(self.num_examples))
            taken, self._order = self._order[:size], self._order[size:]
            return self.images[taken], self.labels[taken]

    (x, y), test = keras.datasets.mnist.load_data()
    train, validation = (x[validation_size:], y[validation_size:]), (x[:validation_size], y[:validation_size])
    return SimpleNamespace(train=Part(*train), validation=Part(*validation), test=Part(*test))

"""A network of today on MNIST, to be compared with an old program's: what it is made of, and how it is trained."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import layers, optimizers

import scribal
from scribal.recipes import find_recipe

PICTURE, FLAT, SQUARE = (28, 28, 1), (784,), (28, 28)


@dataclass(frozen=True)
class Twin:
    """One network and how it is trained on MNIST.

    Attributes:
        network: Its layers after the input.
        shape: Of one sample.
        samples: How many of the training images are used.
        tested: How many of the test images.
        scale: Factor on the pixels.
        optimizer: Makes it.
        fit: Arguments of ``fit``.
        numpy_seed: What the old program gives to ``numpy.random.seed``.
        seed: What it gives to TensorFlow's.
        loss: Of class numbers.
    """

    network: Callable[[], list[Any]]
    shape: tuple[int, ...] = PICTURE
    samples: int = 60_000
    tested: int = 10_000
    scale: float = 1 / 255
    optimizer: Callable[[], Any] = optimizers.Adam
    fit: dict[str, Any] = field(default_factory=dict)
    numpy_seed: int | None = None
    seed: int | None = None
    loss: Any = "sparse_categorical_crossentropy"

    def accuracy(self) -> float:
        """Train it, and give the accuracy on the test images."""
        mnist = scribal.load_dataset("mnist")
        x, y = shaped(mnist.x_train[: self.samples], self.shape) * self.scale, mnist.y_train[: self.samples]
        x_test = shaped(mnist.x_test[: self.tested], self.shape) * self.scale
        if self.numpy_seed is not None:
            np.random.seed(self.numpy_seed)
        if self.seed is not None:
            keras.utils.set_random_seed(self.seed)
        model = keras.Sequential([keras.Input(self.shape), *self.network()])
        model.compile(self.optimizer(), self.loss, metrics=["accuracy"])
        scribal.fit(model, x, y, verbose=0, **self.fit)
        return accuracy_of(model, x_test, mnist.y_test[: self.tested])


def accuracy_of(model: Any, x: np.ndarray, y: np.ndarray) -> float:
    """The share of right answers."""
    with scribal.enable():
        return float((model.predict(x, verbose=0).argmax(axis=-1) == y).mean())


def shaped(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return images.reshape(len(images), *shape).astype(np.float32)


def uniform() -> Any:
    return keras.initializers.RandomUniform(-0.05, 0.05)


def recipe(name: str) -> Callable[[], list[Any]]:
    return lambda: find_recipe(name).build().layers


def dense(units: int, **settings: Any) -> Callable[[], list[Any]]:
    return lambda: [layers.Dense(units, **settings), layers.Dense(10, activation="softmax")]

"""Small Keras networks and data that ``fit`` is tried on."""

import keras
import numpy as np
from keras import layers


def network(loss="sparse_categorical_crossentropy", metrics=("accuracy",), optimizer=None, dropout=0.0, **options):
    """A compiled network for images of 6 x 6 pixels and five classes; the same each time."""
    keras.utils.set_random_seed(0)
    stack = [layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dropout(dropout)]
    model = keras.Sequential([keras.Input((6, 6, 1)), *stack, layers.Dense(5, activation="softmax", name="answer")])
    model.compile(optimizer or keras.optimizers.SGD(0.1), loss, metrics=list(metrics), **options)
    return model


def yes_or_no(metrics=("accuracy",), **options):
    """A compiled network for three numbers and a yes or no."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(1, "sigmoid")])
    model.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=list(metrics), **options)
    return model


def images(count=70):
    """Images and the numbers of their classes."""
    generator = np.random.default_rng(0)
    return generator.random((count, 6, 6, 1), dtype=np.float32), generator.integers(5, size=count)


def same_state(one, other, tolerance=1e-5):
    """Assert that two models' weights and optimizers' variables agree."""
    for variables in (lambda model: model.weights, lambda model: model.optimizer.variables):
        for first, second in zip(variables(one), variables(other), strict=True):
            np.testing.assert_allclose(first, second, rtol=tolerance, atol=tolerance)

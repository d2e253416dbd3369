"""Twins of old programs that are more than one network fitted to arrays once: functions that give an accuracy."""

from typing import Any

import keras
import numpy as np
from keras import layers, optimizers
from keras._tf_keras.keras.preprocessing.image import ImageDataGenerator
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from twin import FLAT, PICTURE, accuracy_of, dense, shaped, uniform

import scribal


def functional() -> float:
    mnist = scribal.load_dataset("mnist")
    x, y, x_test = mnist.x_train[:6000, ..., None] / 255, mnist.y_train[:6000], mnist.x_test[..., None] / 255
    np.random.seed(3)

    # Layers draw their seeds when they are made: in the order of the old program.
    def convolution(x: Any, filters: int, size: int) -> Any:
        return layers.Conv2D(filters, size, padding="same", activation="relu")(x)

    inputs = keras.Input(PICTURE)
    small = layers.MaxPooling2D(2)(inputs)
    first = convolution(convolution(small, 4, 1), 8, 3)
    second = convolution(convolution(small, 4, 1), 8, 5)
    third = convolution(layers.MaxPooling2D(3, strides=1, padding="same")(small), 8, 1)
    together = layers.Concatenate()([first, second, third])
    added = layers.Add()([together, layers.Conv2D(24, 1)(together)])
    outputs = layers.Dense(10, activation="softmax")(layers.Flatten()(layers.AveragePooling2D(2)(added)))
    model = keras.Model(inputs, outputs)
    model.compile(optimizers.RMSprop(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
    scribal.fit(model, x, y, epochs=2, batch_size=64, validation_split=0.1, verbose=0)
    return accuracy_of(model, x_test, mnist.y_test)


def residual() -> float:
    mnist = scribal.load_dataset("mnist")
    x, y, x_test = mnist.x_train[:6000, ..., None] / 255, mnist.y_train[:6000], mnist.x_test[:2000, ..., None] / 255
    inputs = keras.Input(PICTURE)
    first = layers.BatchNormalization()(layers.Conv2D(8, 3, strides=2, padding="same")(inputs))
    first = layers.Activation("relu")(first)
    added = layers.Add()([first, layers.Conv2D(8, 3, padding="same", activation="relu")(first)])
    last = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(added)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.Flatten()(last)))
    rate = optimizers.schedules.ExponentialDecay(0.003, decay_steps=100, decay_rate=0.9)
    model.compile(optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    scribal.fit(model, x, y, epochs=2, batch_size=50, verbose=0)
    return accuracy_of(model, x_test, mnist.y_test[:2000])


def random_numbers() -> float:
    np.random.seed(5)
    x, y = np.random.random((1000, 100)), np.random.randint(10, size=(1000, 1))
    x_test, y_test = np.random.random((200, 100)), np.random.randint(10, size=(200, 1))
    model = keras.Sequential([keras.Input((100,)), *dense(64, activation="relu")()])
    optimizer = optimizers.SGD(0.01, momentum=0.9, nesterov=True)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    scribal.fit(model, x, y, epochs=5, verbose=0)
    return accuracy_of(model, x_test, y_test[:, 0])


def toy() -> float:
    toy = scribal.load_dataset("toy")
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(5, activation="relu", kernel_initializer="random_uniform"),
            layers.Dense(4, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("sgd", "mean_squared_error")
    scribal.fit(model, toy.x_train, toy.y_train, epochs=20_000, verbose=0)
    return float(((model.predict(toy.x_test, verbose=0)[:, 0] > 0.5) == toy.y_test).mean())


def cross_validated() -> float:
    mnist = scribal.load_dataset("mnist")
    x, y, x_test = shaped(mnist.x_train[:1000], FLAT) / 255, mnist.y_train[:1000], shaped(mnist.x_test, FLAT)
    np.random.seed(7)

    def fitted(rows: np.ndarray, epochs: int, neurons: int = 32, inputs: np.ndarray = x) -> Any:
        hidden = layers.Dense(neurons, activation="relu", kernel_initializer=uniform())
        output = layers.Dense(10, activation="softmax", kernel_initializer=uniform())
        model = keras.Sequential([keras.Input(FLAT), hidden, output])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        scribal.fit(model, inputs[rows], y[rows], epochs=epochs, batch_size=20, verbose=0)
        return model

    for rows, _ in KFold(3, shuffle=True, random_state=7).split(x):
        fitted(rows, 5)
    halves = list(StratifiedKFold(2).split(x, y))
    scores = {n: np.mean([accuracy_of(fitted(a, 3, n), x[b], y[b]) for a, b in halves]) for n in (8, 32)}
    fitted(np.arange(1000), 3, max(scores, key=scores.__getitem__))
    raw = shaped(mnist.x_train[:1000], FLAT)
    low, span = raw.min(axis=0), np.ptp(raw, axis=0)
    span[span == 0] = 1
    model = fitted(np.arange(1000), 5, inputs=(raw - low) / span)
    return accuracy_of(model, (x_test - low) / span, mnist.y_test)


def table() -> float:
    mnist = scribal.load_dataset("mnist")
    x, y = mnist.x_train[:6000, ..., None] / 255, mnist.y_train[:6000]
    x, _, y, _ = train_test_split(x, y, test_size=0.1, random_state=2)
    network = [
        layers.Conv2D(8, 5, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input(PICTURE), *network])
    model.compile(optimizers.RMSprop(0.001, epsilon=1e-8), "sparse_categorical_crossentropy", metrics=["accuracy"])
    scribal.fit(model, x, y, epochs=3, batch_size=86, verbose=0)
    return accuracy_of(model, mnist.x_test[..., None] / 255, mnist.y_test)


def in_batches() -> float:
    mnist = scribal.load_dataset("mnist")
    x, y = mnist.x_train[5000:, ..., None] / np.float32(255), mnist.y_train[5000:]
    network = [
        layers.Conv2D(8, 5, strides=2, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input(PICTURE), *network])
    model.compile(optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    rows = np.random.permutation(len(x))[:20_000]
    scribal.fit(model, x[rows], y[rows], batch_size=100, shuffle=False, verbose=0)
    return accuracy_of(model, mnist.x_test[..., None] / 255, mnist.y_test)


def _augmented(
    samples: int, tested: int, convolution: Any, pool: int, batch: int, epochs: int, **changes: Any
) -> float:
    mnist = scribal.load_dataset("mnist")
    normalised = {name: value for name, value in changes.items() if name.startswith("featurewise")}
    scale = np.float32(1 if normalised else 1 / 255)
    x, y = shaped(mnist.x_train[:samples], PICTURE) * scale, mnist.y_train[:samples]
    x_test, y_test = shaped(mnist.x_test[:tested], PICTURE) * scale, mnist.y_test[:tested]
    if normalised:
        mean, deviation = x.mean(axis=(0, 1, 2)), x.std(axis=(0, 1, 2))
        x_test = (x_test - mean) / (deviation + 1e-6)
    # Where Keras 3 keeps the class for programs of TensorFlow; it makes the images, and trains nothing.
    generator = ImageDataGenerator(**changes)
    generator.fit(x)
    layout = [convolution, layers.MaxPooling2D(pool), layers.Flatten(), layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input(PICTURE), *layout])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    images = generator.flow(x, y, batch_size=batch)
    validation = None
    if normalised:
        # Random numbers are drawn for these too, though nothing comes of them.
        same = ImageDataGenerator()
        validation = same.flow(x_test, y_test, batch_size=100, shuffle=False)
        next(images)
    scribal.fit(model, images, epochs=epochs, validation_data=validation, verbose=0)
    return accuracy_of(model, x_test, y_test)


def shifted_and_turned() -> float:
    np.random.seed(0)
    convolution = layers.Conv2D(8, 5, padding="same", activation="relu")
    changes = {"rotation_range": 10, "width_shift_range": 0.1, "height_shift_range": 0.1, "zoom_range": 0.1}
    return _augmented(3200, 1000, convolution, 4, 32, 2, **changes)


def normalised_and_sheared() -> float:
    np.random.seed(1)
    convolution = layers.Conv2D(8, 3, strides=2, activation="relu")
    changes = {"featurewise_center": True, "featurewise_std_normalization": True}
    return _augmented(3200, 2000, convolution, 2, 64, 3, width_shift_range=2, shear_range=0.1, **changes)

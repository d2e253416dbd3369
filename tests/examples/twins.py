"""For each old program the same network, data and training as one writes them today, without scribal.legacy.

Random numbers are drawn in the same order, so that most twins end with the same accuracy to the last digit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import layers, optimizers, regularizers
from keras._tf_keras.keras.preprocessing.image import ImageDataGenerator
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

import scribal

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
        x, y = _shaped(mnist.x_train[: self.samples], self.shape) * self.scale, mnist.y_train[: self.samples]
        x_test = _shaped(mnist.x_test[: self.tested], self.shape) * self.scale
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


def _shaped(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return images.reshape(len(images), *shape).astype(np.float32)


def _uniform() -> Any:
    return keras.initializers.RandomUniform(-0.05, 0.05)


def _dense(units: int, **settings: Any) -> Callable[[], list[Any]]:
    return lambda: [layers.Dense(units, **settings), layers.Dense(10, activation="softmax")]


def _functional() -> float:
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


def _residual() -> float:
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


def _random_numbers() -> float:
    np.random.seed(5)
    x, y = np.random.random((1000, 100)), np.random.randint(10, size=(1000, 1))
    x_test, y_test = np.random.random((200, 100)), np.random.randint(10, size=(200, 1))
    model = keras.Sequential([keras.Input((100,)), *_dense(64, activation="relu")()])
    optimizer = optimizers.SGD(0.01, momentum=0.9, nesterov=True)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    scribal.fit(model, x, y, epochs=5, verbose=0)
    return accuracy_of(model, x_test, y_test[:, 0])


def _toy() -> float:
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


def _cross_validated() -> float:
    mnist = scribal.load_dataset("mnist")
    x, y, x_test = _shaped(mnist.x_train[:1500], FLAT) / 255, mnist.y_train[:1500], _shaped(mnist.x_test, FLAT)
    np.random.seed(7)

    def fitted(rows: np.ndarray, epochs: int, neurons: int = 32, inputs: np.ndarray = x) -> Any:
        hidden = layers.Dense(neurons, activation="relu", kernel_initializer=_uniform())
        output = layers.Dense(10, activation="softmax", kernel_initializer=_uniform())
        model = keras.Sequential([keras.Input(FLAT), hidden, output])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        scribal.fit(model, inputs[rows], y[rows], epochs=epochs, batch_size=20, verbose=0)
        return model

    for rows, _ in KFold(3, shuffle=True, random_state=7).split(x):
        fitted(rows, 5)
    halves = list(StratifiedKFold(2).split(x, y))
    scores = {n: np.mean([accuracy_of(fitted(a, 3, n), x[b], y[b]) for a, b in halves]) for n in (8, 32)}
    fitted(np.arange(1500), 3, max(scores, key=scores.__getitem__))
    raw = _shaped(mnist.x_train[:1500], FLAT)
    low, span = raw.min(axis=0), np.ptp(raw, axis=0)
    span[span == 0] = 1
    model = fitted(np.arange(1500), 5, inputs=(raw - low) / span)
    return accuracy_of(model, (x_test - low) / span, mnist.y_test)


def _table() -> float:
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


def _in_batches() -> float:
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
    x, y = _shaped(mnist.x_train[:samples], PICTURE) * scale, mnist.y_train[:samples]
    x_test, y_test = _shaped(mnist.x_test[:tested], PICTURE) * scale, mnist.y_test[:tested]
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


def _shifted_and_turned() -> float:
    np.random.seed(0)
    convolution = layers.Conv2D(8, 5, padding="same", activation="relu")
    changes = {"rotation_range": 10, "width_shift_range": 0.1, "height_shift_range": 0.1, "zoom_range": 0.1}
    return _augmented(3200, 1000, convolution, 4, 32, 2, **changes)


def _normalised_and_sheared() -> float:
    np.random.seed(1)
    convolution = layers.Conv2D(8, 3, strides=2, activation="relu")
    changes = {"featurewise_center": True, "featurewise_std_normalization": True}
    return _augmented(3200, 2000, convolution, 2, 64, 3, width_shift_range=2, shear_range=0.1, **changes)


TWINS: dict[str, Callable[[], float]] = {
    "keras0_show_accuracy": Twin(
        lambda: [
            layers.Dense(64, kernel_initializer=_uniform()),
            layers.Activation("tanh"),
            layers.Dropout(0.2),
            layers.Dense(10, kernel_initializer=_uniform()),
            layers.Activation("softmax"),
        ],
        FLAT,
        optimizer=optimizers.RMSprop,
        fit={"epochs": 2, "batch_size": 128},
        numpy_seed=1337,
    ).accuracy,
    "keras1_convnet": Twin(
        lambda: [
            layers.Conv2D(8, 3, padding="same", kernel_initializer="he_normal", activation="relu"),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        samples=12_000,
        optimizer=lambda: optimizers.Adadelta(1.0),
        fit={"batch_size": 128},
        numpy_seed=1337,
    ).accuracy,
    "keras1_functional": _functional,
    "keras1_generator": _shifted_and_turned,
    "keras2_augmentation": _normalised_and_sheared,
    "keras1_mistakes": Twin(
        lambda: [layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(10, activation="softmax")],
        FLAT,
        fit={"batch_size": 128},
        numpy_seed=10,
    ).accuracy,
    "keras1_regularizers": Twin(
        lambda: [
            layers.Flatten(),
            layers.GaussianNoise(0.05),
            layers.Dense(
                64,
                kernel_initializer="he_normal",
                kernel_regularizer=regularizers.L2(1e-4),
                bias_regularizer=regularizers.L2(1e-4),
            ),
            layers.BatchNormalization(momentum=0.9),
            layers.LeakyReLU(0.1),
            layers.Dropout(0.2),
            layers.Dense(32, kernel_initializer="glorot_normal", kernel_constraint=keras.constraints.MaxNorm(3)),
            layers.ELU(),
            layers.Dense(10, kernel_initializer=_uniform(), activation="softmax"),
        ],
        SQUARE,
        samples=10_000,
        optimizer=lambda: optimizers.SGD(
            optimizers.schedules.InverseTimeDecay(0.05, 1, 1e-4), momentum=0.9, nesterov=True
        ),
        fit={"batch_size": 64, "epochs": 2},
        numpy_seed=42,
    ).accuracy,
    "keras1_theano_order": Twin(
        lambda: [
            layers.Conv2D(8, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(8, 3, strides=2, activation="relu"),
            layers.Permute((3, 1, 2)),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        samples=6_000,
        fit={"epochs": 2, "batch_size": 100, "engine": "keras"},  # as it does what has its channels first
        numpy_seed=7,
    ).accuracy,
    "keras2_callbacks": Twin(
        lambda: [layers.Flatten(), *_dense(32, activation="relu")()],
        SQUARE,
        samples=6_000,
        fit={
            "epochs": 3,
            "batch_size": 64,
            "validation_split": 0.1,
            "callbacks": [
                keras.callbacks.LearningRateScheduler(lambda epoch: 0.001 * 0.9**epoch),
                keras.callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True),
            ],
        },
    ).accuracy,
    "keras2_cross_validation": _cross_validated,
    "keras2_dropout_cnn": Twin(
        lambda: [
            layers.Conv2D(16, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(36, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        samples=15_000,
        fit={"batch_size": 300, "validation_split": 0.2},
        numpy_seed=10,
    ).accuracy,
    "keras2_filters": Twin(
        lambda: [
            layers.Conv2D(16, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        samples=10_000,
        fit={"batch_size": 64},
    ).accuracy,
    "keras2_json_weights": Twin(
        lambda: [
            layers.Dense(32, kernel_initializer=keras.initializers.RandomNormal(stddev=0.05), activation="relu"),
            layers.Dense(10, kernel_initializer=keras.initializers.RandomNormal(stddev=0.05), activation="softmax"),
        ],
        FLAT,
        fit={"batch_size": 200},
        numpy_seed=7,
    ).accuracy,
    "keras2_kaggle_table": _table,
    "keras2_lenet": Twin(
        lambda: [
            layers.Conv2D(6, 3, padding="same"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(120),
            layers.Dense(84),
            layers.Dense(10, activation="softmax"),
        ],
        optimizer=lambda: optimizers.SGD(0.01),
        fit={"batch_size": 64, "epochs": 2},
    ).accuracy,
    "keras2_mlp_shifted_one": Twin(
        lambda: [layers.Flatten(), *_dense(1024, activation="relu")()],
        SQUARE,
        fit={"batch_size": 1024, "epochs": 2},
    ).accuracy,
    "keras2_notebook": Twin(
        lambda: [
            layers.Conv2D(8, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            *_dense(32, activation="relu")(),
        ],
        samples=10_000,
        fit={"batch_size": 64, "epochs": 2},
    ).accuracy,
    "keras2_softmax_mlp": _random_numbers,
    "keras2_tiny_cnn": Twin(
        lambda: [
            layers.Conv2D(3, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        scale=1,
        fit={"epochs": 3},
    ).accuracy,
    "keras2_toy": _toy,
    "keras2_two_conv": Twin(
        lambda: [
            layers.Conv2D(16, 3, activation="relu"),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        samples=10_000,
        scale=1,
    ).accuracy,
    "tf_convnet_adam_lr": Twin(
        lambda: [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        samples=12_000,
        optimizer=lambda: optimizers.Adam(0.002),
        fit={"epochs": 2},
    ).accuracy,
    "tf_dataset_functional": _residual,
    "tf_first_network": Twin(
        lambda: [
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ],
        SQUARE,
    ).accuracy,
    "tf_input_data": _in_batches,
    "tf_logits": Twin(
        lambda: [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(10)],
        SQUARE,
        samples=12_000,
        fit={"epochs": 2},
        seed=0,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    ).accuracy,
}

"""The networks of seven well-known tutorials, layer by layer and number by number as they give them.

Where a tutorial scores its network on the test set after each epoch, so does the recipe; no setting is chosen by it.
"""

from typing import Any

from scribal.backend import import_keras
from scribal.recipes.recipe import Recipe, Shape

__all__ = ["TUTORIALS"]

ONE_HOT = "categorical_crossentropy"
INTEGER = "sparse_categorical_crossentropy"


def _tiny_cnn(shape: Shape, classes: int) -> Any:
    keras = import_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(3, 3),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(classes),
            layers.Softmax(),
        ],
        name="tiny_cnn",
    )


def _mlp(shape: Shape, classes: int) -> Any:
    keras = import_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(),
            layers.Dense(1024, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ],
        name="mlp",
    )


def _two_conv(shape: Shape, classes: int) -> Any:
    keras = import_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(classes, activation="softmax"),
        ],
        name="two_conv",
    )


def _lenet(shape: Shape, classes: int) -> Any:
    keras = import_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(6, 3, padding="same"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(120),
            layers.Dense(84),
            layers.Dense(classes, activation="softmax"),
        ],
        name="lenet",
    )


def _dropout_cnn(shape: Shape, classes: int) -> Any:
    keras = import_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(16, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(36, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(classes, activation="softmax"),
        ],
        name="dropout_cnn",
    )


def _toy_mlp(shape: Shape, classes: int) -> Any:  # noqa: ARG001 (one sigmoid tells two classes apart)
    keras = import_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Dense(5, activation="relu"),
            layers.Dense(4, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ],
        name="toy_mlp",
    )


def _softmax_mlp(shape: Shape, classes: int) -> Any:
    keras = import_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ],
        name="softmax_mlp",
    )


TUTORIALS = (
    Recipe(
        name="tiny-cnn",
        summary="Conv2D 3 filters 3x3, ReLU, MaxPooling2D 2, Flatten, Dense 10, softmax; on raw pixels",
        network=_tiny_cnn,
        parameters=5_110,
        scale=1.0,
        epochs=10,
        reported_note="a summary table and four predictions turned into digits",
    ),
    Recipe(
        name="mlp",
        summary="Flatten, Dense 1024 ReLU, Dense 10 softmax",
        network=_mlp,
        parameters=814_090,
        loss=INTEGER,
        batch_size=1024,
        epochs=5,
        reported_note="probability 0.923 of a 1 for the mean image of all training 1s",
    ),
    Recipe(
        name="two-conv",
        summary="Conv2D 16 3x3 ReLU, Conv2D 8 3x3 ReLU, Flatten, Dense 10 softmax; on raw pixels",
        network=_two_conv,
        parameters=47_410,
        scale=1.0,
        epochs=5,
        reported={"test_accuracy": 0.9706},
    ),
    Recipe(
        name="lenet",
        summary="Conv2D 6 3x3 same, pool, Conv2D 16 5x5, pool, Dense 120, Dense 84, Dense 10 softmax; linear within",
        network=_lenet,
        parameters=61_610,
        optimizer="sgd",
        optimizer_arguments={"learning_rate": 0.01},
        batch_size=64,
        epochs=50,
        reported={"train_accuracy": 0.9939, "test_accuracy": 0.9852},
        reported_note="saved as .h5",
    ),
    Recipe(
        name="dropout-cnn",
        summary="two 5x5 ReLU convolutions (16, 36) with pooling, Dropout, Dense 128 ReLU, Dropout, Dense 10 softmax",
        network=_dropout_cnn,
        parameters=242_062,
        batch_size=300,
        epochs=20,
        validation=0.2,
        reported={"test_accuracy": 0.9926},
        reported_note="about 64 seconds an epoch",
    ),
    Recipe(
        name="toy-mlp",
        summary="3 inputs, Dense 5 ReLU, Dense 4 ReLU, Dense 1 sigmoid; four samples",
        network=_toy_mlp,
        parameters=49,
        input_shape=(3,),
        classes=2,
        dataset="toy",
        scale=1.0,
        loss="mean_squared_error",
        optimizer="sgd",
        batch_size=32,
        epochs=20_000,
        validation="none",
        reported_note="the prediction of the first sample",
    ),
    Recipe(
        name="softmax-mlp",
        summary="100 inputs, Dense 64 ReLU, Dense 10 softmax; SGD with Nesterov momentum",
        network=_softmax_mlp,
        parameters=7_114,
        input_shape=(100,),
        dataset="mnist-10x10",
        optimizer="sgd",
        optimizer_arguments={"learning_rate": 0.01, "momentum": 0.9, "nesterov": True},
        epochs=5,
        reported_note="the cycle of compile, fit, evaluate and predict, the last two with batches of 128",
    ),
)

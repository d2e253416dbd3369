import numpy as np
import pytest

from scribal.backend import import_keras
from scribal.models import Metadata, save_folder

SHAPE = (8, 8, 1)


def sequential(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(3, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def compiled(keras):
    model = sequential(keras)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def functional(keras):
    layers = keras.layers
    image = keras.Input(SHAPE)
    shared = layers.Conv2D(2, 3, padding="same")
    one = shared(image)
    two = layers.BatchNormalization()(layers.Conv2D(2, 1)(image))
    joined = layers.Concatenate()([layers.Add()([one, two]), two])
    return keras.Model(image, layers.Dense(10, activation="softmax")(layers.Flatten()(joined)))


def nested(keras):
    layers = keras.layers
    inner = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dense(6, activation="relu")])
    return keras.Sequential([keras.Input(SHAPE), inner, layers.Dense(10, activation="softmax")])


BUILDERS = {builder.__name__: builder for builder in (sequential, compiled, functional, nested)}


@pytest.fixture(scope="session")
def keras():
    return import_keras()


@pytest.fixture(scope="session", params=BUILDERS)
def model(request, keras):
    return BUILDERS[request.param](keras)


@pytest.fixture(scope="session")
def plain_model(keras):
    return sequential(keras)


@pytest.fixture
def compiled_model(keras):
    return compiled(keras)


@pytest.fixture(scope="session")
def metadata():
    return Metadata(scale=1.0, class_names=tuple("abcdefghij"), recipe="tiny-cnn", dataset="mnist")


@pytest.fixture(scope="session")
def answers():
    """Give a model's answers to fixed images, to be compared bit for bit."""
    images = np.random.default_rng(0).random((5, *SHAPE), dtype=np.float32)
    return lambda model: np.asarray(model(images)).tobytes()


@pytest.fixture(scope="session")
def saved(tmp_path_factory, plain_model, metadata):
    """All four files of an undamaged model; tests copy from here."""
    folder = tmp_path_factory.mktemp("saved")
    save_folder(plain_model, folder, metadata)
    return folder

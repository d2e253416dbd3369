"""Architectures, weights and whole models that older versions of Keras wrote."""

import json

import h5py
import keras
import numpy as np
import pytest
from old_files import (
    ADAM_TENSORFLOW,
    CONFIGURATIONS,
    KERAS_2_2,
    MEAN_METRIC,
    SGD_2,
    SGD_DECAYED,
    kernels,
    write_model,
    write_weights,
)

X = np.random.default_rng(0).random((5, 8, 8, 1), np.float32)
Y = np.eye(3, dtype="float32")[[0, 1, 2, 0, 1]]


@pytest.fixture(scope="module")
def expected():
    """What the network of the files answers, written in today's Keras."""
    network = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Dropout(0.25),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    network.set_weights([array for arrays in kernels().values() for array in arrays])
    return network.predict(X, verbose=0)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_an_old_architecture_is_built_and_takes_old_weights(models, tmp_path, expected, name):
    network = keras.models.model_from_json(json.dumps(CONFIGURATIONS[name]))
    with h5py.File(tmp_path / "weights", "w") as file:
        write_weights(file, CONFIGURATIONS[name])
    network.load_weights(tmp_path / "weights")
    assert [layer.name for layer in network.layers if layer.weights][-1] == "dense_1"
    np.testing.assert_allclose(network.predict(X), expected, rtol=1e-5)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_an_old_model_is_loaded_whole(models, tmp_path, expected, name):
    write_model(tmp_path / "model.h5", CONFIGURATIONS[name])
    network = keras.models.load_model(tmp_path / "model.h5")
    np.testing.assert_allclose(network.predict(X), expected, rtol=1e-5)
    # A tutorial's next step: what the filters see.
    part = keras.Model(inputs=network.input, outputs=network.layers[-2].output)
    assert part.predict(X).shape == (5, 32)


@pytest.mark.parametrize(
    ("optimizer", "metrics"),
    [(SGD_2, ["acc"]), (SGD_DECAYED, ["accuracy"]), (ADAM_TENSORFLOW, [[MEAN_METRIC]]), (SGD_2, [])],
    ids=["SGD", "decay", "TensorFlow", "no metrics"],
)
def test_an_old_model_goes_on_learning(models, tmp_path, optimizer, metrics):
    write_model(tmp_path / "model.h5", KERAS_2_2, optimizer, metrics)
    network = keras.models.load_model(tmp_path / "model.h5")
    history = network.fit(X, Y, verbose=0).history
    assert len(history) == (2 if metrics else 1)
    assert type(network.optimizer).__name__ == optimizer["class_name"]
    rate = optimizer["config"].get("lr") or optimizer["config"]["learning_rate"]
    assert float(network.optimizer.learning_rate) == pytest.approx(rate, rel=0.02)
    assert not models.refusals


def test_a_training_that_cannot_be_restored_is_named_and_the_model_answers(models, tmp_path, expected):
    write_model(tmp_path / "model.h5", KERAS_2_2, {"class_name": "OfMyOwn", "config": {}})
    network = keras.models.load_model(tmp_path / "model.h5")
    assert not network.compiled
    np.testing.assert_allclose(network.predict(X), expected, rtol=1e-5)
    assert [change.modern for change in models.refusals] == ["model.compile(...)"]


def test_a_file_that_is_loaded_stays_as_it_was(models, tmp_path):
    path = tmp_path / "model.h5"
    write_model(path, KERAS_2_2, SGD_2)
    before = path.read_bytes()
    keras.models.load_model(path)
    assert path.read_bytes() == before

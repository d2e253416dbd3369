"""The engine and Keras answer alike, and it is said which of them did."""

import keras
import numpy as np
import pytest
from keras import layers

import scribal
from scribal.engine.errors import LoweringError
from scribal.exceptions import UnknownNameError


def network(*last, loss=None):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(3, 3), layers.Flatten(), *last])
    if loss is not None:
        model.compile("sgd", loss)
    return model


def dataset(classes):
    generator = np.random.default_rng(0)
    x, y = generator.integers(256, size=(40, 6, 6), dtype=np.uint8), np.arange(40) % classes
    names = tuple(str(number) for number in range(classes))
    return scribal.Dataset(name="noise", x_train=x, y_train=y, x_test=x, y_test=y, class_names=names)


@pytest.mark.parametrize(
    ("last", "loss", "classes"),
    [
        ([layers.Dense(5, activation="softmax")], "categorical_crossentropy", 5),
        ([layers.Dense(5), layers.Softmax()], "sparse_categorical_crossentropy", 5),
        ([layers.Dense(5)], None, 5),
        ([layers.Dense(5)], keras.losses.SparseCategoricalCrossentropy(from_logits=True), 5),
        ([layers.Dense(5, activation="softmax")], keras.losses.CategoricalCrossentropy(label_smoothing=0.1), 5),
        ([layers.Dense(5, activation="sigmoid")], "mse", 5),
        ([layers.Dense(1, activation="sigmoid")], "binary_crossentropy", 2),
        ([layers.Dense(1)], keras.losses.BinaryCrossentropy(from_logits=True), 2),
        ([layers.Dense(1, activation="sigmoid")], None, 2),
    ],
)
def test_engine_and_keras_answer_alike(last, loss, classes):
    model, data = network(*last, loss=loss), dataset(classes)
    native, other = (scribal.evaluate(model, data, engine=engine) for engine in ("native", "keras"))
    assert (native.engine, other.engine) == ("native", "keras")
    assert native.loss == pytest.approx(other.loss, rel=1e-5)
    np.testing.assert_allclose(native.probabilities, other.probabilities, atol=1e-5)
    answers = [np.asarray(scribal.predict(model, data.x_test, engine=engine)) for engine in ("native", "keras")]
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-5)
    np.testing.assert_allclose(answers[0], native.probabilities, atol=1e-6)


def test_it_is_said_why_keras_answered():
    model, data = network(layers.Dense(5, activation="hard_sigmoid")), dataset(5)
    for answer in (scribal.evaluate(model, data), scribal.predict(model, data.x_test)):
        assert answer.engine == "keras"
        assert "activation" in answer.reason
    assert scribal.predict(model, data.x_test, engine="keras").reason == ""
    with pytest.raises(LoweringError, match="activation"):
        scribal.predict(model, data.x_test, engine="native")


def test_a_loss_without_a_native_form_is_measured_by_keras():
    model, data = network(layers.Dense(5, activation="softmax"), loss="kl_divergence"), dataset(5)
    evaluation = scribal.evaluate(model, data)
    assert evaluation.engine == "keras"
    assert "loss" in evaluation.reason
    assert scribal.predict(model, data.x_test).engine == "native"


def test_an_unknown_engine_is_refused():
    with pytest.raises(UnknownNameError, match="native"):
        scribal.predict(network(layers.Dense(2)), np.ones((1, 6, 6)), engine="nativ")

"""The engine under Keras' own methods."""

import inspect

import keras
import numpy as np
import pytest
from fitting_networks import images, network, same_state, yes_or_no
from keras import callbacks

import scribal
from scribal.engine.errors import FallbackWarning
from scribal.exceptions import DataError

X, Y = images()
METHODS = ("fit", "evaluate", "predict")


@pytest.fixture(autouse=True)
def disabled_again():
    yield
    scribal.disable()


def methods():
    return [getattr(keras.Model, name) for name in METHODS]


def test_disable_restores_what_was_there():
    before, names = methods(), set(vars(keras.Model))
    scribal.disable()
    scribal.enable()
    scribal.enable()
    assert not any(one is two for one, two in zip(methods(), before, strict=True))
    signatures = [inspect.signature(method) for method in methods()]
    scribal.disable()
    assert all(one is two for one, two in zip(methods(), before, strict=True))
    assert set(vars(keras.Model)) == names
    assert signatures == [inspect.signature(method) for method in before]


def test_a_block_leaves_things_as_they_were():
    before = methods()
    with scribal.enable(), scribal.enable():
        pass
    assert methods() == before
    scribal.enable()
    with scribal.enable():
        pass
    assert methods() != before


def test_programs_for_keras_train_natively():
    one, other = network(), network()
    options = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0, "validation_data": (X, Y)}
    with scribal.enable():
        native = one.fit(X, Y, **options)
        assert one.train_function is None
    expected = other.fit(X, Y, **options)
    np.testing.assert_allclose(native.history["val_loss"], expected.history["val_loss"], rtol=1e-5)
    same_state(one, other)


METRICS = ["accuracy", "sparse_top_k_categorical_accuracy"]


@pytest.mark.parametrize(
    ("metrics", "options"),
    [
        ([], {}),
        ([], {"return_dict": True}),
        (METRICS[:1], {}),
        (METRICS[:1], {"batch_size": 16, "steps": 2}),
        (METRICS, {"sample_weight": np.linspace(0, 2, 70)}),
        (METRICS, {"return_dict": True}),
    ],
    ids=str,
)
def test_evaluation_returns_what_keras_does(metrics, options):
    model = network(metrics=metrics)
    expected = model.evaluate(X, Y, verbose=0, **options)
    with scribal.enable():
        native = model.evaluate(X, Y, verbose=0, **options)
    assert type(native) is type(expected)
    assert native == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("options", [{}, {"batch_size": 1000}, {"batch_size": 16, "steps": 2}], ids=str)
@pytest.mark.parametrize("x", [X, X[..., 0], (X * 255).astype(np.uint8), X[:1], keras.ops.convert_to_tensor(X)])
def test_predictions_are_keras(x, options):
    if options.get("steps") and len(x) == 1:
        options = {}
    model = network()
    expected = model.predict(x, verbose=0, **options)
    with scribal.enable():
        np.testing.assert_allclose(model.predict(x, verbose=0, **options), expected, rtol=1e-5, atol=1e-6)


def test_a_model_need_not_be_compiled_to_answer():
    model = keras.Sequential(network().layers)
    expected = model.predict(X, verbose=0)
    with scribal.enable():
        np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-5, atol=1e-6)
        model.set_weights([2 * weight for weight in model.get_weights()])
        doubled = model.predict(X, verbose=0)
    np.testing.assert_allclose(doubled, model.predict(X, verbose=0), rtol=1e-5, atol=1e-6)


def test_answers_follow_the_weights():
    model = network()
    with scribal.enable():
        model.fit(X, Y, verbose=0)
        model.set_weights([weight / 2 for weight in model.get_weights()])
        answers, measured = model.predict(X, verbose=0), model.evaluate(X, Y, verbose=0)
    np.testing.assert_allclose(answers, model.predict(X, verbose=0), rtol=1e-5, atol=1e-6)
    assert measured == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)


def test_callbacks_hear_of_batches():
    heard = []

    class Hears(callbacks.Callback):
        def on_predict_batch_end(self, batch, logs=None):
            heard.append((batch, len(logs["outputs"])))

        def on_test_batch_end(self, batch, logs=None):
            heard.append((batch, sorted(logs)))

    model = network()
    with scribal.enable():
        model.predict(X, batch_size=32, verbose=0, callbacks=[Hears()])
        model.evaluate(X, Y, batch_size=64, verbose=0, callbacks=[Hears()])
    assert heard == [(0, 32), (1, 32), (2, 6), (0, ["accuracy", "loss"]), (1, ["accuracy", "loss"])]


class Own(keras.Model):
    """A network that only Keras can run."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


def test_what_has_no_native_form_goes_to_keras():
    model = Own()
    model.compile("sgd", "mse")
    x, y = np.ones((8, 3)), np.ones((8, 1))
    scribal.enable()
    for call in (
        lambda: model.fit(x, y, verbose=0),
        lambda: model.evaluate(x, y, verbose=0),
        lambda: model.predict(x, verbose=0),
        lambda: scribal.fit(model, x, y, verbose=0),
    ):
        with pytest.warns(FallbackWarning, match="class of its own") as told:
            call()
        assert [warning.filename for warning in told] == [__file__]


def test_a_method_of_the_users_own_may_call_keras():
    class Louder(keras.Sequential):
        def fit(self, *arguments, **options):
            return super().fit(*arguments, **options | {"epochs": 3})

    model = Louder([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with scribal.enable(), pytest.warns(FallbackWarning):
        assert model.fit(np.ones((8, 3)), np.ones((8, 1)), verbose=0).epoch == [0, 1, 2]


def test_errors_are_raised_through_keras_methods():
    with scribal.enable(), pytest.raises(DataError, match="inputs"):
        yes_or_no().predict(np.ones((4, 5)), verbose=0)
    with scribal.enable(), pytest.raises(ValueError, match="compile"):
        keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]).evaluate(np.ones((4, 3)), np.ones((4, 1)))

"""What was one graph in Keras 1 and 2: losses on tensors of layers, models that are merged, numbers drawn within."""

import keras
import numpy as np
import pytest
from small_networks import CLASSES, X, Y

from scribal.legacy import backend as K  # noqa: N812 (as every old program has it)


class Squares(keras.layers.Layer):
    """Passes on what it gets, and adds the mean of its squares to the loss."""

    def call(self, x):
        self.add_loss(keras.ops.mean(keras.ops.square(x)))
        return x


def tensors(*, squares=False):
    """The input, the hidden layer and the output of a network with the same weights each time."""
    keras.utils.set_random_seed(3)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(5, activation="tanh")(inputs)
    seen = Squares()(hidden) if squares else hidden
    return inputs, hidden, keras.layers.Dense(3)(seen)


def added(inputs, hidden, outputs):
    model = keras.Model(inputs, outputs)
    model.add_loss(keras.ops.mean(keras.ops.square(hidden)))
    return model, "mse"


def closed_over(inputs, hidden, outputs):
    def loss(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_pred - y_true), axis=-1) + penalty()

    def penalty():
        return keras.ops.mean(keras.ops.square(hidden), axis=-1)

    return keras.Model(inputs, outputs), loss


def within_a_layer(inputs, hidden, outputs):
    class Penalty(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(keras.ops.mean(keras.ops.square(hidden)), inputs=inputs)
            return inputs

    return keras.Model(inputs, Penalty()(outputs)), "mse"


def trained(model, loss):
    model.compile("adam", loss=loss, metrics=["mae"])
    history = model.fit(X, Y, epochs=2, batch_size=20, shuffle=False, verbose=0, validation_data=(X, Y)).history
    return model.get_weights(), history


@pytest.mark.parametrize("old", [added, closed_over, within_a_layer])
def test_a_loss_on_a_tensor_of_a_layer_trains_as_one_that_a_layer_adds(models, old):
    weights, history = trained(*old(*tensors()))
    inputs, _, outputs = tensors(squares=True)
    expected, modern = trained(keras.Model(inputs, outputs), "mse")
    for one, other in zip(weights, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert history.keys() == modern.keys()
    for name, values in modern.items():
        assert history[name] == pytest.approx(values, rel=1e-5), name


def test_a_loss_that_looks_at_nothing_else_stays_the_engines(models):
    inputs, _, outputs = tensors()
    model = keras.Model(inputs, outputs)
    model.compile("adam", loss=keras.losses.mean_squared_error)
    model.fit(X, Y, verbose=0)
    assert [(run.call, run.on) for run in models.runs] == [("fit", "engine")]


def test_numbers_are_drawn_anew_in_each_step(models):
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Lambda(lambda x: x + K.random_normal(keras.ops.shape(x)), output_shape=(4,))]
    )
    model.compile("sgd", "mse")
    first, second = (model.predict(X) for _ in range(2))
    assert abs(first - second).mean() > 0.1
    assert abs(first[:20] - X[:20]).mean() > 0.1


@pytest.mark.parametrize(
    ("mode", "width"), [("concat", 8), ("sum", 4), (lambda pair: keras.ops.maximum(pair[0], pair[1]), 4)]
)
def test_models_are_merged_into_one_of_as_many_inputs(models, mode, width):
    branches = [keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)]) for _ in range(2)]
    model = keras.Sequential()
    model.add(keras.layers.Merge(branches, mode=mode))
    model.add(keras.layers.Dense(3, activation="softmax"))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    model.fit([X, X], Y, nb_epoch=1, verbose=0, validation_data=([X, X], Y))
    assert model.layers[-1].kernel.shape == (width, 3)
    assert model.predict_classes([X, X]).shape == CLASSES.shape
    assert len(model.get_weights()) == 6


@pytest.mark.parametrize(
    "initializer",
    [
        lambda shape, name: K.variable(np.full(shape, 2.0), name=name),
        lambda shape, name=None: np.full(shape, 2.0, dtype=name),
        lambda shape: np.full(shape, 2.0),
        lambda shape, dtype=None: keras.ops.full(shape, 2.0, dtype=dtype),
    ],
)
def test_a_function_is_an_initializer_as_in_any_keras(models, initializer):
    layer = keras.layers.Dense(3, init=initializer)
    layer.build((None, 4))
    np.testing.assert_array_equal(layer.get_weights()[0], np.full((4, 3), 2.0))


@pytest.mark.parametrize("name", ["normal", "uniform", "orthogonal", "identity", "zero", "one", "glorot_uniform"])
def test_keras_1s_initializations_give_values_of_a_shape(models, name):
    from scribal.legacy.given import initializations

    initialize = getattr(initializations, name)
    layer = keras.layers.SimpleRNN(4, inner_init=lambda shape, name: initialize(shape, name=name))
    layer.build((None, 2, 4))
    assert layer.get_weights()[1].shape == (4, 4)

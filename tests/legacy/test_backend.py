"""``keras.backend`` of Keras 1 and 2."""

# ruff: noqa: N802, N803, ARG005 (K is what all programs call it; not every function of a table needs both arguments)

import numpy as np
import pytest

from scribal.legacy.importing import installed_modules


@pytest.fixture
def K(journal):
    with installed_modules():
        import keras
        from keras import backend

        yield backend
        keras.config.set_image_data_format("channels_last")


@pytest.fixture
def network():
    import keras

    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            keras.layers.Conv2D(2, 3, activation="relu", kernel_initializer="ones", name="convolution"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    return keras.Model(model.inputs[0], model.outputs[0])


X = np.random.default_rng(5).normal(size=(2, 3)).astype("float32")
Y = np.random.default_rng(6).normal(size=(4, 3, 5)).astype("float32")


def test_every_way_to_it_is_the_same_module(K):
    import keras.backend
    import tensorflow as tf
    from tensorflow.keras import backend

    assert K is keras.backend is tf.keras.backend is backend


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda K, x: K.mean(x), X.mean()),
        (lambda K, x: K.sum(x, axis=-1, keepdims=True), X.sum(-1, keepdims=True)),
        (lambda K, x: K.mean(K.square(x), axis=-1), (X**2).mean(-1)),
        (lambda K, x: K.sqrt(K.abs(x)), np.sqrt(np.abs(X))),
        (lambda K, x: K.clip(x, min_value=K.epsilon(), max_value=1.0), X.clip(1e-7, 1)),
        (lambda K, x: K.log(K.exp(x)), X),
        (lambda K, x: K.max(x, axis=1), X.max(1)),
        (lambda K, x: K.argmax(x), X.argmax(-1)),
        (lambda K, x: K.expand_dims(x), X[..., None]),
        (lambda K, x: K.concatenate([x, x]), np.concatenate([X, X], -1)),
        (lambda K, x: K.stack([x, x]), np.stack([X, X])),
        (lambda K, x: K.flatten(x), X.ravel()),
        (lambda K, x: K.batch_flatten(K.variable(Y)), Y.reshape(4, 15)),
        (lambda K, x: K.reshape(x, (3, 2)), X.reshape(3, 2)),
        (lambda K, x: K.transpose(x), X.T),
        (lambda K, x: K.permute_dimensions(K.variable(Y), (0, 2, 1)), Y.transpose(0, 2, 1)),
        (lambda K, x: K.dot(x, K.variable(X.T)), X @ X.T),
        (lambda K, x: K.dot(x, K.variable(Y)), np.tensordot(X, Y, axes=[[1], [1]])),
        (lambda K, x: K.batch_dot(K.variable(Y), K.variable(Y), axes=[1, 1]), np.einsum("bij,bik->bjk", Y, Y)),
        (lambda K, x: K.relu(x, alpha=0.1), np.where(X > 0, X, 0.1 * X)),
        (lambda K, x: K.hard_sigmoid(x), (0.2 * X + 0.5).clip(0, 1)),
        (lambda K, x: K.l2_normalize(x, axis=1), X / np.linalg.norm(X, axis=1, keepdims=True)),
        (lambda K, x: K.repeat(x, 2), np.repeat(X[:, None], 2, 1)),
        (lambda K, x: K.repeat_elements(x, 2, axis=1), np.repeat(X, 2, 1)),
        (lambda K, x: K.gather(x, np.array([1, 0])), X[[1, 0]]),
        (lambda K, x: K.reverse(x, 0), X[::-1]),
        (lambda K, x: K.cumsum(x), X.cumsum(0)),
        (lambda K, x: K.switch(x > 0, x, -x), np.abs(X)),
        (lambda K, x: K.cast(K.equal(x, x), "float32"), np.ones((2, 3))),
        (lambda K, x: K.any(K.greater(x, 100)), False),
        (lambda K, x: K.mean(K.equal(K.argmax(x, axis=-1), K.argmax(x, axis=-1))), 1.0),
        (lambda K, x: K.round(x), np.rint(X)),
        (lambda K, x: K.pow(x, 2), X**2),
        (lambda K, x: K.ones((2, 2)), np.ones((2, 2))),
        (lambda K, x: K.constant(3, shape=(2,)), [3, 3]),
        (lambda K, x: K.in_train_phase(x, lambda: -x), -X),
    ],
)
def test_functions_give_what_they_gave(K, compute, expected):
    np.testing.assert_allclose(K.eval(compute(K, K.variable(X))), expected, rtol=1e-5, atol=1e-6)


def test_each_function_is_in_the_journal_once_a_line(K, journal):
    for _ in range(2):
        K.square(K.variable(2.0))
    assert {(change.old, change.modern) for change in journal.changes} == {
        ("keras.backend.square", "keras.ops.square"),
        ("keras.backend.variable", "keras.Variable"),
    }


def test_variables_are_read_and_set(K):
    variable = K.variable(np.zeros((2, 2)))
    K.set_value(variable, np.ones((2, 2)))
    assert K.get_value(variable).tolist() == [[1, 1], [1, 1]]
    assert K.int_shape(variable) == (2, 2)
    assert (K.ndim(variable), K.dtype(variable), K.count_params(variable)) == (2, "float32", 4)


def test_a_function_gives_feature_maps(K, network):
    x = np.ones((4, 6, 6, 1), dtype="float32")
    maps = K.function([network.input, K.learning_phase()], [network.get_layer("convolution").output])([x, 0])
    assert [array.shape for array in maps] == [(4, 4, 4, 2)]
    answer = K.function([network.input], [network.output])([x])[0]
    np.testing.assert_allclose(answer, network.predict(x, verbose=0), rtol=1e-5)


def test_the_learning_phase_opens_dropout(K, network):
    ask = K.function([network.input, K.learning_phase()], [network.layers[-2].output])
    x = np.ones((1, 6, 6, 1), dtype="float32")
    np.testing.assert_array_equal(ask([x, 0])[0], ask([x, 0])[0])
    assert (ask([x, 1])[0] == 0).sum() > (ask([x, 0])[0] == 0).sum()


@pytest.mark.parametrize("inner", [False, True])
def test_gradients_are_those_of_finite_differences(K, network, inner):
    tensor = network.get_layer("convolution").output if inner else network.input
    slope, loss = K.gradients(network.output[:, 1], tensor)[0], K.sum(network.output[:, 1])
    x = np.random.default_rng(0).normal(size=(1, 6, 6, 1)).astype("float32")
    at = K.function([network.input], [tensor])([x])[0] if inner else x
    gradient, _ = K.function([network.input], [slope, loss])([x])
    value = K.function([tensor], [loss])
    step = np.zeros_like(at)
    place = np.unravel_index(np.abs(gradient).argmax(), at.shape)
    step[place] = 1e-2
    numeric = (value([at + step])[0] - value([at - step])[0]) / 2e-2
    np.testing.assert_allclose(gradient[place], numeric, rtol=0.05)


@pytest.mark.parametrize(("ordering", "data_format"), [("th", "channels_first"), ("tf", "channels_last")])
def test_the_order_of_axes_has_its_old_names(K, ordering, data_format):
    K.set_image_dim_ordering(ordering)
    assert K.image_data_format() == data_format
    assert K.image_dim_ordering() == ordering


def test_an_order_of_axes_that_never_was_is_refused(K):
    with pytest.raises(ValueError, match=r"'th' or 'tf'.*'theano'"):
        K.set_image_dim_ordering("theano")


def test_a_network_of_channels_first_learns(K):
    import keras

    (x, y), _ = keras.datasets.mnist.load_data()
    x, y = x[:600].reshape(-1, 1, 28, 28).astype("float32") / 255, y[:600]
    K.set_image_dim_ordering("th")
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((1, 28, 28)),
            keras.layers.Conv2D(8, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    assert model.layers[0].output.shape == (None, 8, 24, 24)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert model.fit(x, y, epochs=4, verbose=0).history["accuracy"][-1] > 0.7


def test_gradients_of_a_network_that_was_built_layer_by_layer(K):
    import keras

    model = keras.Sequential()
    for layer in (keras.Input((4,)), keras.layers.Dense(3, activation="tanh"), keras.layers.Dense(2)):
        model.add(layer)
    hidden, last = model.layers
    (slope,) = K.gradients(last.output[:, 0], hidden.output)
    x = np.ones((1, 4), dtype="float32")
    gradient, inner = K.function([model.inputs[0]], [slope, hidden.output])([x])
    np.testing.assert_allclose(gradient[0], last.get_weights()[0][:, 0], rtol=1e-6)
    np.testing.assert_allclose(K.function([hidden.output], [last.output])([inner])[0], model(x), rtol=1e-5)


def test_an_old_loss_trains(K):
    import keras

    def loss(y_true, y_pred):
        return K.mean(K.square(K.abs(y_true - y_pred)), axis=-1)

    def metric(y_true, y_pred):
        return K.mean(K.equal(K.round(y_true), K.round(y_pred)))

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", loss, metrics=[metric])
    history = model.fit(X, X[:, :1], epochs=3, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert "metric" in history


def test_sessions_are_set_up_and_do_nothing(K):
    import tensorflow as tf
    from keras.backend.tensorflow_backend import set_session

    config = tf.ConfigProto(allow_soft_placement=True)
    config.gpu_options.allow_growth = True
    set_session(tf.Session(config=config))
    K.get_session().close()
    K.clear_session()

"""Gradients by hand: ``tf.GradientTape``, functions under ``@tf.function``, and models with steps of their own."""

# ruff: noqa: ARG005 (not every function of a table needs both arguments)

import importlib

import jax
import keras
import numpy as np
import pytest

from scribal.legacy.importing import installed_modules
from scribal.legacy.tensorflow.compiled_functions import is_compiling

X = np.linspace(-1, 1, 24, dtype="float32").reshape(8, 3)
Y = np.arange(8) % 2


@pytest.fixture
def tf(models):
    with installed_modules():
        yield importlib.import_module("tensorflow")


@pytest.fixture
def network(tf):
    tf.random.set_seed(3)
    layers = [keras.layers.Dense(4, "relu"), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    return keras.Sequential([keras.Input((3,)), *layers])


def loss_of(answers):
    return keras.ops.mean(keras.losses.sparse_categorical_crossentropy(Y, answers, from_logits=True))


def test_a_tape_gives_the_gradients_of_jax(tf, network):
    with tf.GradientTape() as tape:
        loss = loss_of(network(X, training=False))
    found = tape.gradient(loss, network.trainable_variables)

    def of_weights(weights):
        rest = [variable.value for variable in network.non_trainable_variables]
        return loss_of(network.stateless_call(weights, rest, X, training=False)[0])

    expected = jax.grad(of_weights)([variable.value for variable in network.trainable_variables])
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda tf, x: x**2, 6.0),
        (lambda tf, x: tf.constant(2.0) * x + x * x.numpy(), 5.0),
        (lambda tf, x: tf.nn.relu(x) * tf.stop_gradient(x), 3.0),
        (lambda tf, x: tf.constant(1.0), None),
    ],
)
def test_what_follows_from_a_variable_has_a_gradient(tf, compute, expected):
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = compute(tf, x)
    found = tape.gradient(y, {"x": x})["x"]
    assert found is None if expected is None else found.numpy() == expected


def test_tapes_within_each_other_give_second_derivatives(tf):
    x = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x**3
        first = inner.gradient(y, x)
    assert (first.numpy(), outer.gradient(first, x).numpy()) == (12, 12)


def test_a_tape_answers_once_unless_it_is_persistent(tf):
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as lasting, tf.GradientTape() as short:
        y = x * x
    assert [lasting.gradient(y, x).numpy(), lasting.gradient(y, [x])[0].numpy()] == [4, 4]
    short.gradient(y, x)
    with pytest.raises(Exception, match=r"persistent=True"):
        short.gradient(y, x)


def test_values_inside_a_tape_and_gradients_of_what_lies_between(tf):
    image = tf.constant([[1.0, 2.0]])
    with tf.GradientTape() as tape:
        tape.watch(image)
        between = image * 2
        score = between[:, int(np.argmax(between.numpy()))]
    np.testing.assert_array_equal(tape.gradient(score, {"b": between, "a": image})["a"], [[0, 2]])


def test_a_function_is_compiled_at_its_first_call_and_steps_go_on(tf, network):
    optimizer, measured, seen = tf.keras.optimizers.SGD(0.1), tf.keras.metrics.Mean(), []

    @tf.function
    def step(images):
        seen.append(is_compiling())
        with tf.GradientTape() as tape:
            loss = loss_of(network(images, training=True))
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        measured(loss)
        return {"loss": loss, "name": "step"}

    losses = [float(step(X)["loss"]) for _ in range(5)]
    assert losses == sorted(losses, reverse=True)
    assert (int(optimizer.iterations), float(measured.result())) == (5, pytest.approx(np.mean(losses), rel=1e-5))
    assert all(seen)
    assert len(seen) <= 3


def test_a_function_whose_python_asks_for_values_stays_python(tf):
    total = tf.Variable(0.0)

    @tf.function
    def add(x):
        total.assign_add(x if x > 0 else -x)
        return total.value

    assert [float(add(tf.constant(value))) for value in (1.0, -2.0, 3.0)] == [1, 3, 6]


def test_unseeded_numbers_differ_in_a_compiled_function(tf):
    drawn = tf.function(lambda: tf.random.normal([2]))
    assert len({float(drawn()[0]) for _ in range(4)}) == 4


def test_a_model_with_a_step_of_its_own_trains_in_the_loop_of_keras(tf, journal):
    class Trained(keras.Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compiled_loss(y, self(x, training=True), regularization_losses=self.losses)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            self.compiled_metrics.update_state(y, self(x))
            return {metric.name: metric.result() for metric in self.metrics}

    inputs = keras.Input((3,))
    model = Trained(inputs, keras.layers.Dense(2, activation="softmax")(inputs))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    before = model.layers[1].get_weights()[0]
    history = model.fit(X, Y, epochs=2, batch_size=4, verbose=0, validation_data=(X, Y))
    assert {"loss", "accuracy", "val_loss"} <= set(history.history)
    assert not np.allclose(before, model.layers[1].get_weights()[0])
    assert [(run.call, run.on) for run in journal.runs if run.call == "fit"] == [("fit", "Keras")]


def test_halves_of_a_gan_are_trained_as_they_were_compiled(tf):
    optimizer = tf.keras.optimizers.Adam(0.01)
    judge = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    judge.compile(optimizer, "binary_crossentropy")
    judge.trainable = False
    noise = keras.Input((3,))
    maker = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    both = keras.Model(noise, judge(maker(noise)))
    both.compile(optimizer, "binary_crossentropy")
    weights = [model.get_weights()[0] for model in (judge, maker)]
    judge.train_on_batch(maker.predict(X), np.zeros((8, 1)))
    after_judge = [model.get_weights()[0] for model in (judge, maker)]
    both.train_on_batch(X, np.ones((8, 1)))
    after_maker = [model.get_weights()[0] for model in (judge, maker)]
    changed = [
        [not np.allclose(one, other) for one, other in zip(*pair, strict=True)]
        for pair in ((weights, after_judge), (after_judge, after_maker))
    ]
    assert changed == [[True, False], [False, True]]
    assert not judge.trainable


def test_a_loss_of_tensors_of_the_model_is_trained(tf):
    inputs = keras.Input((3,))
    outputs = keras.layers.Dense(3)(inputs)
    model = keras.Model(inputs, outputs)
    model.add_loss(tf.reduce_mean(keras.losses.mse(inputs, outputs)))
    model.compile(optimizer=tf.keras.optimizers.Adam(0.1))
    losses = model.fit(X, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_checkpoints_bring_values_back(tf, network, tmp_path):
    checkpoint = tf.train.Checkpoint(step=tf.Variable(1), net=network)
    manager = tf.train.CheckpointManager(checkpoint, tmp_path / "all", max_to_keep=2)
    before = network.get_weights()[0]
    for _ in range(3):
        manager.save()
    network.set_weights([weight + 1 for weight in network.get_weights()])
    checkpoint.restore(tf.train.latest_checkpoint(tmp_path / "all")).expect_partial()
    np.testing.assert_array_equal(network.get_weights()[0], before)
    assert len(manager.checkpoints) == 2
    assert tf.train.latest_checkpoint(tmp_path / "none") is None

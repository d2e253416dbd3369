"""Cross-entropy is taken from logits: what is answered wrongly for certain still teaches."""

import keras
import numpy as np
import pytest
from compare import close, sequential
from keras import layers, losses

import scribal.engine
from scribal.engine.logits import logits_form
from scribal.engine.lower import lower_model
from scribal.engine.training import Loss

CASES = [
    ("softmax", losses.CategoricalCrossentropy(label_smoothing=0.1), losses.CategoricalCrossentropy),
    ("softmax", losses.SparseCategoricalCrossentropy(), losses.SparseCategoricalCrossentropy),
    ("sigmoid", losses.BinaryCrossentropy(), losses.BinaryCrossentropy),
]


def certain_network(activation):
    """A network whose answers are all but certain, and mostly wrong."""
    model = sequential((6,), layers.Dense(4, activation=activation))
    model.set_weights([30 * weight for weight in model.get_weights()])
    return model


def samples(sparse):
    generator = np.random.default_rng(0)
    x, classes = generator.normal(size=(40, 6)).astype(np.float32), generator.integers(4, size=40)
    return x, classes if sparse else np.eye(4, dtype=np.float32)[classes]


@pytest.mark.parametrize(("activation", "loss", "kind"), CASES)
def test_the_last_activation_is_left_out_of_the_loss_and_kept_in_the_answers(activation, loss, kind):
    model, other = certain_network(activation), certain_network(None)
    x, y = samples(kind is losses.SparseCategoricalCrossentropy)
    program = scribal.engine.compile(model, loss=losses.serialize(loss), optimizer="sgd", batch_size=16)
    answers = model.predict(x, verbose=0)
    close(program.predict(x), answers)
    other.compile("sgd", kind.from_config(loss.get_config() | {"from_logits": True}))
    outputs = np.empty_like(answers)
    evaluated = program.evaluate(x, y, outputs=outputs)
    close(evaluated.loss, other.evaluate(x, y, verbose=0))
    close(outputs, answers)
    history = other.fit(x, y, batch_size=16, shuffle=False, verbose=0).history
    close(program.train_epoch(x, y, outputs=outputs).loss, history["loss"][0])
    close(outputs[:16], answers[:16])
    for trained, expected in zip(program.weights.values(), other.get_weights(), strict=True):
        close(trained, expected)


def test_a_single_sigmoid_says_yes_above_a_half():
    model = sequential((6,), layers.Dense(1, activation="sigmoid"))
    optimizer = keras.optimizers.serialize(keras.optimizers.SGD(0.0))
    program = scribal.engine.compile(model, loss="binary_crossentropy", optimizer=optimizer)
    x = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    y = np.random.default_rng(1).integers(2, size=(50, 1)).astype(np.float32)
    right = ((model.predict(x, verbose=0) > 0.5) == y).mean()
    assert program.evaluate(x, y).accuracy == pytest.approx(right)
    assert program.train_epoch(x, y).accuracy == pytest.approx(right)


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("softmax", Loss("mean_squared_error")),
        ("softmax", Loss("categorical_crossentropy", from_logits=True)),
        ("sigmoid", Loss("categorical_crossentropy")),
        ("softmax", Loss("binary_crossentropy")),
        ("linear", Loss("binary_crossentropy", from_logits=True)),
    ],
)
def test_other_losses_take_the_answers_themselves(activation, loss):
    graph = lower_model(sequential((6,), layers.Dense(4, activation=activation)))
    assert logits_form(graph, loss).graph is graph
    assert logits_form(graph, loss).loss is loss

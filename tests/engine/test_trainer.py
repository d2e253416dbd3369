"""A Keras model in training on the engine: same steps as Keras, interruptible, and back into the model."""

import keras
import numpy as np
import pytest
from compare import close
from keras import layers

from scribal.engine.errors import LoweringError
from scribal.engine.trainer import Trainer, order_of, orders_of
from scribal.exceptions import DataError


def network(optimizer="adam", loss="sparse_categorical_crossentropy", **options):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(5, activation="softmax", name="dense"),
        ]
    )
    model.compile(optimizer, loss, metrics=["accuracy"], **options)
    return model


def samples(count=70):
    generator = np.random.default_rng(0)
    return generator.random((count, 8, 8, 1), dtype=np.float32), generator.integers(5, size=count)


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.Adam(0.01),
        keras.optimizers.SGD(0.1),
        keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    ],
    ids=["adam", "sgd", "nesterov"],
)
def test_an_epoch_is_keras_steps_in_the_same_order(optimizer):
    x, y = samples()
    model = network(type(optimizer).from_config(optimizer.get_config()))
    other = network(optimizer)
    order = order_of(3, 0, len(x))
    trainer = Trainer(model, batch_size=16)
    logs = trainer.run_epoch(trainer.program.samples(x, y), order)
    trainer.write_back()
    expected = other.fit(x[order], y[order], batch_size=16, shuffle=False, verbose=0).history
    close(logs["loss"], expected["loss"][0])
    assert logs["accuracy"] == pytest.approx(expected["accuracy"][0])
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        close(one, two)
    for one, two in zip(model.optimizer.variables, other.optimizer.variables, strict=True):
        close(one, two, 2e-5)


def test_moving_averages_are_written_back_and_frozen_weights_have_no_slots():
    x, y = samples()
    stack = [
        layers.Conv2D(4, 3, use_bias=False),
        layers.BatchNormalization(momentum=0.6),
        layers.ReLU(),
        layers.Conv2D(4, 3, trainable=False),
        layers.GlobalAveragePooling2D(),
        layers.Dense(5, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input((8, 8, 1)), *stack])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    other = keras.models.clone_model(model)
    other.set_weights(model.get_weights())
    other.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    order = order_of(3, 0, len(x))
    trainer = Trainer(model, batch_size=16)
    logs = trainer.run_epoch(trainer.program.samples(x, y), order)
    trainer.write_back()
    expected = other.fit(x[order], y[order], batch_size=16, shuffle=False, verbose=0).history
    close(logs["loss"], expected["loss"][0])
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        close(one, two, 1e-4)
    for one, two in zip(model.optimizer.variables, other.optimizer.variables, strict=True):
        close(one, two, 1e-4)


def test_training_goes_on_where_the_models_variables_are():
    x, y = samples()
    whole, parts = network(), network()
    trainer = Trainer(whole, batch_size=16)
    for epoch in range(3):
        trainer.run_epoch(trainer.program.samples(x, y), order_of(1, epoch, len(x)))
    trainer.write_back()
    for epoch in range(3):
        trainer = Trainer(parts, batch_size=16)
        trainer.run_epoch(trainer.program.samples(x, y), order_of(1, epoch, len(x)))
        trainer.write_back()
    for one, two in zip(whole.variables, parts.variables, strict=True):
        np.testing.assert_array_equal(one, two)


def test_an_epoch_in_many_parts_gives_the_same_bits(monkeypatch):
    x, y = samples()
    results = []
    for size in (1000, 8):
        monkeypatch.setattr("scribal.engine.trainer._SAMPLES_A_PART", size)
        model = network()
        trainer = Trainer(model, batch_size=4)
        told, order = [], order_of(1, 0, len(x))
        logs = trainer.run_epoch(
            trainer.program.samples(x, y), order, lambda steps, _logs, told=told: told.append(steps)
        )
        trainer.write_back()
        results.append((logs["loss"], told, model.get_weights()))
    assert results[0][0] == pytest.approx(results[1][0])
    assert results[0][1] == [18]
    assert results[1][1] == [2, 4, 6, 8, 10, 12, 14, 16, 18]
    for one, two in zip(results[0][2], results[1][2], strict=True):
        np.testing.assert_array_equal(one, two)


def test_the_program_is_kept_for_the_next_training_of_the_same_kind():
    model = network()
    first = Trainer(model, batch_size=16).program
    model.optimizer.learning_rate = 0.5
    again = Trainer(model, batch_size=16).program
    assert again is first
    assert again.learning_rate == 0.5
    model.compile("adam", "sparse_categorical_crossentropy")
    assert Trainer(model, batch_size=16).program is first
    assert Trainer(model, batch_size=17).program is not first
    assert Trainer(network(), batch_size=16).program is not first


def test_steps_that_the_model_was_not_told_of_are_forgotten():
    x, y = samples()
    model = network()
    trainer = Trainer(model, batch_size=16)
    trainer.run_epoch(trainer.program.samples(x, y), np.arange(70))
    again = Trainer(model, batch_size=16)
    assert again.program.steps == 0
    np.testing.assert_array_equal(again.program.weights["dense/kernel"], model.layers[-1].kernel)


def test_what_is_assigned_to_a_variable_is_read():
    model = network()
    trainer = Trainer(model, batch_size=16)
    model.layers[-1].kernel.assign(np.ones((36, 5)))
    model.optimizer.iterations.assign(7)
    trainer.read()
    assert trainer.program.steps == 7
    assert (trainer.program.weights["dense/kernel"] == 1).all()


def test_losses_and_optimizers_that_only_bear_kerass_names_are_refused():
    def mean_squared_error(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred))

    with pytest.raises(LoweringError, match="Keras' own"):
        Trainer(network(loss=mean_squared_error), batch_size=16)
    with pytest.raises(LoweringError, match="Keras' own"):
        Trainer(network(type("Adam", (keras.optimizers.Adam,), {})()), batch_size=16)


def test_evaluation_is_keras():
    x, y = samples()
    model = network()
    trainer = Trainer(model, batch_size=16)
    loss, accuracy = model.evaluate(x, y, verbose=0)
    logs = trainer.evaluate(trainer.program.samples(x, y))
    close(logs["loss"], loss)
    assert logs["accuracy"] == pytest.approx(accuracy)


def test_orders_are_permutations_of_their_own():
    orders = [order_of(seed, epoch, 50) for seed in (0, 1) for epoch in (0, 1)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 4


def test_several_epochs_at_once_are_the_same_epochs():
    x, y = samples(48)
    orders = orders_of(2, range(3, 7), len(x))
    np.testing.assert_array_equal(orders, [order_of(2, epoch, len(x)) for epoch in range(3, 7)])
    one, other = (Trainer(network(), batch_size=16, threads=2) for _ in range(2))
    joined = one.run_epochs(one.program.samples(x, y), orders)
    assert joined == [other.run_epoch(other.program.samples(x, y), order) for order in orders]


@pytest.mark.parametrize("labels", [np.full(70, 5), np.full(70, -1), np.full(70, 0.5)])
def test_labels_out_of_range_are_errors(labels):
    with pytest.raises(DataError, match="0"):
        Trainer(network(), batch_size=16).program.samples(samples()[0], labels)


def test_what_has_no_native_form_is_named():
    with pytest.raises(LoweringError, match="optimizer"):
        Trainer(network("ftrl"), batch_size=16)
    with pytest.raises(LoweringError, match="loss"):
        Trainer(network(loss="kl_divergence"), batch_size=16)

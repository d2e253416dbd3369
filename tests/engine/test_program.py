"""What a program does when it is called: epochs, their order and their figures, evaluation, interrupts."""

import keras
import numpy as np
import pytest
from compare import close, sequential
from interrupting import interrupt_when_training
from keras import layers
from small_programs import samples_for, small_program

import scribal.engine
from scribal.engine.training import SGD, Adam
from scribal.exceptions import DataError


def test_accuracy_counts_the_answers_that_are_right():
    program = small_program(optimizer=SGD(0.0))
    inputs, targets = samples_for(program.graph, 77)
    right = program.predict(inputs).argmax(axis=1) == targets.argmax(axis=1)
    assert program.train_epoch(inputs, targets).accuracy == pytest.approx(right.mean())


def test_accuracy_of_a_single_output_is_that_of_its_rounding():
    model = sequential((3,), layers.Dense(1, activation="sigmoid"))
    program = scribal.engine.compile(model, loss="mse", optimizer=keras.optimizers.serialize(keras.optimizers.SGD(0.0)))
    inputs = np.random.default_rng(0).normal(size=(40, 3))
    targets = np.random.default_rng(1).integers(0, 2, size=(40, 1))
    right = np.round(program.predict(inputs)) == targets
    assert program.train_epoch(inputs, targets).accuracy == pytest.approx(right.mean())
    assert program.evaluate(inputs, targets).accuracy == pytest.approx(right.mean())


def test_evaluation_measures_what_training_does():
    program = small_program(optimizer=SGD(0.0))
    inputs, targets = samples_for(program.graph, 77)
    trained, evaluated = program.train_epoch(inputs, targets), program.evaluate(inputs, targets)
    assert (evaluated.accuracy, evaluated.steps) == (trained.accuracy, 0)
    close(evaluated.loss, trained.loss)


@pytest.mark.usefixtures("hears_interrupts")
def test_an_interrupt_stops_after_a_step_and_leaves_the_program_usable():
    program = small_program()
    inputs, targets = samples_for(program.graph, 50)
    order = np.resize(np.arange(50), 20_000_000)
    interrupt_when_training(program)
    with pytest.raises(KeyboardInterrupt):
        program.train_epoch(inputs, targets, order)
    assert 0 < program.steps < len(order) // 8
    assert all(np.isfinite(weight).all() for weight in program.weights.values())
    steps = program.steps
    program.train_epoch(inputs, targets)
    assert program.steps == steps + 7


def test_an_order_is_followed():
    inputs, targets = samples_for(small_program().graph, 50)
    order = np.random.default_rng(5).permutation(50)[:30]
    one, other = small_program(), small_program()
    assert one.train_epoch(inputs, targets, order) == other.train_epoch(inputs[order], targets[order])
    assert np.array_equal(one.weights["dense/kernel"], other.weights["dense/kernel"])


@pytest.mark.parametrize("optimizer", [SGD(0.1), Adam(0.01)])
def test_several_epochs_in_a_call_are_the_same_as_one_after_the_other(optimizer):
    one, other = small_program(optimizer), small_program(optimizer)
    samples = one.samples(*samples_for(one.graph, 24))
    orders = np.stack([np.random.default_rng(seed).permutation(24) for seed in range(3)])
    assert one.train_epochs(samples, orders) == [other.train_epoch(samples, order=order) for order in orders]
    assert np.array_equal(one.weights["dense/kernel"], other.weights["dense/kernel"])
    with pytest.raises(DataError, match="whole batches of 8"):
        one.train_epochs(samples, orders[:, :20])

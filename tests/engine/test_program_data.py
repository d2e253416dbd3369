"""Which arrays a program takes, and what it says of those that do not fit."""

import numpy as np
import pytest
from compare import close, sequential
from keras import layers
from small_programs import CROSSENTROPY, samples_for, small_program

import scribal.engine
from scribal.engine.errors import LoweringError
from scribal.engine.reference import Network
from scribal.engine.training import SGD
from scribal.exceptions import ArgumentError, DataError


@pytest.mark.parametrize("dtype", ["float64", "float16", ">f4", "uint8", "int64", "bool"])
def test_any_kind_of_number_is_taken(dtype):
    program = small_program()
    inputs = np.random.default_rng(0).integers(0, 2, size=(5, 6, 6, 2))
    assert np.array_equal(program.predict(inputs.astype(dtype)), program.predict(inputs.astype(np.float32)))


def test_bytes_train_as_floats_do():
    one, other = small_program(), small_program()
    inputs, targets = samples_for(one.graph, 21)
    pixels = (np.abs(inputs) * 50).astype(np.uint8)
    samples = other.samples(pixels, targets)
    assert samples.inputs is pixels
    for _ in range(2):
        assert one.train_epoch(pixels.astype(float), targets) == other.train_epoch(samples)
    assert one.evaluate(pixels / 1.0, targets) == other.evaluate(samples)


def test_bytes_are_rescaled_on_the_way_in():
    stack = [
        layers.Rescaling(1 / 255, offset=-0.5),
        layers.Conv2D(4, 3, padding="same"),
        layers.Flatten(),
        layers.Dense(3),
    ]
    model = sequential((7, 5, 2), *stack, layers.Softmax())
    program = scribal.engine.compile(model, loss="categorical_crossentropy", optimizer="sgd")
    network = Network(program.graph, program.weights)
    pixels = np.random.default_rng(0).integers(0, 256, size=(20, 7, 5, 2)).astype(np.uint8)
    close(program.predict(pixels), model.predict(pixels.astype(np.float32), verbose=0))
    _, targets = samples_for(program.graph, 20)
    close(program.train_epoch(pixels, targets).loss, network.train_step(CROSSENTROPY, SGD(0.01), pixels, targets))
    for name, weight in program.weights.items():
        close(weight, network.weights[name])


def test_samples_of_another_network_are_refused():
    program, other = (
        small_program(),
        scribal.engine.compile(sequential((3,), layers.Dense(4)), loss="mse", optimizer="sgd"),
    )
    with pytest.raises(DataError, match="inputs"):
        other.train_epoch(program.samples(*samples_for(program.graph, 5)))
    with pytest.raises(DataError, match="targets"):
        other.train_epoch(np.zeros((4, 3)))


def test_strided_and_fortran_arrays_are_taken():
    program = small_program()
    inputs, _ = samples_for(program.graph, 20)
    assert np.array_equal(program.predict(inputs[::2]), program.predict(inputs)[::2])
    assert np.array_equal(program.predict(np.asfortranarray(inputs)), program.predict(inputs))


def test_no_samples_have_no_answers():
    assert small_program().predict(np.zeros((0, 6, 6, 2))).shape == (0, 4)


@pytest.mark.parametrize(
    ("inputs", "targets", "order", "named"),
    [
        (np.zeros((4, 6, 6, 1)), np.zeros((4, 4)), None, "inputs.*shape"),
        (np.zeros((4, 6, 6, 2)), np.zeros((4, 3)), None, "targets.*shape"),
        (np.zeros((4, 6, 6, 2)), np.zeros((3, 4)), None, "target for each"),
        (np.zeros((0, 6, 6, 2)), np.zeros((0, 4)), None, "at least 1"),
        (np.full((4, 6, 6, 2), np.nan), np.zeros((4, 4)), None, "finite"),
        (np.full((4, 6, 6, 2), 1e300), np.zeros((4, 4)), None, "finite"),
        (np.full((4, 6, 6, 2), "x"), np.zeros((4, 4)), None, "numbers"),
        (np.float32(1), np.zeros((4, 4)), None, "inputs.*shape"),
        (np.zeros((4, 6, 6, 2)), np.zeros((4, 4)), [0, 4], "0..3"),
        (np.zeros((4, 6, 6, 2)), np.zeros((4, 4)), [-1], "0..3"),
        (np.zeros((4, 6, 6, 2)), np.zeros((4, 4)), [0.5], "sample numbers"),
        (np.zeros((4, 6, 6, 2)), np.zeros((4, 4)), [], "sample numbers"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_what_does_not_fit_is_refused(inputs, targets, order, named):
    with pytest.raises(DataError, match=named):
        small_program().train_epoch(inputs, targets, order)


def test_weights_that_do_not_fit_are_refused():
    program = small_program()
    with pytest.raises(ArgumentError, match=r"dense/kernel"):
        program.weights = program.weights | {"dense/kernel": np.zeros((4, 4))}


@pytest.mark.parametrize(
    ("stack", "named"),
    [
        ([layers.Conv2D(2, 3, name="c")], "'c'.*an output of shape"),
        ([layers.Flatten(name="f")], "'f'.*without weights"),
    ],
)
def test_what_has_no_native_form_is_named(stack, named):
    model = sequential((7, 7, 1), *stack)
    with pytest.raises(LoweringError, match=named):
        scribal.engine.compile(model, loss="mse", optimizer="sgd")

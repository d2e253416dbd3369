import os
import signal
import threading

import keras
import numpy as np
import pytest
from compare import close, sequential, slots_of, train_steps
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from keras import layers
from strategies import networks, residual_network

import recipes
import scribal.engine
import scribal.engine.lower
from scribal.engine import operations as op
from scribal.engine.errors import LoweringError
from scribal.engine.logits import logits_form
from scribal.engine.program import Program
from scribal.engine.reference import Network
from scribal.engine.target import AVX2, AVX512, SSE, host_target
from scribal.engine.training import SGD, Adam, Loss, RMSprop
from scribal.exceptions import ArgumentError, DataError

CROSSENTROPY = Loss("categorical_crossentropy")
EVERY_WIDTH = [AVX512, AVX2, SSE] if host_target() == AVX512 else [AVX2, SSE]
OPTIMIZERS = [
    SGD(0.1),
    SGD(0.05, momentum=0.9),
    SGD(0.05, momentum=0.9, nesterov=True, weight_decay=0.1),
    Adam(0.01),
    Adam(0.01, weight_decay=0.1, beta_1=0.7, epsilon=1e-3),
    Adam(0.01, amsgrad=True, epsilon=1e-3, clipvalue=0.01),
    RMSprop(0.01, epsilon=1e-3),
    RMSprop(0.01, rho=0.7, momentum=0.5, centered=True, epsilon=1e-2),
    SGD(0.1, momentum=0.5, clipnorm=0.1),
    SGD(0.1, weight_decay=0.1, global_clipnorm=0.2),
]


def samples_for(graph, count, seed=0):
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(count, *graph.input_shape)).astype(np.float32)
    classes = graph.output_shape[-1]
    return inputs, np.eye(classes, dtype=np.float32)[generator.integers(classes, size=count)]


def random_weights(graph, seed=0):
    generator = np.random.default_rng(seed)
    weights = {}
    for name, weight in graph.weights():
        value = generator.normal(size=weight.shape) / np.sqrt(np.prod(weight.shape[:-1]))
        weights[name] = np.abs(value) + 0.5 if weight.name == "moving_variance" else value
    return weights


def follow(graph, loss, optimizer, batch_size, count, *, is_weighted=False, **options):
    """Train one epoch natively and by the reference; compare predictions, loss and weights."""
    weights = random_weights(graph)
    inputs, targets = samples_for(graph, count)
    sample_weight = np.random.default_rng(1).uniform(0, 3, count).round(1) if is_weighted else None
    program = Program(graph, weights, loss, optimizer, batch_size=batch_size, seed=3, **options)
    network = Network(graph, weights, seed=3)
    close(program.predict(inputs), network.predict(inputs))
    form = logits_form(graph, loss)
    network, loss = Network(form.graph, weights, seed=3), form.loss
    epoch = program.train_epoch(program.samples(inputs, targets, sample_weight))
    total = 0.0
    for first in range(0, count, batch_size):
        batch = slice(first, first + batch_size)
        size, counts = len(inputs[batch]), sample_weight[batch] if is_weighted else None
        total += size * network.train_step(loss, optimizer, inputs[batch].astype(float), targets[batch], counts)
    # A loss near zero is the logarithm of a number near one.
    close(1 + epoch.loss, 1 + total / count)
    # Adam makes a whole step even of a gradient that is little more than rounding.
    tolerance = 2e-4 if isinstance(optimizer, Adam) else 2e-5
    for name, weight in program.weights.items():
        close(weight, network.weights[name], tolerance)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks(), st.sampled_from(EVERY_WIDTH), st.sampled_from(OPTIMIZERS), st.integers(1, 40), st.integers(1, 3))
@example(residual_network(), EVERY_WIDTH[0], SGD(0.1), 33, 2)
@example(residual_network(), EVERY_WIDTH[-1], SGD(0.1), 7, 3)
def test_any_network_trains_as_the_reference_does(graph, target, optimizer, batch_size, threads):
    # A bias before a batch normalization has a gradient of nothing but rounding, of which these make whole steps.
    normalizes = any(isinstance(node.operation, op.BatchNormalization) for node in graph.nodes)
    assume(not normalizes or isinstance(optimizer, SGD))
    # The last batch of an epoch is a partial one, unless the batch size is 1.
    follow(graph, CROSSENTROPY, optimizer, batch_size, 2 * batch_size - 1, target=target, threads=threads)


LOSSES = [
    (CROSSENTROPY, "softmax"),
    (Loss("categorical_crossentropy", label_smoothing=0.2), "softmax"),
    (Loss("categorical_crossentropy", from_logits=True), "linear"),
    (Loss("categorical_crossentropy", from_logits=True, label_smoothing=0.2), "linear"),
    (Loss("mean_squared_error"), "elu"),
    (Loss("binary_crossentropy"), "sigmoid"),
    (Loss("binary_crossentropy", from_logits=True, label_smoothing=0.1), "linear"),
]


@pytest.mark.parametrize(("loss", "activation"), LOSSES)
@pytest.mark.parametrize("samples", [1, 15, 16, 17, 33])
@pytest.mark.parametrize("is_weighted", [False, True])
def test_losses_at_every_filling_of_the_lanes(loss, activation, samples, is_weighted):
    model = sequential((3,), layers.Dense(5, activation="leaky_relu"), layers.Dense(4, activation=activation))
    follow(scribal.engine.lower.lower_model(model), loss, SGD(0.1), 32, samples, is_weighted=is_weighted)


@pytest.mark.parametrize("from_logits", [False, True])
def test_class_numbers_train_as_one_hot_rows_do(from_logits):
    model = sequential((3,), layers.Dense(5, activation="linear" if from_logits else "softmax", name="dense"))
    graph, weights = scribal.engine.lower.lower_model(model), scribal.engine.lower.weights_of(model)
    inputs, rows = samples_for(graph, 40)
    classes = rows.argmax(axis=1)
    losses = [Loss(f"{kind}categorical_crossentropy", from_logits) for kind in ("", "sparse_")]
    dense, sparse = (Program(graph, weights, loss, SGD(0.1)) for loss in losses)
    for labels in (classes, classes[:, None].astype(float)):
        assert dense.train_epoch(inputs, rows) == sparse.train_epoch(inputs, labels)
        assert dense.evaluate(inputs, rows) == sparse.evaluate(inputs, labels)
    assert np.array_equal(dense.weights["dense/kernel"], sparse.weights["dense/kernel"])
    for wrong in (classes + 1, classes - 1, classes + 0.5, rows, np.full(40, np.nan)):
        with pytest.raises(DataError, match="targets"):
            sparse.train_epoch(inputs, wrong)


@pytest.mark.parametrize("target", EVERY_WIDTH)
@pytest.mark.parametrize("channels", [1, 3, 4, 5, 8, 9, 17])
def test_pooled_convolutions_of_any_number_of_channels(channels, target):
    model = sequential(
        (7, 7, 2),
        layers.Conv2D(channels, 2),
        layers.Conv2D(3, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(4, activation="softmax"),
    )
    follow(scribal.engine.lower.lower_model(model), CROSSENTROPY, SGD(0.1), 19, 19, target=target)


@pytest.mark.parametrize("target", EVERY_WIDTH)
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("size", "shape"), [(3, (14, 13)), (5, (14, 13)), (3, (11, 8)), (3, (9, 18)), (5, (13, 15))])
def test_the_way_back_through_wide_convolutions(size, shape, padding, target):
    stack = [
        layers.Conv2D(9, size, padding=padding, activation="relu"),
        layers.Conv2D(16, size, padding=padding),
        layers.Conv2D(8, 3, padding=padding, activation="tanh"),
    ]
    model = sequential((*shape, 1), *stack, layers.Flatten(), layers.Dense(3, activation="softmax"))
    follow(scribal.engine.lower.lower_model(model), CROSSENTROPY, SGD(0.1), 19, 19, target=target)


@pytest.mark.parametrize("target", EVERY_WIDTH)
@pytest.mark.parametrize("occupied", [0.0, 0.02, 0.5, 1.0])
def test_zeros_among_the_inputs_change_nothing(occupied, target):
    scaled = layers.Rescaling(0.5), layers.Dense(151, activation="relu"), layers.Dense(3, activation="softmax")
    graph = scribal.engine.lower.lower_model(sequential((203,), *scaled))
    inputs, targets = samples_for(graph, 150)
    inputs[np.random.default_rng(1).random(inputs.shape) >= occupied] = 0
    weights = random_weights(graph)
    program = Program(graph, weights, CROSSENTROPY, SGD(0.1), batch_size=133, threads=2, target=target)
    network = Network(graph, weights)
    close(program.predict(inputs), network.predict(inputs))
    program.train_epoch(inputs, targets)
    for batch in (slice(133), slice(133, None)):
        network.train_step(CROSSENTROPY, SGD(0.1), inputs[batch].astype(float), targets[batch])
    for name, weight in program.weights.items():
        close(weight, network.weights[name], 2e-5)


def flat(recipe):
    shape, stack = recipe
    return shape, *stack


RECIPES = [
    (recipes.tiny_cnn, "categorical_crossentropy", 32),
    (recipes.mlp, "categorical_crossentropy", 100),
    (recipes.two_conv, "categorical_crossentropy", 32),
    (recipes.lenet, "categorical_crossentropy", 64),
    (recipes.dropout_cnn_without_dropout, "categorical_crossentropy", 50),
    (recipes.toy_mlp, "mse", 4),
    (recipes.softmax_mlp, "categorical_crossentropy", 32),
]
# Those of the recipes, each at its own settings.
RECIPE_OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "nesterov": lambda: keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True),
    "adam": keras.optimizers.Adam,
}


@pytest.mark.parametrize("make", RECIPE_OPTIMIZERS.values(), ids=RECIPE_OPTIMIZERS)
@pytest.mark.parametrize(("recipe", "loss", "batch_size"), RECIPES, ids=lambda value: getattr(value, "__name__", None))
def test_a_recipe_trains_as_with_keras(recipe, loss, batch_size, make):
    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input(recipe()[0]), *recipe()[1]])
    model.compile(make(), loss)
    program = scribal.engine.compile(model, batch_size=batch_size)
    generator = np.random.default_rng(0)
    batches = []
    for _ in range(3):
        inputs = generator.uniform(size=(batch_size, *model.input_shape[1:])).astype(np.float32)
        classes = model.output_shape[-1]
        targets = np.eye(max(classes, 2), dtype=np.float32)[generator.integers(classes, size=batch_size), :classes]
        batches.append((inputs, targets))
    expected_losses, expected_weights = train_steps(model, loss, make(), batches)
    rounding = dict.fromkeys(program.weights, 0.0)
    for (inputs, targets), expected, weights in zip(batches, expected_losses, expected_weights, strict=True):
        close(program.train_epoch(inputs, targets).loss, expected)
        rounding |= {name: rounding[name] + value for name, value in step_rounding(program).items()}
        for name, weight in weights.items():
            difference = np.abs(program.weights[name].astype(np.float64) - weight)
            assert (difference <= 1e-5 * np.abs(weight).max() + rounding[name]).all(), name
    for slot, group in slots_of(model, program.optimizer.slots).items():
        for name, value in group.items():
            close(program.slots()[slot][name], value)
    close(program.predict(batches[0][0]), model.predict(batches[0][0], verbose=0))


def step_rounding(program):
    """How far Adam's last step may be off where the gradient is little more than rounding.

    Adam divides a gradient by its size, so that a step is off by as much as its gradient is, relatively: by the
    rounding of sums as large as the array's largest gradient, seen from its own.
    """
    sizes = {name: np.sqrt(value.astype(np.float64)) for name, value in program.slots().get("velocity", {}).items()}
    return {
        name: program.learning_rate * np.minimum(1, 2e-6 * size.max() / np.maximum(size, 1e-30))
        for name, size in sizes.items()
    }


def test_gradients_next_to_a_black_background_are_those_of_keras():
    # With biases of zero, rounding alone would open a ReLU where Keras has an exact zero.
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((28, 28, 1)), *recipes.dropout_cnn(rate=0.0)[1]])
    program = scribal.engine.compile(model, loss="categorical_crossentropy", optimizer="sgd", batch_size=48)
    inputs, targets = samples_for(program.graph, 48)
    rows, columns = np.random.default_rng(0).integers(4, 14, size=(2, 48))
    for image, row, column in zip(inputs, rows, columns, strict=True):
        image[:row] = image[row + 9 :] = image[:, :column] = image[:, column + 9 :] = 0
    _, weights = train_steps(model, "categorical_crossentropy", "sgd", [(inputs, targets)])
    program.train_epoch(inputs, targets)
    for name, weight in weights[0].items():
        close(program.weights[name], weight)


@pytest.mark.parametrize("recipe", [recipes.dropout_cnn, recipes.mlp])
def test_the_same_bits_on_any_number_of_threads(recipe):
    model = sequential(*flat(recipe()))
    results = []
    for threads in (1, 2, 3):
        program = scribal.engine.compile(
            model, loss="categorical_crossentropy", optimizer="adam", batch_size=100, threads=threads
        )
        inputs, targets = samples_for(program.graph, 250)
        epoch = program.train_epoch(inputs, targets, order=np.random.default_rng(1).permutation(250))
        results.append((epoch, program.weights, program.predict(inputs)))
    for epoch, weights, answers in results[1:]:
        assert epoch == results[0][0]
        assert all(np.array_equal(weight, results[0][1][name]) for name, weight in weights.items())
        assert np.array_equal(answers, results[0][2])


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
    threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT)).start()
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


def test_certain_answers_have_no_slope_as_in_the_reference():
    program = small_program(scale=1000.0, activation="elu")
    network = Network(program.graph, program.weights)
    inputs, targets = samples_for(program.graph, 8)
    epoch = program.train_epoch(inputs, targets)
    close(epoch.loss, network.train_step(CROSSENTROPY, Adam(0.01), inputs, targets))
    for name, weight in program.weights.items():
        close(weight, network.weights[name])


def small_program(optimizer=None, scale=1.0, activation="softmax"):
    model = sequential(
        (6, 6, 2), layers.Conv2D(3, 3), layers.Flatten(name="f"), layers.Dense(4, activation, name="dense")
    )
    graph, weights = scribal.engine.lower.lower_model(model), scribal.engine.lower.weights_of(model)
    weights = {"/".join(name.split("/")): scale * value for name, value in weights.items()}
    return Program(graph, weights, CROSSENTROPY, optimizer or Adam(0.01), batch_size=8)


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

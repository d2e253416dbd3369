import keras
import numpy as np
import pytest
from compare import close, sequential, train_steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers
from strategies import networks

import recipes
import scribal.engine
import scribal.engine.lower
from scribal.engine.errors import LoweringError
from scribal.engine.program import Program
from scribal.engine.reference import Network
from scribal.engine.target import AVX2, AVX512, SSE, host_target
from scribal.engine.training import SGD, Adam, Loss
from scribal.exceptions import ArgumentError, DataError

CROSSENTROPY = Loss("categorical_crossentropy")
EVERY_WIDTH = [AVX512, AVX2, SSE] if host_target() == AVX512 else [AVX2, SSE]
OPTIMIZERS = [
    SGD(0.1),
    SGD(0.05, momentum=0.9),
    SGD(0.05, momentum=0.9, nesterov=True, weight_decay=0.1),
    Adam(0.01),
    Adam(0.01, weight_decay=0.1, beta_1=0.7, epsilon=1e-3),
]


def samples_for(graph, count, seed=0):
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(count, *graph.input_shape)).astype(np.float32)
    classes = graph.output_shape[-1]
    return inputs, np.eye(classes, dtype=np.float32)[generator.integers(classes, size=count)]


def random_weights(graph, seed=0):
    generator = np.random.default_rng(seed)
    shapes = {name: weight.shape for name, weight in graph.weights()}
    return {name: generator.normal(size=shape) / np.sqrt(np.prod(shape[:-1])) for name, shape in shapes.items()}


def follow(graph, loss, optimizer, batch_size, count, **options):
    """Train one epoch natively and by the reference; compare predictions, loss and weights."""
    weights = random_weights(graph)
    inputs, targets = samples_for(graph, count)
    program = Program(graph, weights, loss, optimizer, batch_size=batch_size, seed=3, **options)
    network = Network(graph, weights, seed=3)
    close(program.predict(inputs), network.predict(inputs))
    epoch = program.train_epoch(inputs, targets)
    total = 0.0
    for first in range(0, count, batch_size):
        batch = slice(first, first + batch_size)
        size = len(inputs[batch])
        total += size * network.train_step(loss, optimizer, inputs[batch].astype(float), targets[batch])
    close(epoch.loss, total / count)
    for name, weight in program.weights.items():
        close(weight, network.weights[name], 2e-5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks(), st.sampled_from(EVERY_WIDTH), st.sampled_from(OPTIMIZERS), st.integers(1, 40), st.integers(1, 3))
def test_any_network_trains_as_the_reference_does(graph, target, optimizer, batch_size, threads):
    # The last batch of an epoch is a partial one, unless the batch size is 1.
    follow(graph, CROSSENTROPY, optimizer, batch_size, 2 * batch_size - 1, target=target, threads=threads)


@pytest.mark.parametrize(
    "loss", [CROSSENTROPY, Loss("categorical_crossentropy", label_smoothing=0.2), Loss("mean_squared_error")]
)
@pytest.mark.parametrize("samples", [1, 15, 16, 17, 33])
def test_losses_at_every_filling_of_the_lanes(loss, samples):
    model = sequential((3,), layers.Dense(5, activation="relu"), layers.Dense(4, activation="softmax"))
    graph = scribal.engine.lower.lower_model(model)
    follow(graph, loss, SGD(0.1), 32, samples)


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
]


# Adam makes a whole step even of a gradient that is little more than rounding.
@pytest.mark.parametrize(("optimizer", "tolerance"), [("sgd", 1e-5), ("adam", 5e-5)])
@pytest.mark.parametrize(("recipe", "loss", "batch_size"), RECIPES, ids=lambda value: getattr(value, "__name__", None))
def test_a_recipe_trains_as_with_keras(recipe, loss, batch_size, optimizer, tolerance):
    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input(recipe()[0]), *recipe()[1]])
    program = scribal.engine.compile(model, loss=loss, optimizer=optimizer, batch_size=batch_size)
    generator = np.random.default_rng(0)
    batches = []
    for _ in range(3):
        inputs = generator.uniform(size=(batch_size, *model.input_shape[1:])).astype(np.float32)
        classes = model.output_shape[-1]
        targets = np.eye(max(classes, 2), dtype=np.float32)[generator.integers(classes, size=batch_size), :classes]
        batches.append((inputs, targets))
    expected_losses, expected_weights = train_steps(model, loss, optimizer, batches)
    for (inputs, targets), expected, weights in zip(batches, expected_losses, expected_weights, strict=True):
        close(program.train_epoch(inputs, targets).loss, expected)
        for name, weight in weights.items():
            close(program.weights[name], weight, tolerance)
    close(program.predict(batches[0][0]), model.predict(batches[0][0], verbose=0))


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


def test_an_order_is_followed():
    inputs, targets = samples_for(small_program().graph, 50)
    order = np.random.default_rng(5).permutation(50)[:30]
    one, other = small_program(), small_program()
    assert one.train_epoch(inputs, targets, order) == other.train_epoch(inputs[order], targets[order])
    assert np.array_equal(one.weights["dense/kernel"], other.weights["dense/kernel"])


def test_certain_answers_have_no_slope_as_in_the_reference():
    program = small_program(scale=1000.0)
    network = Network(program.graph, program.weights)
    inputs, targets = samples_for(program.graph, 8)
    epoch = program.train_epoch(inputs, targets)
    close(epoch.loss, network.train_step(CROSSENTROPY, Adam(0.01), inputs, targets))
    for name, weight in program.weights.items():
        close(weight, network.weights[name])


def small_program(optimizer=None, scale=1.0):
    model = sequential(
        (6, 6, 2), layers.Conv2D(3, 3), layers.Flatten(name="f"), layers.Dense(4, "softmax", name="dense")
    )
    graph, weights = scribal.engine.lower.lower_model(model), scribal.engine.lower.weights_of(model)
    weights = {"/".join(name.split("/")): scale * value for name, value in weights.items()}
    return Program(graph, weights, CROSSENTROPY, optimizer or Adam(0.01), batch_size=8)


@pytest.mark.parametrize("dtype", ["float64", "float16", ">f4", "uint8", "int64", "bool"])
def test_any_kind_of_number_is_taken(dtype):
    program = small_program()
    inputs = np.random.default_rng(0).integers(0, 2, size=(5, 6, 6, 2))
    assert np.array_equal(program.predict(inputs.astype(dtype)), program.predict(inputs.astype(np.float32)))


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
        ([layers.BatchNormalization(name="b"), layers.Flatten(), layers.Dense(2)], "'b'.*BatchNormalization"),
        ([layers.MaxPooling2D(2, padding="same", name="p"), layers.Flatten(), layers.Dense(2)], "'p'.*pads"),
        ([layers.Conv2D(2, 3, activation="gelu", name="c"), layers.Flatten(), layers.Dense(2)], "'c:activation'.*gelu"),
        ([layers.Conv2D(2, 3, activation="tanh"), layers.Dropout(0.5, name="d"), layers.Flatten()], "'d'.*Dropout"),
        ([layers.Dense(3, name="d"), layers.Flatten()], "'d'.*Dense"),
        ([layers.Flatten(), layers.Dense(2, kernel_regularizer="l2", name="d")], "'d'.*regularizer"),
        ([layers.Conv2D(2, 3)], "flat"),
        ([layers.Flatten()], "weights"),
    ],
)
def test_what_has_no_native_form_is_named(stack, named):
    model = sequential((7, 7, 1), *stack)
    with pytest.raises(LoweringError, match=named):
        scribal.engine.compile(model, loss="mse", optimizer="sgd")


@pytest.mark.parametrize(("loss", "optimizer"), [("binary_crossentropy", "sgd"), ("mse", "rmsprop")])
def test_losses_and_optimizers_without_a_native_form_are_named(loss, optimizer):
    with pytest.raises(LoweringError, match="native form"):
        scribal.engine.compile(sequential((7,), layers.Dense(2)), loss=loss, optimizer=optimizer)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("samples", [1, 15, 16, 17, 33])
def test_crossentropy_of_logits_at_every_filling_of_the_lanes(smoothing, samples):
    model = sequential((3,), layers.Dense(5, activation="relu"), layers.Dense(4))
    graph = scribal.engine.lower.lower_model(model)
    loss = Loss("categorical_crossentropy", from_logits=True, label_smoothing=smoothing)
    follow(graph, loss, SGD(0.1), 32, samples)


def test_crossentropy_of_large_logits_is_exact():
    """Raw pixels give logits of hundreds; probabilities would be cut off, and their logarithm with them."""
    model = sequential((3,), layers.Dense(4))
    graph = scribal.engine.lower.lower_model(model)
    weights = {name: 100 * weight for name, weight in random_weights(graph).items()}
    inputs, targets = samples_for(graph, 33)
    loss = Loss("categorical_crossentropy", from_logits=True)
    program = Program(graph, weights, loss, SGD(0.1), batch_size=33)
    network = Network(graph, weights)
    epoch = program.train_epoch(inputs, targets)
    expected = network.train_step(loss, SGD(0.1), inputs.astype(float), targets)
    assert expected > 20
    close(epoch.loss, expected)
    for name, weight in program.weights.items():
        close(weight, network.weights[name])


def test_accuracy_of_a_single_output_counts_sides_of_one_half():
    model = sequential((3,), layers.Dense(1, activation="sigmoid"))
    graph = scribal.engine.lower.lower_model(model)
    program = Program(graph, random_weights(graph), Loss("mean_squared_error"), SGD(0.0), batch_size=40)
    inputs = samples_for(graph, 40)[0]
    targets = (inputs[:, :1] > 0).astype(np.float32)
    expected = ((program.predict(inputs) > 0.5) == (targets > 0.5)).mean()
    assert 0 < expected < 1
    assert program.train_epoch(inputs, targets).accuracy == pytest.approx(expected)

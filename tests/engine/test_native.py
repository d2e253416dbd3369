"""Any network trains as the reference does: kernels of every size, at every vector width."""

import numpy as np
import pytest
from compare import close, sequential
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from keras import layers
from small_programs import CROSSENTROPY, random_weights, samples_for, small_program
from strategies import networks, residual_network

import scribal.engine.lower
from scribal.engine import operations as op
from scribal.engine.logits import logits_form
from scribal.engine.program import Program
from scribal.engine.reference import Network
from scribal.engine.target import AVX2, AVX512, SSE, host_target
from scribal.engine.training import SGD, Adadelta, Adagrad, Adam, Adamax, Loss, RMSprop
from scribal.exceptions import DataError

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
    Adagrad(0.1, epsilon=1e-3),
    Adadelta(1.0, epsilon=1e-3),
    Adamax(0.01, epsilon=1e-3),
    SGD(0.1, momentum=0.5, clipnorm=0.1),
    SGD(0.1, weight_decay=0.1, global_clipnorm=0.2),
]


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
    tolerance = 2e-4 if isinstance(optimizer, Adam | Adamax) else 2e-5
    for name, weight in program.weights.items():
        # What a weight was counts as well: a step may have brought it to all but zero.
        close([weights[name], weight], [weights[name], network.weights[name]], tolerance)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


def test_certain_answers_have_no_slope_as_in_the_reference():
    program = small_program(scale=1000.0, activation="elu")
    network = Network(program.graph, program.weights)
    inputs, targets = samples_for(program.graph, 8)
    epoch = program.train_epoch(inputs, targets)
    close(epoch.loss, network.train_step(CROSSENTROPY, Adam(0.01), inputs, targets))
    for name, weight in program.weights.items():
        close(weight, network.weights[name])

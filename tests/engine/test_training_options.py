"""What a training can be asked for beyond layers, loss and optimizer: against Keras on JAX, and against itself."""

import pickle

import keras
import numpy as np
import pytest
from compare import close, named_variables, sequential
from keras import layers

import scribal.engine
from scribal.engine.lower_training import lower_optimizer
from scribal.engine.training import SGD
from scribal.exceptions import DataError

BATCH = 16
# Keras compiles a step for every size of a batch; a partial one is asked for where it matters.
WHOLE = 3 * BATCH


def network(regularizer=None):
    return sequential(
        (6, 6, 2),
        layers.Conv2D(5, 3, activation="relu", kernel_regularizer=regularizer, name="convolution"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(7, "tanh", kernel_regularizer=regularizer, bias_regularizer=regularizer, name="hidden"),
        layers.Dense(4, "softmax", name="classes"),
    )


def samples(count=3 * BATCH - 1, seed=0):
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(count, 6, 6, 2)).astype(np.float32)
    return inputs, np.eye(4, dtype=np.float32)[generator.integers(4, size=count)]


def compiled(model, optimizer=None, **options):
    model.compile(optimizer or keras.optimizers.SGD(0.1), "categorical_crossentropy", metrics=["accuracy"])
    return scribal.engine.compile(model, batch_size=BATCH, **options)


def test_sample_weights_are_those_of_keras():
    model = network()
    program = compiled(model)
    inputs, targets = samples()
    sample_weight = np.random.default_rng(1).choice([0, 0.5, 1, 7], size=len(inputs))
    checked = program.samples(inputs, targets, sample_weight)
    for _ in range(2):
        epoch = program.train_epoch(checked)
        history = model.fit(inputs, targets, BATCH, sample_weight=sample_weight, shuffle=False, verbose=0).history
        close(epoch.loss, history["loss"][0])
        assert epoch.accuracy == pytest.approx(history["accuracy"][0])
    for name, variable in named_variables(model):
        close(program.weights[name], variable)
    measured = model.evaluate(inputs, targets, BATCH, sample_weight=sample_weight, verbose=0)
    evaluated = program.evaluate(checked)
    close(evaluated.loss, measured[0])
    assert evaluated.accuracy == pytest.approx(measured[1])


def test_weights_of_one_change_no_bit():
    inputs, targets = samples()
    plain, weighted = compiled(network()), compiled(network())
    ones = weighted.samples(inputs, targets, np.ones((len(inputs), 1), int))
    assert plain.train_epoch(inputs, targets) == weighted.train_epoch(ones)
    assert plain.evaluate(inputs, targets) == weighted.evaluate(ones)
    for name, weight in plain.weights.items():
        np.testing.assert_array_equal(weighted.weights[name], weight)


@pytest.mark.parametrize("sample_weight", [np.ones(3), np.ones((47, 2)), np.full(47, np.nan), np.full(47, "x"), 1.0])
def test_sample_weights_that_do_not_fit_are_refused(sample_weight):
    with pytest.raises(DataError, match="sample_weight"):
        compiled(network()).samples(*samples(), sample_weight)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_epoch_hands_out_what_was_answered_before_each_step(threads):
    inputs, targets = samples()
    order = np.random.default_rng(1).permutation(len(inputs))[:-3]
    whole, parts = compiled(network(), threads=threads), compiled(network())
    outputs = np.full((len(order), 4), np.nan, np.float32)
    epoch = whole.train_epoch(inputs, targets, order, outputs)
    for first in range(0, len(order), BATCH):
        batch = order[first : first + BATCH]
        close(outputs[first : first + BATCH], parts.predict(inputs[batch]), 1e-6)
        parts.train_epoch(inputs, targets, batch)
    right = outputs.argmax(axis=1) == targets[order].argmax(axis=1)
    assert epoch.accuracy == pytest.approx(right.mean())
    for name, weight in parts.weights.items():
        np.testing.assert_array_equal(whole.weights[name], weight)


@pytest.mark.parametrize(
    "outputs",
    [
        np.zeros((47, 3), np.float32),
        np.zeros((46, 4), np.float32),
        np.zeros((47, 4)),
        np.zeros((47, 4), ">f4"),
        np.zeros((47, 8), np.float32)[:, ::2],
        np.zeros((47, 4), np.float32, order="F"),
        [[0.0] * 4] * 47,
        np.broadcast_to(np.float32(0), (47, 4)),
    ],
)
def test_outputs_that_cannot_be_written_are_refused(outputs):
    with pytest.raises(DataError, match="outputs"):
        compiled(network()).train_epoch(*samples(), outputs=outputs)


@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.optimizers.SGD(0.1, momentum=0.9, weight_decay=0.1),
        lambda: keras.optimizers.Adam(0.01, weight_decay=0.1, epsilon=1e-3),
    ],
    ids=["sgd", "adam"],
)
def test_a_learning_rate_set_between_epochs_is_taken_as_keras_takes_it(make):
    model = network()
    program = compiled(model, make())
    inputs, targets = samples(WHOLE)
    for rate in (0.02, 0.0, 0.005):
        program.learning_rate = rate
        model.optimizer.learning_rate = rate
        assert program.learning_rate == rate
        epoch = program.train_epoch(inputs, targets)
        close(epoch.loss, model.fit(inputs, targets, BATCH, shuffle=False, verbose=0).history["loss"][0])
    for name, variable in named_variables(model):
        close(program.weights[name], variable, 2e-5)


def test_a_learning_rate_must_be_one():
    program = compiled(network())
    with pytest.raises(ValueError, match="learning_rate"):
        program.learning_rate = -0.1


@keras.saving.register_keras_serializable("tests")
class OwnSchedule(keras.optimizers.schedules.LearningRateSchedule):
    """A user's schedule, in Keras' operations."""

    def __call__(self, step):
        return 0.1 / keras.ops.sqrt(keras.ops.cast(step, "float32") + 1)

    def get_config(self):
        return {}


@keras.saving.register_keras_serializable("tests")
class UntraceableSchedule(OwnSchedule):
    """A user's schedule that only takes numbers, which Keras trains with when it does not compile."""

    def __call__(self, step):
        return 0.1 if int(step) < 4 else 0.02


SCHEDULES = [
    keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5, staircase=True),
    keras.optimizers.schedules.PiecewiseConstantDecay([2, 5], [0.1, 0.05, 0.01]),
    keras.optimizers.schedules.PolynomialDecay(0.1, 4, cycle=True),
    keras.optimizers.schedules.CosineDecay(0.01, 4, warmup_target=0.1, warmup_steps=2),
    OwnSchedule(),
    UntraceableSchedule(),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)
def test_a_schedule_is_that_of_keras(schedule):
    model = network()
    program = compiled(model, keras.optimizers.SGD(schedule, weight_decay=0.1))
    model.run_eagerly = isinstance(schedule, UntraceableSchedule)
    inputs, targets = samples(WHOLE)
    for _ in range(2):
        close(program.learning_rate, model.optimizer.learning_rate)
        epoch = program.train_epoch(inputs, targets)
        close(epoch.loss, model.fit(inputs, targets, BATCH, shuffle=False, verbose=0).history["loss"][0])
    for name, variable in named_variables(model):
        close(program.weights[name], variable)


@pytest.mark.parametrize("schedule", SCHEDULES[-2:], ids=lambda schedule: type(schedule).__name__)
def test_a_schedule_can_be_pickled(schedule):
    rates = lower_optimizer(keras.optimizers.serialize(keras.optimizers.SGD(schedule))).learning_rate
    steps = np.arange(3, 7)
    copied = pickle.loads(pickle.dumps(rates))  # noqa: S301 # its own
    assert np.array_equal(copied(steps), rates(steps))


def test_a_schedule_of_ones_own_needs_no_keras():
    inputs, targets = samples()
    one, other = compiled(network()), compiled(network())
    one.optimizer = SGD(lambda steps: 0.1 * 0.5**steps)
    one.train_epoch(inputs, targets)
    for step, first in enumerate(range(0, len(inputs), BATCH)):
        other.learning_rate = 0.1 * 0.5**step
        other.train_epoch(inputs[first : first + BATCH], targets[first : first + BATCH])
    for name, weight in one.weights.items():
        np.testing.assert_array_equal(other.weights[name], weight)


def test_a_schedule_is_the_same_across_blocks_of_steps_and_step_by_step():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 3000)
    optimizer = lower_optimizer(keras.optimizers.serialize(keras.optimizers.SGD(schedule)))
    whole = optimizer.rates(1000, 1100)
    np.testing.assert_array_equal(whole, [optimizer.rates(step, 1)[0] for step in range(1000, 2100)])
    close(whole, 0.05 * (1 + np.cos(np.pi * np.arange(1000, 2100) / 3000)))


@pytest.mark.parametrize(
    "regularizer",
    [keras.regularizers.L1(0.01), keras.regularizers.L2(0.02), keras.regularizers.L1L2(0.003, 0.01)],
    ids=lambda regularizer: type(regularizer).__name__,
)
@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_penalties_on_weights_are_those_of_keras(regularizer, optimizer):
    model = network(regularizer)
    for layer in model.layers[-2:]:
        # Some weights are zero, where the slope of |w| is what JAX takes it for.
        layer.kernel.assign(np.where(np.abs(layer.kernel) < 0.1, 0, layer.kernel))
    program = compiled(model, optimizer)
    inputs, targets = samples(WHOLE)
    for _ in range(2):
        epoch = program.train_epoch(inputs, targets)
        close(epoch.loss, model.fit(inputs, targets, BATCH, shuffle=False, verbose=0).history["loss"][0])
    for name, variable in named_variables(model):
        close(program.weights[name], variable, 2e-5)
    close(program.evaluate(inputs, targets).loss, model.evaluate(inputs, targets, BATCH, verbose=0)[0])


CLIPPING = [{"clipnorm": 0.05}, {"global_clipnorm": 0.1}, {"clipnorm": 100.0}, {"clipnorm": 0.0}, {"clipvalue": 0.0}]


@pytest.mark.parametrize(
    ("clipping", "penalty"), [*((clipping, 0.0) for clipping in CLIPPING), (CLIPPING[0], 0.02), (CLIPPING[1], 0.02)]
)
def test_clipping_is_that_of_keras(clipping, penalty):
    model = network(keras.regularizers.L2(penalty) if penalty else None)
    program = compiled(model, keras.optimizers.SGD(0.5, momentum=0.9, weight_decay=0.01, **clipping))
    inputs, targets = samples(WHOLE)
    for _ in range(2):
        epoch = program.train_epoch(inputs, targets)
        close(epoch.loss, model.fit(inputs, targets, BATCH, shuffle=False, verbose=0).history["loss"][0])
    for name, variable in named_variables(model):
        close(program.weights[name], variable, 2e-5)


@pytest.mark.parametrize("clipping", [{"clipnorm": 0.05}, {"global_clipnorm": 0.1}], ids=str)
def test_clipping_and_penalties_give_the_same_bits_on_any_number_of_threads(clipping):
    inputs, targets = samples()
    programs = [
        compiled(network("l2"), keras.optimizers.Adam(0.01, **clipping), threads=threads) for threads in (1, 2, 3)
    ]
    epochs = [program.train_epoch(inputs, targets) for program in programs]
    assert epochs[0] == epochs[1] == epochs[2]
    for program in programs[1:]:
        for name, weight in program.weights.items():
            np.testing.assert_array_equal(programs[0].weights[name], weight)

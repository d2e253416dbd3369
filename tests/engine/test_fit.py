"""``scribal.fit`` does what ``model.fit`` does: the same history, the same state afterwards."""

import weakref

import keras
import numpy as np
import pandas as pd
import pytest
from fitting_networks import images, network, same_state, yes_or_no
from interrupting import interrupt_when_training
from keras import layers, metrics

import scribal
from scribal.engine.errors import FallbackWarning, LoweringError
from scribal.engine.trainer import Trainer
from scribal.exceptions import ArgumentError, DataError

X, Y = images()
ROWS = np.eye(5, dtype=np.float32)[Y]
WEIGHTS = np.random.default_rng(1).uniform(0.1, 2, size=70)
NUMBERS = np.random.default_rng(2).normal(size=(50, 3))
ANSWERS = np.random.default_rng(3).integers(2, size=50)


def half_right(y_true, y_pred):
    """A mean over whatever it is given: each batch counts once."""
    return keras.ops.mean(keras.ops.abs(y_true - y_pred) < 0.5)


def both(build, x, y, **options):
    """Train two models alike, one natively and one by Keras; their histories must agree."""
    one, other = build(), build()
    options = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0} | options
    native = scribal.fit(one, x, y, engine="native", **options)
    expected = other.fit(x, y, **options)
    assert native is one.history
    assert type(native) is type(expected)
    assert (native.epoch, native.params) == (expected.epoch, expected.params)
    assert native.history.keys() == expected.history.keys()
    for name, values in expected.history.items():
        np.testing.assert_allclose(native.history[name], values, rtol=2e-5, atol=1e-6, err_msg=name)
    same_state(one, other)
    return native.history


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"batch_size": None},
        {"batch_size": 70},
        {"batch_size": 100},
        {"epochs": 3, "initial_epoch": 1},
        {"validation_split": 0.3},
        {"validation_data": (X[:20], Y[:20]), "validation_batch_size": 7},
        {"validation_data": (X[:20], Y[:20], WEIGHTS[:20])},
        {"validation_data": (X, Y), "validation_steps": 2},
        {"epochs": 4, "validation_data": (X, Y), "validation_freq": 2},
        {"epochs": 4, "validation_data": (X, Y), "validation_freq": [1, 4]},
        {"class_weight": {0: 2.0, 3: 0.5}},
        {"sample_weight": WEIGHTS},
        {"sample_weight": WEIGHTS, "validation_split": 0.2},
        {"steps_per_epoch": 3, "epochs": 4},
        {"steps_per_epoch": 3, "batch_size": None},
    ],
    ids=lambda options: " ".join(options) or "defaults",
)
@pytest.mark.filterwarnings("ignore:The data end before", "ignore:Your input ran out of data")
def test_options_mean_what_they_mean_in_keras(options):
    both(network, X, Y, **options)


@pytest.mark.parametrize(
    ("build", "x", "y"),
    [
        (lambda: network(metrics=[]), X, Y),
        (lambda: network(metrics=["acc", metrics.SparseTopKCategoricalAccuracy(2, name="top")]), X, Y),
        (lambda: network(metrics=["sparse_categorical_accuracy"]), X, Y[:, None]),
        (lambda: network("categorical_crossentropy", ["accuracy"], weighted_metrics=["accuracy"]), X, ROWS),
        (lambda: network("categorical_crossentropy", [metrics.CategoricalAccuracy(name="right")]), X, ROWS),
        (lambda: network("categorical_crossentropy", [metrics.AUC(name="area"), "mae"]), X, ROWS),
        (lambda: network("mse", [half_right, "accuracy"]), X, ROWS),
        (yes_or_no, NUMBERS, ANSWERS),
        (lambda: yes_or_no(["binary_accuracy", metrics.BinaryAccuracy(threshold=0.6)]), NUMBERS, ANSWERS[:, None]),
        (
            lambda: yes_or_no([metrics.Precision(name="precision"), metrics.F1Score(threshold=0.5, name="f1")]),
            NUMBERS,
            ANSWERS[:, None],
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:.*overwriting existing")
def test_metrics_have_keras_names_and_values(build, x, y):
    both(build, x, y, validation_split=0.2)


def test_weighted_and_plain_metrics_are_told_apart():
    def build():
        return network("categorical_crossentropy", ["accuracy"], weighted_metrics=["accuracy", "mse"])

    history = both(build, X, ROWS, sample_weight=WEIGHTS, validation_split=0.2)
    assert {"accuracy", "weighted_accuracy", "mse"} <= history.keys()


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5), momentum=0.5),
        lambda: keras.optimizers.RMSprop(0.01, epsilon=1e-3),
        lambda: keras.optimizers.Adagrad(0.1),
        lambda: keras.optimizers.Adadelta(1.0, epsilon=1e-3),
    ],
)
def test_optimizers_go_on_where_they_were(optimizer):
    one, other = network(optimizer=optimizer()), network(optimizer=optimizer())
    for epochs in (1, 2):
        scribal.fit(one, X, Y, epochs=epochs, shuffle=False, verbose=0, engine="native")
        other.fit(X, Y, epochs=epochs, shuffle=False, verbose=0)
    same_state(one, other, 1e-4)
    assert int(one.optimizer.iterations) == 9


def test_what_is_set_between_trainings_counts():
    one, other = (network(optimizer=keras.optimizers.SGD(0.1, momentum=0.5)) for _ in range(2))
    for momentum in (0.5, 0.9):
        one.optimizer.momentum = other.optimizer.momentum = momentum
        scribal.fit(one, X, Y, shuffle=False, verbose=0, engine="native")
        # Keras does not look again by itself.
        other.make_train_function(force=True)
        other.fit(X, Y, shuffle=False, verbose=0)
    same_state(one, other)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (X.tolist(), Y.tolist()),
        ([X], Y),
        ({"input": X}, [Y]),
        (X[..., 0], Y),
        (X[..., None], Y[:, None].astype(float)),
        (keras.ops.convert_to_tensor(X), keras.ops.convert_to_tensor(Y)),
        (X.astype(">f8"), pd.Series(Y)),
    ],
)
def test_any_kind_of_array_is_taken(x, y):
    one, other = network(), network()
    scribal.fit(one, x, y, shuffle=False, verbose=0, engine="native")
    other.fit(X, Y, shuffle=False, verbose=0)
    same_state(one, other)


def test_tables_and_bytes_are_taken():
    table = pd.DataFrame(NUMBERS, columns=list("abc"))
    both(yes_or_no, table, pd.Series(ANSWERS))
    pixels = (X * 255).astype(np.uint8)
    # From logits of such a size, Keras' cross-entropy on JAX is another one.
    both(lambda: network("mse", optimizer=keras.optimizers.SGD(1e-4)), pixels, ROWS)


def test_a_model_without_an_input_shape_is_built_from_the_data():
    def build():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([layers.Dense(3), layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.01), "mse")
        return model

    both(build, NUMBERS, ANSWERS)


def test_logits_are_judged_as_keras_judges_them():
    def build():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
        return model

    both(build, NUMBERS, ANSWERS)


def test_a_seed_decides_everything():
    def weights(seed, shuffle=True):
        model = network(dropout=0.5)
        scribal.fit(model, X, Y, epochs=2, verbose=0, seed=seed, shuffle=shuffle)
        return model.get_weights()[-1].tolist()

    first = weights(1)
    assert weights(1) == first
    assert weights(2) != first
    # Without a seed of its own, the training follows keras.utils.set_random_seed, which network() calls.
    assert weights(None) == weights(None)
    assert weights(1, "batch") not in (first, weights(1, shuffle=False))


def test_each_epoch_takes_every_sample_once_in_another_order():
    orders = [tuple(order) for order in seen_orders(shuffle=True)]
    assert all(sorted(order) == list(range(70)) for order in orders)
    assert len(set(orders)) == 3
    for order in seen_orders(shuffle="batch"):
        assert [min(order[first : first + 16]) for first in range(0, 70, 16)] == [0, 16, 32, 48, 64]
        assert list(order) != sorted(order)


def seen_orders(shuffle):
    """The samples that three epochs take, told from the targets that a metric is given."""
    seen, current = [[], [], []], []

    class Epochs(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):  # noqa: ARG002 - Keras' signature
            current.append(seen[epoch])

    class Recorder(metrics.Metric):
        def update_state(self, y_true, _y_pred, sample_weight=None):  # noqa: ARG002 - Keras' signature
            if current:
                current[-1].extend(np.asarray(y_true)[:, 0].astype(int))

        def result(self):
            return 0.0

    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=[Recorder()])
    numbers = np.arange(70.0)[:, None]
    options = {"batch_size": 16, "epochs": 3, "shuffle": shuffle, "verbose": 0}
    scribal.fit(model, numbers, numbers, callbacks=[Epochs()], engine="native", **options)
    return seen


@pytest.mark.parametrize(("samples", "batch_size"), [(64, 16), (70, 70), (5, 32)])
def test_many_short_epochs_are_like_one_after_the_other(samples, batch_size):
    one, other = network(), network()
    options = {"batch_size": batch_size, "epochs": 30, "verbose": 0, "seed": 1}
    history = scribal.fit(one, X[:samples], Y[:samples], **options)
    # A callback that might look at anything has each epoch run on its own.
    looked_at = scribal.fit(other, X[:samples], Y[:samples], callbacks=[keras.callbacks.Callback()], **options)
    assert history.history == looked_at.history
    assert history.epoch == looked_at.epoch
    same_state(one, other, 0)


def test_data_that_end_too_early_are_told_of():
    with pytest.warns(UserWarning, match="steps_per_epoch=9"):
        scribal.fit(network(), X, Y, batch_size=16, steps_per_epoch=9, verbose=0)


def test_models_are_let_go():
    model = network()
    scribal.fit(model, X, Y, verbose=0)
    gone = weakref.ref(model)
    del model
    keras.backend.clear_session()
    import gc

    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    ("build", "options", "reason"),
    [
        (lambda: network("kl_divergence"), {}, "loss"),
        (lambda: network(optimizer="ftrl"), {}, "optimizer"),
        (lambda: type("Own", (keras.Sequential,), {})(network().layers), {}, "class of its own"),
    ],
)
def test_keras_trains_what_has_no_native_form_and_says_so(build, options, reason):
    model = build()
    if not model.compiled:
        model.compile("sgd", "sparse_categorical_crossentropy")
    y = ROWS if model.loss == "kl_divergence" else Y
    with pytest.warns(FallbackWarning, match=reason) as told:
        history = scribal.fit(model, X, y, epochs=2, verbose=0, **options)
    assert len(history.history["loss"]) == 2
    (warning,) = (warning for warning in told if warning.category is FallbackWarning)
    assert warning.filename == __file__
    with pytest.raises(LoweringError, match=reason):
        scribal.fit(model, X, y, engine="native")


def test_keras_trains_if_asked_to():
    model = network()
    scribal.fit(model, X, Y, engine="keras", verbose=0)
    assert model.train_function is not None


def test_keras_says_that_a_model_was_not_compiled():
    with pytest.raises(ValueError, match="compile"):
        scribal.fit(keras.Sequential([keras.Input((3,)), layers.Dense(1)]), NUMBERS, ANSWERS)


@pytest.mark.parametrize(
    ("x", "y", "options", "message"),
    [
        (X[:, :5], Y, {}, "inputs.*shape"),
        (X, Y[:5], {}, "target for each"),
        (X, Y + 1, {}, "0..4"),
        (X, ROWS, {}, "class numbers"),
        (X, None, {}, "targets"),
        (X[:0], Y[:0], {}, "at least 1"),
        (np.full_like(X, np.nan), Y, {}, "finite"),
        ([[1], [2, 3]], Y, {}, "equal lengths"),
        (np.float32(1), Y, {}, "row for each sample"),
        (np.full(X.shape, "x"), Y, {}, "numbers"),
        (X, Y, {"validation_data": (X[:, :5], Y)}, "inputs.*shape"),
        (X, Y, {"sample_weight": WEIGHTS[:5]}, "weight"),
    ],
)
def test_data_that_do_not_fit_are_errors_that_teach(x, y, options, message):
    with pytest.raises(DataError, match=message):
        scribal.fit(network(), x, y, verbose=0, **options)


@pytest.mark.parametrize(
    "options",
    [
        {"validation_split": 1.0},
        {"validation_split": 0.999},
        {"sample_weight": WEIGHTS, "class_weight": {0: 1.0}},
        {"engine": "tensorflow"},
        {"batch_size": -1},
    ],
)
def test_arguments_out_of_range_are_errors(options):
    with pytest.raises(ArgumentError):
        scribal.fit(network(), X, Y, verbose=0, **options)


@pytest.mark.usefixtures("hears_interrupts")
def test_an_interrupt_leaves_the_model_with_the_steps_that_were_done():
    model, other = network(), network()
    scribal.fit(model, X, Y, verbose=0, shuffle=False)
    interrupt_when_training(Trainer(model, batch_size=32).program)
    with pytest.raises(KeyboardInterrupt):
        scribal.fit(model, X, Y, epochs=10_000_000, verbose=0, shuffle=False)
    steps = int(model.optimizer.iterations)
    assert steps > 3
    done = min(steps, 300)
    scribal.fit(other, X, Y, batch_size=32, epochs=-(-done // 3), verbose=0, shuffle=False)
    assert np.isfinite(model.get_weights()[-1]).all()
    scribal.fit(model, X, Y, verbose=0, shuffle=False)
    assert int(model.optimizer.iterations) == steps + 3

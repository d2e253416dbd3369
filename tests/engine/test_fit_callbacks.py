"""Keras' callbacks see in a native training what they see in Keras' own, and what they change takes effect."""

import csv
import re
from importlib.util import find_spec

import keras
import numpy as np
import pytest
from fitting_networks import images, network, same_state
from keras import callbacks

import scribal
from scribal.engine.fitting.watching import watched_by
from scribal.exceptions import MissingExtraError

X, Y = images()


def fit(model, *given, native=True, **options):
    options = {"batch_size": 16, "epochs": 4, "shuffle": False, "verbose": 0, "callbacks": list(given)} | options
    return scribal.fit(model, X, Y, engine="native", **options) if native else model.fit(X, Y, **options)


def both(make, **options):
    """Train with a callback natively and by Keras; histories and states must agree."""
    one, other = network(), network()
    histories = [fit(one, make(), **options).history, fit(other, make(), native=False, **options).history]
    assert histories[0].keys() == histories[1].keys()
    for name, values in histories[1].items():
        np.testing.assert_allclose(histories[0][name], values, rtol=1e-5, atol=1e-6, err_msg=name)
    same_state(one, other)
    return histories[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: callbacks.EarlyStopping("loss", min_delta=1.0, patience=1, restore_best_weights=True),
        lambda: callbacks.EarlyStopping("loss", min_delta=1.0),
        lambda: callbacks.ReduceLROnPlateau("val_loss", factor=0.1, patience=1, min_delta=1.0),
        lambda: callbacks.LearningRateScheduler(lambda epoch, rate: rate / (epoch + 1)),
        lambda: callbacks.LambdaCallback(on_epoch_end=lambda _epoch, _logs: None),
        callbacks.TerminateOnNaN,
        lambda: StopsInTheMiddle(),  # noqa: PLW0108 - defined below
        lambda: ShrinksWeights(),  # noqa: PLW0108
        lambda: ChangesRate(),  # noqa: PLW0108
        lambda: ChangesMomentum(),  # noqa: PLW0108
    ],
)
def test_callbacks_steer_as_in_keras(make):
    both(make, validation_data=(X[:20], Y[:20]))


class StopsInTheMiddle(callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):  # noqa: ARG002 - Keras' signature
        if int(self.model.optimizer.iterations) == 7:
            self.model.stop_training = True


class ShrinksWeights(callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):  # noqa: ARG002
        self.model.set_weights([weight / 2 for weight in self.model.get_weights()])


class ChangesRate(callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):  # noqa: ARG002
        self.model.optimizer.learning_rate = 0.1 if batch % 2 else 0.2


class ChangesMomentum(callbacks.Callback):
    """Which is compiled into the steps, in Keras as in the engine, so that they stay what they are."""

    def on_epoch_end(self, epoch, logs=None):  # noqa: ARG002
        self.model.optimizer.momentum = 0.9


class Journal(callbacks.Callback):
    """Writes down each call, with the state of the model then."""

    def __init__(self, hooks):
        super().__init__()
        self.calls = []
        for hook in hooks:
            setattr(self, hook, lambda *arguments, hook=hook, **logs: self.note(hook, *arguments, **logs))

    def note(self, hook, *arguments, logs=None):
        position = [argument for argument in arguments if isinstance(argument, int)]
        logs = logs or next((argument for argument in arguments if isinstance(argument, dict)), {})
        weights = np.concatenate([np.ravel(weight) for weight in self.model.get_weights()])
        steps = int(self.model.optimizer.iterations)
        self.calls.append((hook, position, steps, logs, weights))


HOOKS = [
    f"on_{stage}_{when}"
    for stage in ("train", "epoch", "train_batch", "test", "test_batch")
    for when in ("begin", "end")
]


@pytest.mark.parametrize("steps_per_execution", [1, 2])
@pytest.mark.parametrize("hooks", [HOOKS, ["on_train_batch_end"], ["on_test_batch_begin"], ["on_epoch_end"]])
def test_a_callback_is_called_as_by_keras_with_the_model_up_to_date(hooks, steps_per_execution):
    journals = [Journal(hooks), Journal(hooks)]
    for journal, native in zip(journals, (True, False), strict=True):
        model = network(steps_per_execution=steps_per_execution)
        fit(model, journal, native=native, epochs=2, validation_split=0.4)
    native, expected = (journal.calls for journal in journals)
    assert [call[:3] for call in native] == [call[:3] for call in expected]
    for (*_, logs, weights), (*_, expected_logs, expected_weights) in zip(native, expected, strict=True):
        assert logs == pytest.approx(expected_logs, rel=1e-5)
        np.testing.assert_allclose(weights, expected_weights, rtol=1e-5, atol=1e-6)


def test_a_callback_may_ask_the_model(monkeypatch):
    asked = []

    def ask(epoch, logs):
        asked.append((logs["val_loss"], model.evaluate(X, Y, verbose=0)[0]))

    model = network()
    with scribal.enable():
        model.fit(X, Y, validation_data=(X, Y), verbose=0, callbacks=[callbacks.LambdaCallback(on_epoch_end=ask)])
    assert asked[0][0] == pytest.approx(asked[0][1])


def test_a_whole_checkpoint_goes_on_to_the_same_state(tmp_path):
    path = tmp_path / "{epoch}.keras"
    whole = network(optimizer="adam")
    fit(whole, callbacks.ModelCheckpoint(path))
    model = keras.models.load_model(tmp_path / "2.keras")
    fit(model, initial_epoch=2)
    for one, two in zip(model.weights, whole.weights, strict=True):
        np.testing.assert_array_equal(one, two)
    for one, two in zip(model.optimizer.variables, whole.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("frequency", ["epoch", 3])
def test_checkpoints_of_the_best_weights_are_keras(tmp_path, frequency):
    saved = []
    for name, native in (("native", True), ("keras", False)):
        path = tmp_path / f"{name}.weights.h5"
        options = {"save_weights_only": True, "monitor": "loss", "save_best_only": True, "save_freq": frequency}
        fit(network(), callbacks.ModelCheckpoint(path, **options), native=native)
        model = network()
        model.load_weights(path)
        saved.append(model.get_weights())
    for one, two in zip(*saved, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("frequency", ["epoch", 2])
def test_a_broken_training_is_taken_up_by_backup_and_restore(tmp_path, frequency):
    class Breaks(callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):  # noqa: ARG002
            if epoch == 2:
                raise RuntimeError

    backup = {"backup_dir": str(tmp_path / "backup"), "save_freq": frequency}
    whole, model = network(), network()
    fit(whole)
    with pytest.raises(RuntimeError):
        fit(model, callbacks.BackupAndRestore(**backup), Breaks())
    again = network()
    history = fit(again, callbacks.BackupAndRestore(**backup))
    if frequency == "epoch":
        assert history.epoch == [2, 3]
        same_state(again, whole)


def test_tables_are_written(tmp_path):
    history = fit(network(), callbacks.CSVLogger(tmp_path / "log.csv")).history
    with (tmp_path / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["loss"]) for row in rows] == pytest.approx(history["loss"])


def test_a_training_that_explodes_is_ended():
    model = network("mse", optimizer=keras.optimizers.SGD(1e30))
    x, y = X * 1e10, np.eye(5)[Y]
    model.layers[-1].activation = keras.activations.linear
    history = scribal.fit(model, x, y, epochs=5, verbose=0, engine="native", callbacks=[callbacks.TerminateOnNaN()])
    assert len(history.epoch) == 1


@pytest.mark.parametrize("verbose", ["auto", 1, 2])
def test_progress_is_printed_as_keras_prints_it(capfd, verbose):
    texts = []
    for native in (True, False):
        fit(network(), native=native, verbose=verbose, epochs=2, validation_split=0.2)
        lines = capfd.readouterr().out.replace("\r", "\n").split("\n")
        texts.append([line.split(" - ")[-4:] for line in lines if "val_loss" in line])
    assert texts[0] == texts[1]
    assert len(texts[0]) == 2


@pytest.mark.parametrize(
    ("callback", "weights", "batches"),
    [
        (callbacks.History(), False, False),
        (callbacks.ProgbarLogger(), False, False),
        (callbacks.EarlyStopping(), False, False),
        (callbacks.EarlyStopping(restore_best_weights=True), True, False),
        (callbacks.ModelCheckpoint("a.keras"), True, False),
        (callbacks.ModelCheckpoint("a.keras", save_freq=5), True, True),
        (callbacks.TensorBoard(), True, False),
        (callbacks.TensorBoard(update_freq=5), True, True),
        (callbacks.LambdaCallback(on_epoch_end=print), True, False),
        (callbacks.LambdaCallback(on_train_batch_end=print), True, True),
        (callbacks.Callback(), True, False),
        (ChangesRate(), True, True),
    ],
)
def test_only_what_is_looked_at_is_brought_up_to_date(callback, weights, batches):
    watched = watched_by([callback])
    assert (watched.weights, watched.batches) == (weights, batches)


@pytest.mark.skipif(find_spec("tensorflow") is not None, reason="TensorFlow is installed")
def test_tensorboard_without_tensorflow_is_told_plainly():
    with pytest.raises(MissingExtraError, match=r"TensorBoard needs .* pip install tensorflow"):
        fit(network(), callbacks.TensorBoard("logs"))


def test_an_error_in_a_callback_leaves_the_steps_in_the_model():
    def fail(*_):
        raise ZeroDivisionError

    model = network()
    with pytest.raises(ZeroDivisionError):
        fit(model, callbacks.LambdaCallback(on_epoch_end=fail))
    assert int(model.optimizer.iterations) == 5


@pytest.mark.parametrize("verbose", [1, 2])
def test_a_progress_bar_over_short_epochs_changes_no_bit_and_tells_of_each(verbose, capsys):
    silent, shown = network(), network()
    expected = fit(silent, epochs=60, verbose=0)
    capsys.readouterr()
    history = fit(shown, epochs=60, verbose=verbose)
    assert history.history == expected.history
    assert all(map(np.array_equal, silent.get_weights(), shown.get_weights()))
    told = re.findall(r"Epoch (\d+)/60.*?loss: ([\d.e-]+) *\n", capsys.readouterr().out, re.DOTALL)
    assert [int(epoch) for epoch, _ in told] == list(range(1, 61))
    assert np.allclose([float(loss) for _, loss in told], history.history["loss"], atol=1e-3)

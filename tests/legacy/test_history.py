"""Names of measures, both ways: in histories, in logs, in monitors and in the names of files."""

import json
import pickle

import keras
import pandas as pd
import pytest
from small_networks import X, Y, network

from scribal.legacy.models.measure_names import Measures, equivalent_names

OPTIONS = {"epochs": 3, "verbose": 0, "validation_data": (X, Y)}


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("acc", ["accuracy"]),
        ("val_accuracy", ["val_acc"]),
        ("val_digit_acc", ["val_digit_accuracy"]),
        ("lr", ["learning_rate"]),
        ("loss", []),
        ("binary_accuracy", []),
        ("macc", []),
    ],
)
def test_equivalent_names(name, others):
    assert list(equivalent_names(name)) == others


@pytest.mark.parametrize("given", ["acc", "accuracy"])
def test_a_history_answers_to_both_names_and_has_the_keys_that_were_compiled(models, given):
    history = network([given]).fit(X, Y, **OPTIONS).history
    assert history["acc"] == history["accuracy"] == history.get("acc")
    assert history["val_acc"] is history["val_accuracy"]
    assert "acc" in history
    assert "accuracy" in history
    assert set(history) == set(history.keys()) == {"loss", given, "val_loss", f"val_{given}"}
    assert set(pd.DataFrame(history).columns) == set(history)
    assert set(json.loads(json.dumps(history))) == set(history)
    assert type(pickle.loads(pickle.dumps(history))) is dict  # noqa: S301 - made right here


def test_what_was_not_measured_is_missing(models):
    history = network(metrics=[]).fit(X, Y, verbose=0).history
    assert history.get("acc", 3) == 3
    with pytest.raises(KeyError, match="'val_acc'"):
        history["val_acc"]


@pytest.mark.parametrize(("given", "read"), [("mse", "mean_squared_error"), ("mean_absolute_error", "mae")])
def test_other_measures_have_two_names_as_well(models, given, read):
    history = network([given]).fit(X, Y, **OPTIONS).history
    assert history[f"val_{read}"] == history[f"val_{given}"]


@pytest.mark.parametrize("given", ["acc", "accuracy"])
def test_logs_of_callbacks_answer_to_both_names(models, given):
    seen = []

    class Reader(keras.callbacks.Callback):
        def on_epoch_end(self, _, logs=None):
            seen.append((logs["acc"] == logs.get("accuracy"), "val_acc" in logs, len(self.validation_data)))

        def on_batch_end(self, _, logs=None):
            seen.append(logs.get("acc") == logs["accuracy"])

    network([given]).fit(X, Y, **OPTIONS | {"epochs": 1}, callbacks=[Reader()])
    assert seen == [True, True, (True, True, 2)]


@pytest.mark.parametrize("given", ["acc", "accuracy"])
@pytest.mark.parametrize("monitor", ["val_acc", "val_accuracy"])
def test_monitors_find_their_measure_and_its_direction(models, tmp_path, given, monitor):
    stopping = keras.callbacks.EarlyStopping(monitor=monitor, patience=50)
    name = str(tmp_path / f"best.{{epoch:02d}}-{{{monitor}:.2f}}.hdf5")
    checkpoint = keras.callbacks.ModelCheckpoint(name, monitor=monitor, save_best_only=True, mode="auto")
    history = network([given]).fit(X, Y, **OPTIONS, callbacks=[stopping, checkpoint]).history
    best = max(history["val_acc"])
    assert stopping.best == checkpoint.best == best
    first = history["val_acc"].index(best) + 1
    assert (tmp_path / f"best.{first:02d}-{best:.2f}.hdf5").exists()
    assert keras.models.load_model(tmp_path / f"best.{first:02d}-{best:.2f}.hdf5").count_params() == 43


def test_an_own_measure_goes_down_unless_it_is_an_accuracy(models):
    def my_accuracy(y_true, y_pred):
        return keras.ops.mean(y_pred)

    for monitor, expected in (("my_accuracy", max), ("val_my_accuracy", max)):
        stopping = keras.callbacks.EarlyStopping(monitor=monitor, patience=50)
        history = network([my_accuracy]).fit(X, Y, **OPTIONS, callbacks=[stopping]).history
        assert stopping.best == expected(history[monitor])


def test_the_learning_rate_is_in_the_history_under_both_names(models):
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))
    history = network().fit(X, Y, **OPTIONS, callbacks=[scheduler]).history
    assert history["lr"] == history["learning_rate"] == pytest.approx([0.1, 0.05, 0.1 / 3])


def test_reading_an_old_name_is_told_to_the_journal_and_a_current_one_is_not(journal):
    measures = Measures(accuracy=[1], loss=[2])
    assert measures["accuracy"] == [1]
    assert not journal.changes
    assert measures["acc"] == [1]
    assert [(change.old, change.modern) for change in journal.changes] == [("'acc'", "'accuracy'")]

"""Training on images that are new in every epoch, with a learning rate that falls along a cosine."""

import numpy as np
import pandas as pd
import pytest

import scribal
from scribal.exceptions import ArgumentError, ModelError, RunError, UnknownNameError
from scribal.runs.progress import SilentProgress

OPTIONS = {"augment": "reading", "schedule": "cosine", "validation": 0.25, "batch_size": 100}


@pytest.fixture(scope="module")
def few(small_mnist):
    with np.load(small_mnist) as arrays:
        parts = {name: arrays[name][:240] for name in arrays.files}
    return scribal.Dataset(name="few", **parts, class_names=tuple("0123456789"))


def weights(run):
    return [np.asarray(variable) for variable in run.model.variables]


class Interrupting(SilentProgress):
    """Presses Ctrl-C after the first epoch."""

    def epoch(self, row):  # noqa: ARG002 (as every progress has it)
        raise KeyboardInterrupt


@pytest.fixture(scope="module")
def whole(few, tmp_path_factory):
    """An uninterrupted training by the engine."""
    return scribal.train("tiny-cnn", data=few, epochs=2, out=tmp_path_factory.mktemp("runs") / "whole", **OPTIONS)


def interrupted_and_resumed(few, out, **options):
    with pytest.raises(KeyboardInterrupt):
        scribal.train("tiny-cnn", data=few, epochs=2, out=out, progress=Interrupting(), **options)
    return scribal.train("tiny-cnn", data=few, out=out, resume=True)


def test_an_interrupted_training_goes_on_to_the_same_bits(whole, few, tmp_path):
    resumed = interrupted_and_resumed(few, tmp_path / "parts", **OPTIONS)
    for one, other in zip(weights(whole), weights(resumed), strict=True):
        np.testing.assert_array_equal(one, other)


def test_keras_trains_on_the_same_samples_as_the_engine(whole, few, tmp_path):
    by_keras = scribal.train("tiny-cnn", data=few, epochs=2, engine="keras", out=tmp_path / "keras", **OPTIONS)
    # On raw pixels rounding grows from step to step; other samples would differ at once.
    first, other = (pd.read_csv(run.folder.path / "history.csv")["loss"][0] for run in (whole, by_keras))
    assert first == pytest.approx(other, rel=2e-3)


def test_the_run_tells_how_images_were_renewed_and_how_to_repeat_it(whole):
    told = whole.folder.read_json("run.json")
    assert told["settings"]["augmentation"] == "reading"
    assert told["settings"]["schedule"] == "cosine"
    assert "--augment reading" in told["command"]
    report = (whole.folder.path / "report.html").read_text(encoding="utf-8")
    assert "along a cosine" in report
    assert "shows no digit" in report
    # Three steps an epoch, for 180 images and 30 pictures of something else.
    assert whole.model.optimizer.get_config()["learning_rate"]["config"]["decay_steps"] == 6


def test_a_schedule_ends_with_its_last_epoch(whole, few):
    with pytest.raises(RunError, match="epochs=3 for a run with epochs=2"):
        scribal.train("tiny-cnn", data=few, epochs=3, out=whole.folder.path, resume=True)


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"augment": "photo"}, UnknownNameError, "photos"),
        ({"schedule": "cosinus"}, UnknownNameError, "cosine"),
    ],
)
def test_names_that_do_not_exist_are_refused(options, error, told, few, tmp_path):
    with pytest.raises(error, match=told):
        scribal.train("tiny-cnn", data=few, out=tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


def test_what_is_no_digit_needs_a_loss_that_takes_shares(few, tmp_path):
    import keras

    model = scribal.find_recipe("tiny-cnn").build()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy())
    with pytest.raises(ModelError, match="--augment photos"):
        scribal.train(model, data=few, augment="reading", out=tmp_path / "run")


def test_an_optimizer_of_the_callers_own_takes_no_schedule(few, tmp_path):
    import keras

    with pytest.raises(ArgumentError, match="by name"):
        scribal.train("tiny-cnn", data=few, optimizer=keras.optimizers.Adam(), schedule="cosine", out=tmp_path / "run")

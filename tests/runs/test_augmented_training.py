"""Training on images that are new in every epoch, with a learning rate that falls along a cosine."""

import numpy as np
import pytest

import scribal
from scribal.exceptions import ArgumentError, ModelError, RunError, UnknownNameError

OPTIONS = {"augment": "reading", "schedule": "cosine", "validation": 0.25, "batch_size": 100}


@pytest.fixture(scope="module")
def few(small_mnist):
    with np.load(small_mnist) as arrays:
        parts = {name: arrays[name][:240] for name in arrays.files}
    return scribal.Dataset(name="few", **parts, class_names=tuple("0123456789"))


def weights(run):
    return [np.asarray(variable) for variable in run.model.variables]


class Interrupting(scribal.runs.SilentProgress):
    """Presses Ctrl-C after the first epoch."""

    def epoch(self, row):
        raise KeyboardInterrupt


@pytest.mark.parametrize("engine", ["native", "keras"])
def test_an_interrupted_training_goes_on_to_the_same_bits(engine, few, tmp_path):
    options = OPTIONS | {"engine": engine, "epochs": 3}
    whole = scribal.train("tiny-cnn", data=few, out=tmp_path / "whole", **options)
    with pytest.raises(KeyboardInterrupt):
        scribal.train("tiny-cnn", data=few, out=tmp_path / "parts", progress=Interrupting(), **options)
    resumed = scribal.train("tiny-cnn", data=few, out=tmp_path / "parts", resume=True)
    for one, other in zip(weights(whole), weights(resumed), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_run_tells_how_images_were_renewed_and_how_to_repeat_it(few, tmp_path):
    run = scribal.train("tiny-cnn", data=few, epochs=1, out=tmp_path / "run", **OPTIONS)
    told = run.folder.read_json("run.json")
    assert told["settings"]["augmentation"] == "reading"
    assert told["settings"]["schedule"] == "cosine"
    assert "--augment reading" in told["command"]
    report = (run.folder.path / "report.html").read_text(encoding="utf-8")
    assert "along a cosine" in report
    assert "shows no digit" in report
    # Ten steps of 100 for 180 images and 30 others, and the rate is 0 after the last.
    schedule = run.model.optimizer.get_config()["learning_rate"]["config"]
    assert schedule["decay_steps"] == 3


def test_a_schedule_ends_with_its_last_epoch(few, tmp_path):
    scribal.train("tiny-cnn", data=few, epochs=1, out=tmp_path / "run", **OPTIONS)
    with pytest.raises(RunError, match="epochs=2 for a run with epochs=1"):
        scribal.train("tiny-cnn", data=few, epochs=2, out=tmp_path / "run", resume=True)


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

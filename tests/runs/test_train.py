"""Training: the same seed gives the same bits, however often it was interrupted."""

import json
import signal
import subprocess
import time

import numpy as np
import pandas as pd
import pytest

import scribal
from command_line import INTERRUPTIBLE, SCRIBAL
from scribal.engine.errors import LoweringError
from scribal.exceptions import ArgumentError, RunError, UnknownNameError
from scribal.runs import FILES
from scribal.runs.progress import SilentProgress

# Dropout, an optimizer with state, and a last batch that is not full.
OPTIONS = {"batch_size": 190, "validation": 0.1}
SAMPLES = 600
# Enough of them that a signal finds the training under way.
EPOCHS = {"keras": 4, "native": 40}


def weights(path):
    with np.load(path / "checkpoint.npz") as stored:
        return {name: stored[name] for name in stored.files if name != "history"}


def history(path):
    return pd.read_csv(path / "history.csv").drop(columns="seconds")


def assert_same(one, other):
    first, second = weights(one), weights(other)
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    pd.testing.assert_frame_equal(history(one), history(other), check_exact=True)


@pytest.fixture(scope="module", params=EPOCHS)
def engine(request):
    """What trains."""
    return request.param


@pytest.fixture(scope="module")
def images(small_mnist, tmp_path_factory):
    """An .npz of so few images that an epoch takes a moment."""
    path = tmp_path_factory.mktemp("data") / "few.npz"
    with np.load(small_mnist) as arrays:
        np.savez(path, **{name: arrays[name][:SAMPLES] for name in arrays.files})
    return path


@pytest.fixture(scope="module")
def whole(engine, images, tmp_path_factory):
    """An uninterrupted training."""
    out = tmp_path_factory.mktemp("whole") / "run"
    return scribal.train(
        "dropout-cnn", data=images, out=out, engine=engine, epochs=EPOCHS[engine], **OPTIONS
    ).folder.path


def test_the_same_seed_gives_the_same_bits(engine, whole, images, tmp_path):
    again = scribal.train(
        "dropout-cnn", data=images, out=tmp_path / "run", engine=engine, epochs=EPOCHS[engine], **OPTIONS
    )
    assert again.metrics["engine"] == engine
    assert_same(whole, again.folder.path)


def test_the_engine_gives_the_same_bits_on_one_thread(whole, engine, images, tmp_path):
    if engine == "keras":
        pytest.skip("JAX divides its sums by its number of threads")
    command = [SCRIBAL, "train", "dropout-cnn", "--out", tmp_path / "run", "--data", images, "--threads", 1]
    command += ["--epochs", EPOCHS[engine], "--batch-size", 190, "--validation", 0.1]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    assert_same(whole, tmp_path / "run")


def test_another_seed_gives_other_weights(engine, whole, images, tmp_path):
    other = scribal.train("dropout-cnn", data=images, out=tmp_path / "run", seed=1, epochs=1, engine=engine, **OPTIONS)
    assert not np.array_equal(weights(whole)["model/0"], weights(other.folder.path)["model/0"])


def test_more_epochs_later_give_the_same_bits(engine, whole, images, tmp_path):
    out = tmp_path / "run"
    scribal.train("dropout-cnn", data=images, out=out, engine=engine, epochs=2, **OPTIONS)
    scribal.train("dropout-cnn", out=out, resume=True, epochs=EPOCHS[engine])
    assert_same(whole, out)
    assert json.loads((out / "metrics.json").read_text())["epochs"] == EPOCHS[engine]


def start(out, data, engine):
    command = [*INTERRUPTIBLE, "train", "dropout-cnn", "--out", out, "--data", data, "--engine", engine]
    command += ["--epochs", EPOCHS[engine], "--batch-size", 190, "--validation", 0.1, "--json"]
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(condition, process, timeout=120):
    begun = time.monotonic()
    while not condition() and process.poll() is None:
        assert time.monotonic() - begun < timeout
        time.sleep(0.02)


@pytest.mark.parametrize("stage", ["run.json", "checkpoint.npz", "confusion.png"])
def test_a_killed_run_goes_on_to_the_same_bits(engine, whole, images, tmp_path, stage):
    if engine == "keras" and stage != "checkpoint.npz":
        pytest.skip("before and after training both engines go the same way")
    out = tmp_path / "run"
    process = start(out, images, engine)
    wait_for((out / stage).exists, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (out / "metrics.json").exists()
    for name in ("run.json", "history.csv", "metrics.json"):
        assert not (out / name).exists() or (out / name).read_bytes()
    scribal.train("dropout-cnn", out=out, resume=True)
    assert_same(whole, out)
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)


def test_ctrl_c_writes_what_is_done_and_the_run_goes_on_to_the_same_bits(engine, whole, images, tmp_path):
    out = tmp_path / "run"
    process = start(out, images, engine)
    wait_for((out / "checkpoint.npz").exists, process)
    process.send_signal(signal.SIGINT)
    printed, told = process.communicate(timeout=120)
    result = json.loads(printed.splitlines()[-1])
    assert process.returncode == 130, told
    assert result["status"] == "interrupted"
    assert 1 <= result["epochs"] < EPOCHS[engine]
    assert "Traceback" not in told
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    scribal.train("dropout-cnn", out=out, resume=True)
    assert_same(whole, out)


def test_resuming_a_finished_run_changes_nothing(whole):
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in whole.iterdir()}
    run = scribal.train("dropout-cnn", out=whole, resume=True)
    assert run.metrics == json.loads((whole / "metrics.json").read_text())
    assert {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in whole.iterdir()} == before
    np.testing.assert_array_equal(run.model.get_weights()[0], weights(whole)["model/0"])


def test_time_that_is_up_ends_after_an_epoch(small_mnist, tmp_path):
    run = scribal.train("tiny-cnn", data=small_mnist, out=tmp_path / "run", epochs=1000, within=0.001)
    assert (run.metrics["status"], run.metrics["epochs"], run.metrics["planned_epochs"]) == ("time is up", 1, 1000)


def test_short_epochs_many_at_a_time_are_the_same_wherever_the_training_was_interrupted(tmp_path):
    for name, parts in (("whole", [400]), ("parts", [1, 130, 400])):
        for epochs in parts:
            run = scribal.train("toy-mlp", epochs=epochs, out=tmp_path / name, resume=True)
    assert list(history(tmp_path / "whole")["epoch"]) == list(range(1, 401))
    assert_same(tmp_path / "whole", tmp_path / "parts")
    assert run.metrics["seconds"] > 0


def test_run_json_says_how_to_repeat(engine, whole, images):
    run = json.loads((whole / "run.json").read_text())
    assert run["command"] == (
        f"scribal train dropout-cnn --data {images} --epochs {EPOCHS[engine]} --batch-size 190 "
        f"--validation 0.1 --engine {engine}"
    )
    assert run["recipe"]["name"] == "dropout-cnn"
    assert run["settings"]["seed"] == 0
    assert len(run["dataset"]["sha256"]) == 64
    assert {"scribal", "python", "keras", "jax", "numpy"} <= run["versions"].keys()
    assert run["host"]["cores"] >= 1


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"epochs": 0}, ArgumentError, "epochs must be a whole number"),
        ({"epochs": 2.5}, ArgumentError, "epochs=2.5"),
        ({"batch_size": -1}, ArgumentError, "batch size"),
        ({"learning_rate": 0.0}, ArgumentError, "learning rate"),
        ({"learning_rate": float("nan")}, ArgumentError, "learning rate"),
        ({"seed": -1}, ArgumentError, "seed"),
        ({"validation": 1.0}, ArgumentError, "validation"),
        ({"validation": "most"}, ArgumentError, "validation=most"),
        ({"validation": 0.9999}, ArgumentError, "both sides"),
        ({"optimizer": "adm"}, UnknownNameError, "Did you mean adam"),
        ({"engine": "cuda"}, UnknownNameError, "engine must be a known name"),
        ({"threads": 10_000}, ArgumentError, "threads"),
        ({"within": -1}, ArgumentError, "within"),
        ({"force": True, "resume": True}, ArgumentError, "--force and --resume"),
    ],
)
def test_settings_out_of_range_are_errors_and_leave_nothing(small_mnist, tmp_path, options, error, words):
    out = tmp_path / "run"
    with pytest.raises(error, match=words):
        scribal.train("tiny-cnn", data=small_mnist, out=out, **options)
    assert not out.exists()


@pytest.mark.parametrize(
    ("network", "options", "words"),
    [
        ("tiny-cnn", {}, "the network that it began with"),
        ("dropout-cnn", {"seed": 3}, "seed=3 for a run with seed=0"),
        ("dropout-cnn", {"learning_rate": 0.5}, "learning rate"),
        ("dropout-cnn", {"data": "mnist"}, "the data that it began with"),
    ],
)
def test_a_run_goes_on_only_as_it_began(whole, network, options, words):
    with pytest.raises(RunError, match=words):
        scribal.train(network, out=whole, resume=True, **options)


def test_a_damaged_checkpoint_is_an_error(whole, tmp_path):
    (tmp_path / "run.json").write_bytes((whole / "run.json").read_bytes())
    (tmp_path / "checkpoint.npz").write_bytes((whole / "checkpoint.npz").read_bytes()[:1000])
    with pytest.raises(RunError, match="whole checkpoint"):
        scribal.train("dropout-cnn", out=tmp_path, resume=True)


def test_what_the_engine_cannot_train_is_trained_by_keras_which_says_so(small_mnist, tmp_path):
    class Notes(SilentProgress):
        def note(self, text):
            told.append(text)

    told = []
    run = scribal.train(
        "tiny-cnn", data=small_mnist, optimizer="nadam", epochs=1, out=tmp_path / "run", progress=Notes()
    )
    assert run.metrics["engine"] == "keras"
    assert "nadam" in told[0].lower()
    with pytest.raises(LoweringError, match="optimizer"):
        scribal.train("tiny-cnn", data=small_mnist, optimizer="nadam", engine="native", out=tmp_path / "other")

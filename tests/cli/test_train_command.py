"""``scribal train`` as a process, on real MNIST."""

import json

import pandas as pd
import pytest

from scribal.runs import FILES


def test_a_first_run_on_whole_mnist(scribal, tmp_path):
    ended = scribal("train", "tiny-cnn", "--epochs", 1, "--out", "run", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["run"] == "run"
    assert ended.json["epochs"] == 1
    assert ended.json["seconds"] > 0
    assert ended.json["test_accuracy"] > 0.85
    assert "epoch 1/1" in ended.err
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == sorted(FILES)
    history = pd.read_csv(tmp_path / "run" / "history.csv")
    assert list(history) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"]
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["test_accuracy"] == ended.json["test_accuracy"]
    assert metrics["validation_accuracy"] == pytest.approx(metrics["test_accuracy"], abs=1e-6)


def test_output_for_people_says_where_everything_is_and_what_to_type_next(scribal, scribal_here, small_mnist):
    ended = scribal("train", "tiny-cnn", "--epochs", 1, "--data", small_mnist)
    assert ended.code == 0, ended.err
    assert ended.err == ""
    for words in ("Test accuracy", "epoch 1/1", "runs/tiny-cnn/report.html", "scribal predict runs/tiny-cnn"):
        assert words in ended.out
    again = scribal_here("train", "tiny-cnn", "--epochs", 1, "--data", small_mnist)
    assert "runs/tiny-cnn-2/report.html" in again.out


def test_toy_mlp_trains_on_its_four_samples(scribal_here):
    ended = scribal_here("train", "toy-mlp", "--epochs", 300, "--out", "run", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["epochs"] == 300
    assert scribal_here("train", "toy-mlp", "--out", "run", "--resume", "--epochs", 301, "--json").json["epochs"] == 301


def test_a_users_own_file_takes_a_recipes_place(scribal, scribal_here, small_mnist, tmp_path):
    (tmp_path / "mine.py").write_text(
        "import keras\n"
        "def build():\n"
        "    dense = keras.layers.Dense(10, activation='softmax')\n"
        "    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), dense])\n"
        "    model.compile('rmsprop', keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])\n"
        "    return model\n"
    )
    ended = scribal("train", "mine.py", "--epochs", 2, "--data", small_mnist, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["test_accuracy"] > 0.5
    settings = json.loads((tmp_path / "runs" / "mine" / "run.json").read_text())["settings"]
    assert (settings["optimizer"], settings["loss"]) == ("rmsprop", "sparse_categorical_crossentropy")
    assert scribal_here("train", "mine.py", "--resume", "--epochs", 3, "--json").json["epochs"] == 3


def test_an_existing_run_is_replaced_only_by_force(scribal_here, small_mnist, tmp_path):
    command = ("train", "tiny-cnn", "--epochs", 1, "--data", small_mnist, "--out", "run")
    assert scribal_here(*command).code == 0
    before = (tmp_path / "run" / "metrics.json").read_bytes()
    assert scribal_here(*command).teaches("never overwritten", "--force", "--resume")
    assert (tmp_path / "run" / "metrics.json").read_bytes() == before
    assert scribal_here(*command, "--force", "--seed", 1).code == 0
    assert json.loads((tmp_path / "run" / "run.json").read_text())["settings"]["seed"] == 1


@pytest.mark.parametrize(
    ("words", "taught"),
    [
        (("leenet",), ("recipe", "Did you mean lenet")),
        (("missing.py",), ("build()", "missing.py")),
        (("lenet", "--data", "mnits"), ("dataset", "mnist")),
        (("lenet", "--data", "no/such/folder"), ("no/such/folder",)),
        (("lenet", "--epochs", "0"), ("epochs", "epochs=0")),
        (("lenet", "--epochs", "many"), ("epochs", "many")),
        (("lenet", "--batch-size", "0"), ("batch size",)),
        (("lenet", "--learning-rate", "-1"), ("learning rate",)),
        (("lenet", "--optimizer", "adamm"), ("optimizer", "adam")),
        (("lenet", "--validation", "2"), ("validation",)),
        (("lenet", "--engine", "gpu"), ("engine", "keras")),
        (("lenet", "--out", "/proc/nothing/run"), ("can be written",)),
        (("lenet", "--out", "/dev/null"), ("folder", "/dev/null")),
        (("lenet", "--resume"), ("no run of lenet",)),
        (("lenet", "--colour", "red"), ("--colour",)),
        (("lenet", "--data", ""), ("dataset",)),
        (("[/bold]",), ("recipe", "[/bold]")),
        (("lenet", "--out", "z" * 300), ("too long",)),
        (("lenet", "--within", "0"), ("within",)),
        ((), ("recipe",)),
    ],
)
def test_bad_input_is_one_line(scribal_here, tmp_path, words, taught):
    assert scribal_here("train", *words).teaches(*taught)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_call_with_force_leaves_the_earlier_run(scribal_here, small_mnist, tmp_path):
    command = ("train", "tiny-cnn", "--epochs", 1, "--data", small_mnist, "--out", "run", "--force")
    assert scribal_here(*command).code == 0
    before = sorted((path.name, path.read_bytes()) for path in (tmp_path / "run").iterdir())
    assert scribal_here(*command, "--validation", "0.99999").teaches("both sides")
    assert scribal_here("train", "toy-mlp", "--data", small_mnist, "--out", "run", "--force", "--epochs", 0).code == 2
    assert sorted((path.name, path.read_bytes()) for path in (tmp_path / "run").iterdir()) == before


def test_a_run_is_found_again_from_another_folder(scribal_here, small_mnist, tmp_path):
    (tmp_path / "near.npz").write_bytes(small_mnist.read_bytes())
    assert scribal_here("train", "tiny-cnn", "--epochs", 1, "--data", "near.npz", "--out", "run").code == 0
    (tmp_path / "elsewhere").mkdir()
    elsewhere = tmp_path / "elsewhere"
    assert scribal_here("evaluate", "../run", "--json", cwd=elsewhere).json["samples"] == 500
    assert scribal_here("train", "tiny-cnn", "--out", "../run", "--resume", "--json", cwd=elsewhere).code == 0
    assert scribal_here("train", "tiny-cnn", "--out", "../run", "--resume", "--epochs", 2, cwd=elsewhere).code == 0
    assert scribal_here("train", "tiny-cnn", "--out", "../run", "--resume", "--epochs", 1, cwd=elsewhere).teaches(
        "earlier"
    )


def test_resuming_what_is_not_there_begins_it_and_says_so(scribal_here, small_mnist):
    ended = scribal_here("train", "tiny-cnn", "--epochs", 1, "--data", small_mnist, "--out", "new", "--resume")
    assert ended.code == 0
    assert "There is no run in new yet" in ended.out


def test_ctrl_c_before_the_first_epoch_is_told_in_one_line(small_mnist, tmp_path):
    import signal
    import subprocess
    import time

    from command_line import INTERRUPTIBLE

    process = subprocess.Popen(
        [*INTERRUPTIBLE, "train", "vgg-mini", "--engine", "keras", "--out", tmp_path / "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "run" / "run.json").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told == "scribal: Interrupted; what is written is whole, and --resume goes on.\n"


def test_a_folder_of_other_files_is_never_touched(scribal_here, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "holiday.jpg").write_bytes(b"x")
    assert scribal_here("train", "lenet", "--out", "photos", "--force").teaches("holiday.jpg")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["holiday.jpg"]


def test_images_too_small_for_the_recipe_are_an_error(scribal_here, tmp_path):
    import numpy as np

    x, y = np.zeros((20, 4, 4), np.uint8), np.arange(20) % 2
    np.savez(tmp_path / "tiny.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    assert scribal_here("train", "lenet", "--data", "tiny.npz").teaches("(4, 4, 1)")


def test_a_full_disk_ends_in_one_line_and_resume_works(scribal_here, small_mnist, tmp_path):
    """A limit on the size of files stands for the full disk: it fails the writes of the models and plots."""
    import os
    import subprocess

    from command_line import SCRIBAL

    command = f"ulimit -f 100; exec {SCRIBAL} train lenet --epochs 1 --data {small_mnist} --out run"
    full = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, env=os.environ, check=False
    )
    assert full.returncode == 2
    assert full.stderr.startswith("scribal: Output must go to a folder that can be written")
    assert len(full.stderr.strip().splitlines()) == 1
    ended = scribal_here("train", "lenet", "--out", "run", "--resume", "--json")
    assert ended.json["epochs"] == 1
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == sorted(FILES)

import json
import shutil

import numpy as np
import pandas as pd
import pytest

import scribal
from scribal.exceptions import RunError


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory, small_mnist):
    """A small part of MNIST in which every fiftieth label is wrong, and the run on it."""
    folder = tmp_path_factory.mktemp("spoiled")
    with np.load(small_mnist) as arrays:
        data = dict(arrays)
    data["y_train"][::50] = (data["y_train"][::50] + 5) % 10
    np.savez(folder / "spoiled.npz", **data)
    scribal.train("softmax-mlp", data=folder / "spoiled.npz", epochs=8, optimizer="adam", out=folder / "run")
    return folder


def test_wrong_labels_are_found(spoiled, scribal_here):
    ended = scribal_here("report", spoiled / "run", "--label-errors", "--folds", "3")
    assert ended.code == 0, ended.err
    assert "Fold 3 of 3: training on 1,334 samples to judge 666." in " ".join(ended.out.split())
    found = pd.read_csv(spoiled / "run" / "label_errors.csv")
    is_spoiled = found["index"] % 50 == 0
    # Forty are wrong, and the network is a weak one: most are found, among right ones that are hard to read.
    assert is_spoiled.sum() > 20
    assert is_spoiled.mean() > 10 * 40 / 2000
    right = (found["label"] + 5) % 10 == found["suggestion"]
    assert right[is_spoiled].mean() > 0.8  # what was there before
    page = (spoiled / "run" / "report.html").read_text(encoding="utf-8")
    assert f"{len(found):,} of 2,000 training samples" in page
    assert f"Training sample {found['index'][0]}: labelled {found['label'][0]}" in page
    assert "./label_errors.csv" in page


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--label-errors", "--folds", "1"], ["folds must be from 2", "folds=1"]),
        (["--label-errors", "--folds", "101"], ["at most 100"]),
        (["--label-errors", "--epochs", "0"], ["epochs must be at least 1"]),
        (["--folds", "3"], ["--label-errors", "Received: --folds 3"]),
        (["--data", "mnist"], ["the data that the run was trained on", "SHA-256"]),
    ],
)
def test_what_cannot_be_done(scribal_here, finished_run, options, words):
    assert scribal_here("report", finished_run, *options).teaches(*words)


def test_a_run_on_arrays_needs_its_data_again(tmp_path):
    generator = np.random.default_rng(0)
    x = generator.integers(0, 256, (80, 100), dtype=np.uint8)
    y = (x[:, 0] > 127).astype(int)
    data = scribal.Dataset("own", x, y, x[:40], y[:40])
    run = scribal.train("softmax-mlp", data=data, epochs=1, out=tmp_path / "run")
    with pytest.raises(scribal.ScribalError, match="data="):
        scribal.renew_report(run)
    assert scribal.renew_report(run, data=data) == tmp_path / "run" / "report.html"
    found = scribal.find_label_errors(run, data=data, folds=2)
    assert set(found["label"]) <= {"0", "1"}
    assert "Training sample" in scribal.renew_report(run, data=data).read_text(encoding="utf-8") or len(found) == 0


def test_a_folder_of_an_earlier_version(finished_run, tmp_path):
    old = shutil.copytree(finished_run, tmp_path / "old")
    metrics = json.loads((old / "metrics.json").read_text())
    for name in ("peak_memory", "learning_rate", "threads", "engine", "reported"):
        del metrics[name]
    (old / "metrics.json").write_text(json.dumps(metrics))
    (old / "samples.png").unlink()
    page = scribal.renew_report(old, out=tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Most memory while training" not in page
    assert "Threads" not in page
    assert "What it was shown" not in page
    assert "Answer for one image" in page
    assert (old / "report.html").read_bytes() == (finished_run / "report.html").read_bytes()


def test_half_a_run_has_no_report(finished_run, tmp_path):
    half = shutil.copytree(finished_run, tmp_path / "half")
    (half / "metrics.json").unlink()
    with pytest.raises(RunError, match=r"metrics\.json.*--resume"):
        scribal.renew_report(half)

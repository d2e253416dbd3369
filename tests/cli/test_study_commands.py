import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["shift", "mlpp"], "Did you mean mlp"),
        (["shift", "mlp", "toy-mlp"], "A study needs a recipe for images. Received: toy-mlp"),
        (["shift", "mlp", "nothing.keras"], "nothing.keras: no such file"),
        (["shift", "mlp", "--samples", "0"], "samples must be a whole number from 1. Received: samples=0"),
        (["shift", "mlp", "--digit", "x"], "class must be a known name. Received: 'x'"),
        (["shift", "mlp", "--epochs", "0"], "epochs must be a whole number"),
        (["shift", "mlp", "--data", "toy"], "A study needs images. Received: toy"),
        (["shift", "mlp", "--data", "nowhere"], "nowhere"),
        (["filters", "mlp"], "needs a network with a Conv2D layer. Received: mlp with Flatten, Dense, Dense"),
        (["filters", "--frozen-epochs", "-1"], "frozen_epochs must be a whole number from 0"),
        (["size", "--widths", "two"], "--widths takes whole numbers parted by commas. Received: --widths two"),
        (["size", "--images", "1"], "images must be whole numbers from 10 to 60,000"),
        ([], "Missing command. Received: scribal study. See: scribal study --help"),
    ],
)
def test_a_wrong_call_says_what_to_do_and_writes_nothing(scribal_here, tmp_path, arguments, says):
    ended = scribal_here("study", *arguments)
    assert ended.code == 2
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(scribal_here, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    for force in ([], ["--force"]):
        ended = scribal_here("study", "size", "--out", "mine", *force)
        assert ended.code == 2
        assert "mine, which holds letter.txt" in ended.err


def test_a_study_of_a_run_ends_with_what_was_found(scribal_here, finished_run, small_mnist, tmp_path):
    ended = scribal_here("study", "shift", finished_run, "--data", small_mnist, "--samples", "5", "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert told["folder"] == "studies/shift"
    assert told["samples"] == 5
    record = json.loads((tmp_path / "studies" / "shift" / "study.json").read_text(encoding="utf-8"))
    assert record["findings"] == told["findings"]
    assert record["command"].startswith(f"scribal study shift {finished_run} --data {small_mnist} --digit 1")
    assert "open studies/shift/study.html in a browser" in ended.err

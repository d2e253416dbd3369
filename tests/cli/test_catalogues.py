import json
import runpy

import pytest

from scribal.data import DATASETS
from scribal.recipes import RECIPES


def test_recipes_as_json(scribal_here):
    listed = json.loads(scribal_here("recipes", "--json").out)
    assert [recipe["name"] for recipe in listed] == list(RECIPES)
    assert {recipe["name"]: recipe["parameters"] for recipe in listed}["lenet"] == 61_610


def test_recipes_for_people(scribal_here):
    printed = scribal_here("recipes").out
    assert all(name in printed for name in RECIPES)
    assert "98.52%" in printed


def test_datasets_as_json(scribal_here):
    listed = json.loads(scribal_here("datasets", "--json").out)
    assert [dataset["name"] for dataset in listed] == list(DATASETS)
    assert all(dataset["licence"] and dataset["where"] for dataset in listed)


def test_datasets_for_people(scribal):
    printed = scribal("datasets", COLUMNS="80").out
    assert all(name in printed for name in DATASETS)


def test_help_and_version(scribal_here):
    from scribal import __version__

    assert scribal_here("--version").out.strip() == f"scribal {__version__}"
    assert "predict" in scribal_here("--help").out


def test_the_module_is_the_command(monkeypatch, capfd):
    monkeypatch.setattr("sys.argv", ["scribal", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("scribal", run_name="__main__")
    assert ended.value.code == 0
    assert capfd.readouterr().out.startswith("scribal ")


def test_output_into_a_closed_pipe_ends_quietly(scribal, tmp_path):
    import subprocess

    from command_line import SCRIBAL

    ended = subprocess.run(
        ["bash", "-c", f"{SCRIBAL} recipes --json | head -c 1"], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "["
    assert ended.stderr == ""


def test_output_that_is_closed_is_no_error(scribal_here, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert scribal_here("recipes").code == 0

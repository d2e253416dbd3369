import itertools
import shutil

import pytest

from scribal.exceptions import ArgumentError, UnknownNameError
from scribal.models import convert, load_model

SOURCES = ["model.keras", "model.h5", "architecture.json", "."]
DESTINATIONS = {"new.keras": 1, "new.h5": 1, "new.hdf5": 1, "new.json": 2, "architecture.json": 2, "new": 4}


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "run")


@pytest.mark.parametrize(("source", "destination"), itertools.product(SOURCES, DESTINATIONS))
def test_every_form_into_every_form(saved, tmp_path, source, destination, answers):
    original = load_model(saved)
    written = convert(saved / source, tmp_path / "out" / destination)
    assert len(written) == DESTINATIONS[destination]
    for path in {tmp_path / "out" / destination, *written}:
        loaded = load_model(path)
        assert answers(loaded.model) == answers(original.model)
        assert loaded.metadata == original.metadata


@pytest.mark.parametrize(("to", "name"), [("keras", "new.keras"), ("h5", "new.h5"), ("json", "new.json")])
def test_form_asked_for_gives_the_suffix(saved, tmp_path, to, name):
    assert convert(saved, tmp_path / "new", to=to)[-1] == tmp_path / name


def test_folder_may_have_any_name_if_asked_for(saved, tmp_path):
    with pytest.raises(ArgumentError, match="suffix"):
        convert(saved, tmp_path / "run.v2")
    assert len(convert(saved, tmp_path / "run.v2", to="folder")) == 4


def test_form_and_suffix_must_agree(saved, tmp_path):
    for to in ("h5", "folder"):
        with pytest.raises(ArgumentError, match="agree"):
            convert(saved, tmp_path / "new.keras", to=to)
    with pytest.raises(UnknownNameError, match="keras"):
        convert(saved, tmp_path / "new", to="kears")
    with pytest.raises(ArgumentError, match=r"new\.json"):
        convert(saved, tmp_path / "new.weights.h5")


@pytest.mark.parametrize("name", DESTINATIONS)
def test_what_exists_is_replaced_only_if_asked_for(saved, tmp_path, name):
    written = convert(saved, tmp_path / name)
    written[-1].write_text("precious")
    with pytest.raises(ArgumentError, match="overwrite=True"):
        convert(saved, tmp_path / name)
    assert written[-1].read_text() == "precious"
    assert convert(saved, tmp_path / name, overwrite=True) == written
    load_model(tmp_path / name)


def test_other_files_of_a_folder_are_left_alone(saved, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    convert(saved, tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("source", "destination"),
    [
        (".", "."),
        (".", "model.keras"),
        ("model.keras", "../run/model.keras"),
        ("architecture.json", "architecture.json"),
        ("model.weights.h5", "architecture.json"),
        ("architecture.json", "model.json"),
        ("model.keras", "link.keras"),
    ],
)
def test_source_is_never_written(folder, source, destination):
    (folder / "link.keras").symlink_to("model.keras")
    with pytest.raises(ArgumentError, match="must differ"):
        convert(folder / source, folder / destination, overwrite=True)


def test_file_and_folder_do_not_replace_each_other(saved, tmp_path):
    (tmp_path / "new.h5").mkdir()
    with pytest.raises(ArgumentError, match="a folder of that name"):
        convert(saved, tmp_path / "new.h5", overwrite=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(ArgumentError, match="a file of that name"):
        convert(saved, tmp_path / "file", overwrite=True)

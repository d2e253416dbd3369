"""Each program of the gallery runs as it is printed, only shorter, without a warning, and leaves the files it names."""

import re
import runpy

import keras
import pytest
from matplotlib import pyplot as plt
from programs import EXAMPLES, MODERN, NOTEBOOK, shortened

import scribal

SHORT = {"EPOCHS": 1, "SAMPLES": 1_000, "NETWORKS": ["resnet-mini"]}


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A folder to work in; afterwards figures are closed and Keras is as it was."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    plt.close("all")
    scribal.disable()
    keras.utils.clear_session()


@pytest.mark.parametrize("path", MODERN, ids=lambda path: path.stem)
def test_a_program_of_today_runs_and_writes_what_it_says(path, own_folder, small_mnist):
    source = path.read_text(encoding="utf-8").replace('load_dataset("mnist")', f"load_dataset({str(small_mnist)!r})")
    program = own_folder / path.name
    program.write_text(shortened(source, **SHORT), encoding="utf-8")
    names = runpy.run_path(str(program), run_name="__main__")
    for sentence in re.findall(r"Writes ([^.]*(?:\.\w[^.]*)*)\.", names["__doc__"]):
        for file in re.findall(r"[\w.]+\.(?:png|keras|h5|json)", sentence):
            assert (own_folder / file).stat().st_size > 0


@pytest.mark.parametrize("path", MODERN, ids=lambda path: path.stem)
def test_a_program_of_today_is_short_and_says_what_it_shows(path):
    source = path.read_text(encoding="utf-8")
    assert source.startswith('"""')
    assert 20 <= len(source.splitlines()) <= 70


def test_the_notebook_is_executed_from_first_to_last(scribal, tmp_path):
    notebook = tmp_path / NOTEBOOK.name
    whole = NOTEBOOK.read_text(encoding="utf-8")
    notebook.write_text(whole.replace("EPOCHS = 5", "EPOCHS = 1").replace("epochs=2", "epochs=1"), encoding="utf-8")
    ended = scribal("run", notebook, cwd=tmp_path)
    assert ended.code == 0, ended.err
    assert len(list((tmp_path / "from-first-to-last-figures").iterdir())) == 6
    assert float(re.search(r"test accuracy (0\.\d+)", ended.out).group(1)) > 0.9


def test_the_gallery_names_every_program():
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for path in (*MODERN, *(EXAMPLES / "old").iterdir(), NOTEBOOK):
        assert f"({path.relative_to(EXAMPLES).as_posix()})" in page

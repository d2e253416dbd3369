"""Old programs run as they stand, and end where the same network ends when it is written as today."""

import keras
import pytest
from programs import EXAMPLES, OLD, accuracy_in
from twins import TWINS

from scribal.legacy import run_file

POINTS = 0.003  # of accuracy, 0.3 %
RUN_HERE = pytest.mark.filterwarnings("default")  # Keras warns of what is old, and says so once too often


@pytest.fixture
def ended_here(tmp_path, monkeypatch, capfd):
    """Run an old program in this process and in a folder of its own; what it prints."""

    def run(path):
        monkeypatch.chdir(tmp_path)
        capfd.readouterr()
        ending = run_file(str(path))
        printed = capfd.readouterr()
        assert ending.error is None, printed.err
        return printed.out

    return run


@RUN_HERE
@pytest.mark.parametrize("path", [path for path in OLD if path.stem in TWINS], ids=lambda path: path.stem)
def test_an_old_program_ends_where_its_twin_ends(path, ended_here):
    keras.utils.set_random_seed(1)
    old = accuracy_in(ended_here(path))
    keras.utils.set_random_seed(1)
    modern = TWINS[path.stem]()
    print(f"{path.stem:26} as it stands {old:.4f}, as today {modern:.4f}")
    assert old == pytest.approx(modern, abs=POINTS)


@RUN_HERE
def test_a_layer_that_was_given_its_weights_counts_as_by_hand(ended_here):
    assert "by layer [29, 28, 25]" in ended_here(EXAMPLES / "old" / "keras1_convolution_by_hand.py")


def test_every_old_program_has_a_twin_but_the_one_that_checks_itself():
    assert {path.stem for path in OLD} - set(TWINS) == {"keras1_convolution_by_hand"}


def test_an_old_program_runs_as_a_process_with_its_pictures_saved(scribal, tmp_path):
    ended = scribal("run", EXAMPLES / "old" / "keras1_mistakes.py", cwd=tmp_path)
    assert ended.code == 0, ended.err
    assert accuracy_in(ended.out) > 0.9
    assert len(list((tmp_path / "keras1_mistakes-figures").iterdir())) == 3
    assert "predict_classes" in ended.err

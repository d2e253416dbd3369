"""Old programs, rewritten, run on plain Keras 3: nothing of scribal is under it, only less data and fewer epochs."""

import json
import re
import sys
from types import ModuleType

import keras
import matplotlib.pyplot as plt
import pytest
from programs import OLD

from scribal.data import load_dataset
from scribal.legacy.modernise import modernise_file

# Multiples of most batch sizes: each other shape of a batch is compiled anew, which takes longer than training.
TRAINED, TESTED = 256, 256
SMALLER = {"60000": TRAINED, "10000": TESTED, "5000": 100, "2000": TESTED, "1000": TESTED, "20000": 20}


@pytest.fixture
def plain_keras(tmp_path, monkeypatch):
    """Keras in a folder of its own, with a part of MNIST where it would download it."""
    mnist = load_dataset("mnist")
    training = mnist.x_train[:TRAINED], mnist.y_train[:TRAINED]
    test = mnist.x_test[:TESTED], mnist.y_test[:TESTED]
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda path="mnist.npz": (training, test))  # noqa: ARG005
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    yield vars(sys.modules["__main__"])
    plt.close("all")
    keras.config.set_image_data_format("channels_last")


def smaller(source):
    """The program for so few images; a constant at its top says how many, or numbers within do."""
    source = re.sub(r"^SAMPLES = .*$", f"SAMPLES = {TRAINED}", source, flags=re.MULTILINE)
    return re.sub(r"\b(60000|10000|5000|2000|1000|20000)\b", lambda number: str(SMALLER[number[0]]), source)


def code_of(text, path):
    """The program; of a notebook the code of its cells, without the lines that are IPython's."""
    if path.suffix == ".py":
        return text
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return re.sub(r"^%.*$", "", "\n".join(cells), flags=re.MULTILINE)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", OLD, ids=lambda path: path.stem)
def test_a_rewritten_program_runs_on_plain_keras(path, plain_keras):
    source = smaller(code_of(modernise_file(path).after, path))
    assert "scribal" not in source
    exec(compile(source, path.name, "exec"), plain_keras)  # noqa: S102 (what is tested)

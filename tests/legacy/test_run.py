"""``scribal run`` as a process: the script's own world, with nothing of scribal's on standard output."""

import io
import re
import signal
import subprocess
import sys

import pytest
from old_program import run_here, run_plainly, written

from command_line import INTERRUPTIBLE

ALL = """
import atexit, os, pickle, sys, threading
import helper
atexit.register(lambda: print("leaving", file=sys.stderr))


class Point:
    pass


def work():
    int("x")


thread = threading.Thread(target=work, name="worker")
thread.start()
thread.join()
print(sys.argv, __name__, os.path.basename(__file__), sys.path[0] == os.path.dirname(os.path.abspath(__file__)))
print(type(pickle.loads(pickle.dumps(Point()))) is Point, helper.n, sys.modules["__main__"].Point is Point)
print(input("? "), sys.stdin.read(), open("data.txt").read())
if __name__ == "__main__":
    open("out.txt", "w").write("x")
    sys.exit("no " + sys.argv[1])
"""


def test_a_script_finds_what_it_finds_under_plain_python(tmp_path, scribal):
    files = {"old.py": ALL, "helper.py": "n = 3\n", "data.txt": "d"}
    written(tmp_path, files)
    arguments = ["old.py", "--debug", "--engine", "x", "--help"]
    plain = subprocess.run(
        [sys.executable, *arguments], cwd=tmp_path, input="a\nb", capture_output=True, text=True, check=False
    )
    ran = subprocess.run(
        [*INTERRUPTIBLE, "run", *arguments], cwd=tmp_path, input="a\nb", capture_output=True, text=True, check=False
    )
    assert ran.stdout == plain.stdout
    assert ran.returncode == plain.returncode == 1
    before, _, summary = ran.stderr.partition("scribal: old.py took ")
    assert before == plain.stderr
    assert summary.endswith(" s\nFiles written:\n  out.txt\n")


def test_modules_in_a_folder_that_the_script_puts_into_the_path_are_its_own(tmp_path):
    for folder in ("scripts", "project"):
        (tmp_path / folder).mkdir()
    written(tmp_path / "project", {"old_helper.py": "import numpy as np\ndef whole(x): return np.int(3.5), int(x)\n"})
    source = (
        "import os, sys\nsys.path.append(os.path.join(os.path.dirname(os.path.dirname(__file__)), 'project'))\n"
        "import numpy as np, old_helper\nprint(old_helper.whole(np.array([3.0])))\n"
    )
    ran = run_here(tmp_path / "scripts", {"old.py": source})
    del sys.modules["old_helper"]
    assert ran.out == "(3, 3)\n", ran.err
    assert ran.changes[2, "numpy.int"] == "int"


def test_a_script_on_standard_input_runs_as_under_plain_python(tmp_path, monkeypatch):
    source = "import sys\nprint(__name__, sys.argv, sys.path[0] == '', __file__)\n1 / 0\n"
    plain = subprocess.run(
        [sys.executable, "-", "x"], cwd=tmp_path, input=source, capture_output=True, text=True, check=False
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(source))
    ran = run_here(tmp_path, {"-": ""}, "x")
    assert (ran.out, ran.shown) == (plain.stdout, plain.stderr)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import sys; sys.exit(7)", 7),
        ("raise SystemExit", 0),
        ("1 / 0", 1),
        ("from signal import *; signal(SIGINT, default_int_handler); raise_signal(SIGINT)", -signal.SIGINT),
    ],
)
def test_the_exit_status_is_the_scripts(tmp_path, source, code):
    assert run_plainly(tmp_path, {"old.py": source}).returncode == code
    ran = subprocess.run([*INTERRUPTIBLE, "run", "old.py"], cwd=tmp_path, capture_output=True, check=False)
    assert ran.returncode == code


STOPPED = """
import numpy as np, signal, keras
class Stops(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        signal.raise_signal(signal.SIGINT)
model = keras.Sequential([keras.layers.Dense(1, input_dim=2)])
model.compile("sgd", "mse")
try:
    model.fit(np.ones((4, 2)), np.ones(4), epochs=9, verbose=0, callbacks=[Stops()])
except KeyboardInterrupt:
    print("stopped")
"""


def test_a_training_that_ctrl_c_ends_is_in_the_summary(tmp_path):
    ran = run_here(tmp_path, {"old.py": STOPPED})
    assert ran.out == "stopped\n", ran.err
    assert [(run.place.line, run.call, run.on) for run in ran.journal.runs] == [(9, "fit", "engine")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing.py"], ["nothing.py", "No such file", ".ipynb"]),
        (["."], ["directory"]),
        (["--engine", "native", "old.py"], ["native", "auto, keras"]),
        (["--debugging", "old.py"], ["--debugging"]),
    ],
)
def test_a_wrong_call_is_scribals_error(tmp_path, scribal_here, arguments, words):
    written(tmp_path, {"old.py": "print('never')"})
    assert scribal_here("run", *arguments).teaches(*words)


OLD = """
import os
os.environ["KERAS_BACKEND"] = "theano"
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
import matplotlib
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
x = np.random.rand(64, 4).astype("float32")
y = x.sum(axis=1) > 2
model = Sequential()
model.add(Dense(output_dim=3, input_dim=4, init="uniform"))
model.add(Activation("relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile("sgd", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, nb_epoch=2, verbose=0)
plt.plot(history.history["acc"])
plt.show()
model.save("old.h5")
print(float(model.predict(x[:1])) < 2)
"""


@pytest.mark.parametrize(("options", "side"), [((), "engine"), (("--engine", "keras"), "Keras")])
def test_the_summary_tells_what_was_adapted_who_ran_what_and_what_was_written(tmp_path, scribal, options, side):
    written(tmp_path, {"old.py": OLD})
    ran = scribal("run", *options, "--figures", "pictures", "old.py")
    assert (ran.code, ran.out) == (0, "True\n")
    assert (tmp_path / "pictures" / "figure-01.png").is_file()
    for line in (
        'old.py:3: KERAS_BACKEND="theano"  ->  KERAS_BACKEND="jax"',
        "old.py:6: keras.layers.core  ->  keras.layers",
        "old.py:21: float(model.predict(x[:1]))  ->  float(model.predict(x[:1]).item())",
        f"old.py:17: fit on {'the engine' if side == 'engine' else 'Keras'}",
        "pictures/figure-01.png",
        "old.h5",
    ):
        assert any(shown.strip().startswith(line) for shown in ran.err.splitlines()), (line, ran.err)
    assert re.search(r"old.py:17: .*nb_epoch=2.*  ->  .*[^_]epochs=2", ran.err)

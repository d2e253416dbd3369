"""Scribal's commands as a user waits for them: from the call to the end of the process."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.parts.options import Figures, Options
from bench.workers.protocol import peak_bytes
from scribal.data import load_dataset

__all__ = ["FIRST_ANSWER", "KERAS", "KERAS_RUN", "TOY_RUN", "TOY_TRAIN", "measure_commands"]

TOY_TRAIN = "`scribal train toy-mlp`"
TOY_RUN = "`scribal run` of an old program that does the same"
KERAS = "`python` on a program that imports Keras"
KERAS_RUN = "`scribal run` of that program"
FIRST_ANSWER = "from a saved file to the first answer, in Python"
_ROOT = Path(__file__).parent.parent.parent
_SCRIBAL = (sys.executable, "-c", "from scribal.cli import main; main()")
_IMPORTING = "import keras\n\nprint(keras.__version__)\n"
_ANSWERING = """\
import sys

import numpy as np

from scribal.engine.predictor import Predictor
from scribal.models import load_model

network = load_model(sys.argv[1]).network
predictor = Predictor(network.graph, network.weights)
print(predictor.predict(np.zeros((1, *network.graph.input_shape), np.float32)))
"""
_LONGEST = 300.0  # seconds
_SECONDS_BETWEEN_LOOKS = 0.005


def measure_commands(options: Options) -> Iterator[tuple[str, Figures]]:
    """Measure commands; machine code of an earlier call is there, as for every call but a user's first.

    Yields:
        ``"commands"``, with ``commands``: for each by round ``seconds`` that went by, ``process_seconds`` of all its
        threads, and ``peak_bytes``.
    """
    if options.only:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = _prepare(folder)
        figures: Figures = {
            "commands": {title: {"seconds": [], "process_seconds": [], "peak_bytes": []} for title in commands}
        }
        for number in range(options.rounds):
            for title, command in commands.items():
                measured = _run(command, folder)
                for what, value in measured.items():
                    figures["commands"][title][what].append(value)
                told = f"{measured['seconds']:9.3f} s  {measured['process_seconds']:9.3f} s of processor time"
                options.console.print(f"commands {number + 1}/{options.rounds}  {told}  {title}")
    yield "commands", figures


def _prepare(folder: Path) -> dict[str, tuple[str, ...]]:
    """Make what the commands need, a trained network and a picture among it; gives the commands by their titles."""
    from PIL import Image

    (folder / "importing.py").write_text(_IMPORTING, encoding="utf-8")
    Image.fromarray(255 - load_dataset("mnist").x_test[0]).save(folder / "digit.png")
    old = str(_ROOT / "examples" / "old" / "keras2_toy.py")
    _run((*_SCRIBAL, "train", "dropout-cnn", "--epochs", "1", "--out", "trained"), folder)
    commands = {
        "`scribal --help`": (*_SCRIBAL, "--help"),
        "`scribal predict RUN PICTURE`": (*_SCRIBAL, "predict", "trained", "digit.png"),
        FIRST_ANSWER: (sys.executable, "-c", _ANSWERING, "trained/model.keras"),
        TOY_TRAIN: (*_SCRIBAL, "train", "toy-mlp", "--force", "--out", "toy"),
        TOY_RUN: (*_SCRIBAL, "run", old),
        KERAS: (sys.executable, "importing.py"),
        KERAS_RUN: (*_SCRIBAL, "run", "importing.py"),
    }
    for command in commands.values():
        _run(command, folder)
    return commands


def _run(command: tuple[str, ...], folder: Path) -> dict[str, float]:
    """Run a command in a folder, and tell what it took.

    Raises:
        RuntimeError: It failed, or took too long.
    """
    variables = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    path = os.pathsep.join(filter(None, [str(_ROOT / "src"), os.environ.get("PYTHONPATH")]))
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | variables | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while True:
        peak = peak_bytes(process.pid) or peak
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - start
        if ended:
            break
        if seconds > _LONGEST:
            process.kill()
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return {
        "seconds": seconds,
        "process_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": peak or usage.ru_maxrss * 1024,
    }

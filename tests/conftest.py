"""What several tests need: the command line as a process, a small part of real MNIST, and a finished run."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")

SCRIBAL = Path(sys.executable).parent / "scribal"


@dataclass(frozen=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The object on the last line of standard output."""
        return json.loads(self.out.strip().splitlines()[-1])

    def teaches(self, *words):
        """Whether it ended as bad input must: exit code 2, one line, no traceback, all of ``words`` in it."""
        lines = self.err.strip().splitlines()
        assert self.code == 2, (self.code, self.out, self.err)
        assert len(lines) == 1, self.err
        assert lines[0].startswith("scribal: ")
        assert "Traceback" not in self.out + self.err
        for word in words:
            assert word in lines[0], lines[0]
        return True


@pytest.fixture
def scribal(tmp_path):
    """Run the command line as a process in a folder of its own."""

    def run(*arguments, cwd=tmp_path, timeout=240, **environment):
        process = subprocess.run(
            [SCRIBAL, *map(str, arguments)],
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=os.environ | {"COLUMNS": "200"} | environment,
            check=False,
        )
        return Ended(process.returncode, process.stdout, process.stderr)

    return run


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory):
    """An .npz with the first 2,000 training and 500 test images of MNIST."""
    from scribal.data import load_dataset

    mnist = load_dataset("mnist")
    path = tmp_path_factory.mktemp("data") / "small.npz"
    np.savez(
        path,
        x_train=mnist.x_train[:2000],
        y_train=mnist.y_train[:2000],
        x_test=mnist.x_test[:500],
        y_test=mnist.y_test[:500],
    )
    return path


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory, small_mnist):
    """A run folder of ``lenet``, trained with Adam on a small part of MNIST to a useful accuracy."""
    import scribal

    out = tmp_path_factory.mktemp("runs") / "lenet"
    return scribal.train("lenet", data=small_mnist, epochs=4, optimizer="adam", out=out).folder.path


@pytest.fixture(scope="session")
def seven(tmp_path_factory):
    """A PNG of a seven, dark on light and larger than 28x28: MNIST's first test image as a person would send it."""
    from PIL import Image

    from scribal.data import load_dataset

    image = Image.fromarray(255 - load_dataset("mnist").x_test[0]).resize((140, 140), Image.Resampling.BICUBIC)
    path = tmp_path_factory.mktemp("pictures") / "seven.png"
    image.save(path)
    return path

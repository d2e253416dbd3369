"""What several tests need: the command line as a process, a small part of real MNIST, and a finished run."""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest

from browser import BrowserPage, start_browser
from command_line import Ended, run_process
from scribal.engine.cache import CACHE_VARIABLE

os.environ.setdefault("KERAS_BACKEND", "jax")
# Keras is what the engine is compared with: it is compiled often and runs for moments.
XLA_FLAGS = ("backend_optimization_level=0", "cpu_parallel_codegen_split_count=1", "cpu_use_fusion_emitters=false")
os.environ["XLA_FLAGS"] = " ".join(f"--xla_{flag}" for flag in XLA_FLAGS)


def pytest_configure(config):
    """Have the tests and their processes compile the same thing once in a session, in a folder that goes with it."""
    folder = tempfile.TemporaryDirectory(prefix="scribal-tests-")
    config.add_cleanup(folder.cleanup)
    if not hasattr(config, "workerinput"):
        # The workers of pytest-xdist share it; whatever writes to it puts whole files there.
        os.environ[CACHE_VARIABLE] = str(Path(folder.name) / "code")
    # JAX does not write whole files, so that each worker needs a folder of its own.
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(Path(folder.name) / "jax")
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"


@pytest.fixture
def scribal(tmp_path):
    """Run the command line as a process in a folder of its own."""

    def run(*arguments, cwd=tmp_path, **environment):
        return run_process(arguments, cwd, os.environ | {"COLUMNS": "200"} | environment)

    return run


@pytest.fixture
def scribal_here(tmp_path, monkeypatch, capfd):
    """Run the command line inside the test's process, which saves the import of Keras; for tables of many calls."""
    from scribal import cli

    def run(*arguments, cwd=tmp_path):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr("sys.argv", ["scribal", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capfd.readouterr()
        return Ended(ended.value.code, printed.out, printed.err)

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


# While Playwright is at work its event loop runs in this thread, where other tests may want one of their own.
@pytest.fixture(scope="module")
def browser():
    """Chromium, started once for a file; the tests that need it skip where it is not installed."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no browser: install the package chromium")
    with sync_playwright() as playwright:
        started = start_browser(playwright, executable)
        yield started
        started.close()


@pytest.fixture
def browser_page(browser):
    """Opens pages in a browser without a network; the test fails if one complains on its console or asks for more."""
    page = BrowserPage(browser)
    yield page
    page.close()

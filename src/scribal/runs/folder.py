"""A run folder: everything that one training leaves behind, under fixed names.

``run.json`` is written first and says how to repeat the training; ``checkpoint.npz`` follows after every epoch;
``metrics.json`` is written last, so a folder that has it is complete. A process killed at any moment leaves whole
files.
"""

import contextlib
import itertools
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scribal.exceptions import RunError
from scribal.files import TEMPORARY_PREFIX, unwritable, write_json

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ADDED_FILES", "FILES", "RunFolder"]

FILES = {
    "report.html": "everything below on one page; open it in a browser",
    "run.json": "how to repeat this training: recipe, settings, seed, versions, dataset hash, host",
    "metrics.json": "loss and accuracy on the test set, time, number of epochs",
    "history.csv": "loss and accuracy of every epoch",
    "history.png": "the same as a plot",
    "confusion.csv": "how often each class (row) was taken for each class (column)",
    "confusion.png": "the same as a picture",
    "misclassified.csv": "every wrong answer on the test set, most confident first",
    "misclassified.png": "the first of them as pictures",
    "samples.png": "some images of every class",
    "model.keras": "the whole model, Keras 3's form",
    "model.h5": "the whole model, the older form",
    "architecture.json": "the layers alone; goes with model.weights.h5",
    "model.weights.h5": "the weights alone; goes with architecture.json",
    "checkpoint.npz": "the state after the last epoch, from which --resume goes on",
}

# What is put there afterwards, on demand.
ADDED_FILES = {"label_errors.csv": "training samples whose labels are likely wrong, most likely first"}

# What every complete run says of itself, by the key in its file.
_TOLD_OF_RUNS = ("command", "network", "recipe", "data", "dataset", "settings", "begun", "host", "versions")
_TOLD_OF_RESULTS = (
    "test_loss",
    "test_accuracy",
    "test_errors",
    "test_samples",
    "epochs",
    "planned_epochs",
    "status",
    "seconds",
    "parameters",
)


@dataclass(frozen=True)
class RunFolder:
    """One run folder.

    Attributes:
        path: Where it is.
    """

    path: Path

    def __truediv__(self, name: str) -> Path:
        """The path of a file in the folder; ``name`` is a key of :data:`FILES` or :data:`ADDED_FILES`."""
        if name not in FILES and name not in ADDED_FILES:
            raise KeyError(name)
        return self.path / name

    @classmethod
    def create(cls, path: Path, description: dict[str, Any], *, force: bool = False) -> "RunFolder":
        """Begin a run folder by writing its ``run.json``.

        Args:
            path: Where; its parents are made.
            description: What ``run.json`` holds.
            force: Whether the files of an earlier run there may be removed.

        Raises:
            RunError: Something is there already, or the place cannot be written.
        """
        cls.check_free(path, force=force)
        folder = cls(path)
        if folder.path.is_dir():
            folder._clear()
        write_json(folder / "run.json", description)
        return folder

    @classmethod
    def check_free(cls, path: Path, *, force: bool) -> None:
        """Make sure that a run may begin at ``path``; nothing is changed.

        Raises:
            RunError: Something is there already.
        """
        if path.exists() and not path.is_dir():
            raise RunError(
                "A run is written to a folder", received=f"{path}, a file", advice="Choose another place with --out"
            )
        left = (
            []
            if not path.is_dir()
            else sorted(file.name for file in path.iterdir() if not file.name.startswith(TEMPORARY_PREFIX))
        )
        is_run = (path / "run.json").is_file()
        if is_run and not force:
            raise RunError(
                "An existing run is never overwritten unasked",
                received=str(path),
                advice="Choose another --out, go on with it by --resume, or replace it by --force",
            )
        if left and not is_run:
            raise RunError(
                "A run folder must be new, empty, or an earlier run",
                received=f"{path}, which holds {left[0]}",
                advice="Choose another place with --out; --force replaces runs, not other people's files",
            )

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Open an existing run folder.

        Raises:
            RunError: There is none at ``path``.
        """
        if not (path / "run.json").is_file():
            raise RunError(
                "A run folder holds a run.json",
                received=f"{path}, which {_lacking(path)}",
                advice="Give the folder that 'scribal train' named in its last lines",
            )
        return cls(path)

    @classmethod
    def next_free(cls, parent: Path, name: str, *, force: bool = False) -> Path:
        """The first of ``name``, ``name-2``, ``name-3``, … that does not exist in ``parent``; by force, ``name``."""
        if force:
            return parent / name
        candidates = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        return next(parent / candidate for candidate in candidates if not (parent / candidate).exists())

    @classmethod
    def latest(cls, parent: Path, name: str) -> Path | None:
        """The most recently begun of the folders that :meth:`next_free` would have named, or ``None``."""
        runs = [path.parent for path in parent.glob(f"{name}*/run.json") if _is_numbered(path.parent.name, name)]
        return max(runs, key=lambda path: (path / "run.json").stat().st_mtime_ns, default=None)

    @property
    def is_complete(self) -> bool:
        """Whether everything was written that belongs to the epochs that were trained."""
        return (self / "metrics.json").is_file()

    def read_json(self, name: str) -> dict[str, Any]:
        """Read ``run.json`` or ``metrics.json``.

        Raises:
            RunError: It is missing or damaged.
        """
        try:
            value = json.loads((self / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise self._unreadable(name, str(error)) from error
        if not isinstance(value, dict):
            raise RunError(
                f"{name} must hold one JSON object", received=type(value).__name__, advice="Train again with --force"
            )
        return value

    def read_complete(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Read ``run.json`` and ``metrics.json`` of a complete run.

        Raises:
            RunError: One is missing or damaged, or lacks what every complete run has.
        """
        run, metrics = self.read_json("run.json"), self.read_json("metrics.json")
        lacking = [f"run.json without {key}" for key in _TOLD_OF_RUNS if key not in run]
        lacking += [f"metrics.json without {key}" for key in _TOLD_OF_RESULTS if key not in metrics]
        if lacking:
            raise RunError(
                "A complete run folder says how the run was made and what it reached",
                received=f"{self.path}: {lacking[0]}",
                advice="Train again with --force",
            )
        return run, metrics

    def read_table(self, name: str, columns: Sequence[str]) -> "pd.DataFrame":
        """Read ``history.csv`` or ``misclassified.csv``, which must have certain columns.

        Raises:
            RunError: It is missing or damaged.
        """
        import pandas as pd

        try:
            table = pd.read_csv(self / name)
        except (OSError, ValueError) as error:
            raise self._unreadable(name, str(error)) from error
        lacking = [column for column in columns if column not in table]
        if lacking:
            raise self._unreadable(name, f"no column {lacking[0]}")
        return table

    def _unreadable(self, name: str, reason: str) -> RunError:
        return RunError(
            f"A complete run folder holds a readable {name}",
            received=f"{self.path}: {reason}",
            advice="Go on with the training by --resume, or train again with --force",
        )

    def remove_partial_files(self) -> None:
        """Remove what a killed process left half-written."""
        for path in self.path.glob(f"{TEMPORARY_PREFIX}*"):
            with contextlib.suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _clear(self) -> None:
        """Remove an earlier run's files, what could be resumed first; ``run.json`` is replaced, not removed."""
        try:
            for name in ("checkpoint.npz", "metrics.json", *FILES, *ADDED_FILES):
                if name != "run.json":
                    (self / name).unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(self.path, error) from error
        self.remove_partial_files()


def _lacking(path: Path) -> str:
    if path.is_dir():
        return "has none"
    return "is a file" if path.exists() else "is not there"


def _is_numbered(candidate: str, name: str) -> bool:
    return candidate == name or candidate.removeprefix(f"{name}-").isdecimal()

"""A complete run as its folder holds it: what was trained, how, on what, and with which result."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scribal.data import Dataset
from scribal.exceptions import RunError
from scribal.models import LoadedModel, load_model
from scribal.runs.evaluation import dataset_of
from scribal.runs.folder import RunFolder
from scribal.runs.loading import as_path

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Recorded", "load_recorded"]


@dataclass(frozen=True)
class Recorded:
    """A complete run, read from its folder.

    Attributes:
        folder: Where it is.
        run: What ``run.json`` holds.
        metrics: What ``metrics.json`` holds.
        loaded: The trained network.
        dataset: What it was trained and tested on.
    """

    folder: RunFolder
    run: dict[str, Any]
    metrics: dict[str, Any]
    loaded: LoadedModel
    dataset: Dataset

    @cached_property
    def history(self) -> "pd.DataFrame":
        """One row an epoch."""
        return self.folder.read_table("history.csv", ["epoch", "loss"])


def load_recorded(run: Any, data: Any = None) -> Recorded:
    """Read a complete run.

    Args:
        run: A run, or its folder.
        data: Its dataset, if that was only in memory.

    Raises:
        RunError: The folder is no complete run, or the data are not those that it was trained on.
        DataError: The data cannot be loaded.
    """
    folder = RunFolder.open(as_path(run))
    description, metrics = folder.read_complete()
    loaded = load_model(folder.path)
    dataset = dataset_of(loaded, description["data"] if data is None else data)
    if dataset.fingerprint != description["dataset"]["sha256"]:
        raise RunError(
            "A report is made of the data that the run was trained on",
            received=f"{dataset.name} with SHA-256 {dataset.fingerprint[:12]}… instead of "
            f"{description['dataset']['sha256'][:12]}…",
            advice="Give the same data, or see how it does on others by 'scribal evaluate RUN --data'",
        )
    return Recorded(folder, description, metrics, loaded, dataset)

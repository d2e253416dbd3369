"""What ``run.json`` says: everything needed to repeat a training."""

import datetime as dt
import hashlib
import importlib.metadata
import os
import platform
import shlex
from pathlib import Path
from typing import Any

from scribal._version import __version__
from scribal.data import DATASETS, Dataset
from scribal.recipes import RECIPES, Recipe
from scribal.runs.settings import Settings

__all__ = ["FORMAT", "command_line", "describe_run", "named_data", "processor", "source_of"]

FORMAT = 1
_LIBRARIES = ("keras", "jax", "jaxlib", "numpy", "h5py", "pillow")


def describe_run(
    recipe: Recipe, network: Any, *, data: str | None, dataset: Dataset, settings: Settings, given: dict[str, Any]
) -> dict[str, Any]:
    """Everything needed to repeat a training, as plain values for JSON.

    Args:
        recipe: What is trained.
        network: What the user named it by: a recipe's name, a Python file, or a model object.
        data: The dataset's name or absolute path; ``None`` if it was only in memory.
        dataset: The dataset itself.
        settings: How it is trained.
        given: The options that the user set, by their names on the command line.
    """
    return {
        "format": FORMAT,
        "command": command_line(network, given),
        "network": source_of(network),
        "recipe": recipe.describe(),
        "data": data,
        "dataset": {
            "name": dataset.name,
            "sha256": dataset.fingerprint,
            "training": len(dataset.x_train),
            "test": len(dataset.x_test),
            "class_names": list(dataset.class_names),
            "licence": dataset.licence,
            "source": dataset.source,
        },
        "settings": settings.as_dict(),
        "begun": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "versions": {"scribal": __version__, "python": platform.python_version()}
        | {library: importlib.metadata.version(library) for library in _LIBRARIES},
        "host": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "processor": processor(),
            "cores": os.cpu_count(),
        },
    }


def named_data(data: Any) -> str | None:
    """How a dataset is found again from any folder: its name, or its absolute path; ``None`` for one in memory."""
    if isinstance(data, Dataset):
        return None
    return str(data) if str(data) in DATASETS else str(Path(data).resolve())


def source_of(network: Any) -> dict[str, Any]:
    """Where a network comes from: its recipe's name, its file with a hash, or its architecture."""
    if isinstance(network, Recipe):
        return {"recipe": network.name}
    if isinstance(network, str | Path):
        if str(network) in RECIPES:
            return {"recipe": str(network)}
        path = Path(network).resolve()
        return {"file": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return {"model": network.name, "sha256": hashlib.sha256(network.to_json().encode()).hexdigest()}


def command_line(network: Any, given: dict[str, Any]) -> str:
    """The command that repeats the training, quoted for a shell; for a model of Python's, the call."""
    if not isinstance(network, str | Path | Recipe):
        return f"scribal.train({network.name}, {', '.join(f'{name}={value!r}' for name, value in given.items())})"
    words = ["scribal", "train", network.name if isinstance(network, Recipe) else str(network)]
    for name, value in given.items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(words)


def processor() -> str:
    """The processor's name where the system tells it; ``platform.processor`` is empty on most Linux systems."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())

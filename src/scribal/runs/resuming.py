"""Going on with a training that was interrupted, or for more epochs: what may change, and what is there already."""

import dataclasses
from pathlib import Path
from typing import Any

from scribal.data import Dataset
from scribal.exceptions import RunError
from scribal.files import write_json
from scribal.recipes import Recipe
from scribal.runs.checkpoint import load_checkpoint, restore
from scribal.runs.description import source_of
from scribal.runs.folder import RunFolder
from scribal.runs.settings import CONSTANT, Settings, settle

__all__ = ["recorded_data", "reopen", "restore_finished", "settings_to_resume"]

_FREE_TO_CHANGE = ("epochs", "threads")
_FIELDS = {"augment": "augmentation"}  # what settings call an option


def settings_to_resume(recipe: Recipe, network: Any, earlier: dict[str, Any], given: dict[str, Any]) -> Settings:
    """The settings of the earlier run, with more epochs if so wished; anything else must be as it was."""
    if earlier.get("network") != source_of(network):
        raise RunError(
            "A run goes on with the network that it began with",
            received=f"{recipe.name} for a run of {earlier.get('recipe', {}).get('name')}, or a file that was changed",
            advice="Name the same recipe or unchanged file, or begin another run",
        )
    try:
        recorded = Settings(**earlier["settings"])
    except (KeyError, TypeError) as error:
        raise RunError(
            "run.json must hold the run's settings", received=str(error), advice="Begin again with --force"
        ) from error
    wished = settle(recipe, **given)
    if recorded.schedule != CONSTANT:
        # The schedule ends with the last epoch.
        _must_agree("epochs", recorded.epochs, given.get("epochs", recorded.epochs))
    for name, value in given.items():
        if name in _FREE_TO_CHANGE:
            recorded = dataclasses.replace(recorded, **{name: getattr(wished, name)})
        elif name == "learning_rate":
            _must_agree("learning rate", recorded.optimizer_arguments.get("learning_rate"), float(value))
        else:
            field = _FIELDS.get(name, name)
            _must_agree(name, getattr(recorded, field), getattr(wished, field))
    return recorded


def _must_agree(name: str, recorded: Any, wished: Any) -> None:
    if recorded != wished:
        raise RunError(
            "A run goes on with the settings that it began with",
            received=f"{name}={wished} for a run with {name}={recorded}",
            advice=f"Leave --{name.replace('_', '-').replace(' ', '-')} out, or begin another run",
        )


def recorded_data(earlier: dict[str, Any]) -> str:
    """The dataset's name or path that a run began with.

    Raises:
        RunError: Its data were only in memory.
    """
    data = earlier.get("data")
    if not isinstance(data, str):
        raise RunError(
            "A run on data in memory must be told its data to go on",
            received="data=None",
            advice="Give data=, the same dataset",
        )
    return data


def restore_finished(path: Path, model: Any, dataset: Dataset, settings: Settings) -> dict[str, Any] | None:
    """Put the weights of a run that has all its epochs into its network; nothing is written.

    Args:
        path: The run folder.
        model: The run's compiled ``keras.Model``.
        dataset: What it is to go on with.
        settings: The run's, with the number of epochs that is asked for.

    Returns:
        What ``metrics.json`` holds; or None if there is anything left to do.
    """
    folder = RunFolder.open(path)
    if not folder.is_complete or folder.read_json("run.json")["dataset"]["sha256"] != dataset.fingerprint:
        return None
    metrics, found = folder.read_json("metrics.json"), load_checkpoint(folder / "checkpoint.npz")
    if found is None or metrics.get("status") != "finished" or found.epochs != settings.epochs:
        return None
    restore(model, found)
    return metrics


def reopen(path: Path, earlier: dict[str, Any], dataset: Dataset, settings: Settings) -> RunFolder:
    """Open an earlier run to go on with it, after a look whether its data are the same."""
    folder = RunFolder.open(path)
    if earlier["dataset"]["sha256"] != dataset.fingerprint:
        raise RunError(
            "A run goes on with the data that it began with",
            received=f"{dataset.name} with other contents",
            advice="Restore the data, or begin another run",
        )
    found = load_checkpoint(folder / "checkpoint.npz")
    if found and found.epochs > settings.epochs:
        raise RunError(
            "A run goes on to a later epoch, not to an earlier one",
            received=f"epochs={settings.epochs} for a run with {found.epochs} epochs done",
            advice="Give more --epochs, or train again with --force",
        )
    folder.remove_partial_files()
    (folder / "metrics.json").unlink(missing_ok=True)
    if earlier["settings"] != settings.as_dict():
        write_json(folder / "run.json", earlier | {"settings": settings.as_dict()})
    return folder

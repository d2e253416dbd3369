"""The state of a training after an epoch, from which it goes on to the same bits.

A checkpoint holds every variable of the model (weights, running statistics, the states of random generators), every
variable of the optimizer, and the history so far; in one ``.npz``, written whole. Shuffling needs no state: its order
depends on the seed and the epoch alone.
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scribal.exceptions import RunError
from scribal.files import whole_file

__all__ = ["Checkpoint", "load_checkpoint", "restore", "save_checkpoint"]


@dataclass(frozen=True)
class Checkpoint:
    """What was read from a checkpoint.

    Attributes:
        history: One mapping an epoch, from ``"epoch"``, ``"loss"``, … to numbers.
        model: The values of ``model.variables``, in order.
        optimizer: The values of ``model.optimizer.variables``, in order.
    """

    history: list[dict[str, float]]
    model: list[np.ndarray]
    optimizer: list[np.ndarray]

    @property
    def epochs(self) -> int:
        """Number of epochs that are done."""
        return len(self.history)


def save_checkpoint(path: Path, model: Any, history: list[dict[str, float]]) -> None:
    """Write the state of a compiled Keras model and the history of its training to ``path``."""
    arrays = {f"model/{index}": np.asarray(variable) for index, variable in enumerate(model.variables)}
    arrays |= {f"optimizer/{index}": np.asarray(variable) for index, variable in enumerate(model.optimizer.variables)}
    with whole_file(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, history=np.array(json.dumps(history)), **arrays)


def load_checkpoint(path: Path) -> Checkpoint | None:
    """Read the checkpoint at ``path``; ``None`` when no epoch was finished.

    Raises:
        RunError: The file is damaged.
    """
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            history = json.loads(str(stored["history"]))
            groups = {
                group: [stored[f"{group}/{index}"] for index in range(sum(key.startswith(group) for key in stored))]
                for group in ("model", "optimizer")
            }
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(
            "A training goes on from a whole checkpoint",
            received=f"{path}: {error}",
            advice="Train again from the beginning with --force",
        ) from error
    return Checkpoint(history=history, model=groups["model"], optimizer=groups["optimizer"])


def restore(model: Any, checkpoint: Checkpoint) -> None:
    """Put a checkpoint's values into a compiled Keras model.

    Raises:
        RunError: The checkpoint belongs to another network.
    """
    model.optimizer.build(model.trainable_variables)
    pairs = [(model.variables, checkpoint.model), (model.optimizer.variables, checkpoint.optimizer)]
    for variables, values in pairs:
        if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
            raise RunError(
                "A checkpoint must belong to the network that goes on",
                received="a checkpoint with other variables",
                advice="Resume with the recipe, file and optimizer that the run began with",
            )
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

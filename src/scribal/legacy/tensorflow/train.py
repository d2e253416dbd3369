"""``tf.train``: checkpoints of models and optimizers, beside the optimizers that it had.

A checkpoint is one ``.npz`` file with the values of all variables, in the order of the objects that hold them.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.exceptions import ModelError
from scribal.files import whole_file
from scribal.legacy.journal import current_journal

__all__ = ["Checkpoint", "CheckpointManager", "latest_checkpoint"]

MODERN = {
    "Checkpoint": "model.save",
    "CheckpointManager": "keras.callbacks.ModelCheckpoint",
    "latest_checkpoint": "max(pathlib.Path(folder).iterdir(), key=lambda path: path.stat().st_mtime)",
}

_SUFFIX = ".npz"


class Checkpoint:
    """Objects whose variables are saved and restored together.

    Args:
        root: One of them, without a name.
        objects: Models, layers, optimizers, variables and whole numbers, by name.
    """

    def __init__(self, root: Any = None, **objects: Any) -> None:
        self._objects = ({"root": root} if root is not None else {}) | objects
        self.save_counter = 0
        vars(self).update(objects)

    def save(self, file_prefix: Any, *_: Any) -> str:
        """Write the values to a file whose name has a running number behind the prefix.

        Returns:
            The name, as :func:`latest_checkpoint` and :meth:`restore` know it.
        """
        self.save_counter += 1
        return self.write(f"{file_prefix}-{self.save_counter}")

    def write(self, file_prefix: Any, *_: Any) -> str:
        """Write the values to a file of this name."""
        path = Path(f"{file_prefix}{_SUFFIX}")
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {
            f"{name}/{number}": np.asarray(variable)
            for name, each in self._objects.items()
            for number, variable in enumerate(_variables(each))
        }
        with whole_file(path) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        current_journal().wrote(path)
        return str(file_prefix)

    def restore(self, save_path: Any, *_: Any) -> "_Status":
        """Give variables the values of a file; without one, none.

        Raises:
            ModelError: The file is of other objects.
        """
        if save_path is None:
            return _Status()
        with np.load(f"{save_path}{_SUFFIX}") as arrays:
            for name, each in self._objects.items():
                for number, variable in enumerate(_variables(each)):
                    key = f"{name}/{number}"
                    if key not in arrays or arrays[key].shape != tuple(variable.shape):
                        raise ModelError(
                            "A checkpoint must be restored to the objects that it was written from",
                            received=f"{save_path}: no values for {variable.path}",
                            advice="Build the same models and optimizers first",
                        )
                    variable.assign(arrays[key])
        found = re.search(r"-(\d+)$", str(save_path))
        self.save_counter = int(found[1]) if found else self.save_counter
        return _Status()

    read = restore


class CheckpointManager:
    """Checkpoints in one folder, of which the last few are kept.

    Args:
        checkpoint: What is saved.
        directory: The folder.
        max_to_keep: How many files stay; ``None`` for all.
        checkpoint_name: Their names before the number.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: Any,
        max_to_keep: int | None = None,
        checkpoint_name: str = "ckpt",
        **_: Any,
    ) -> None:
        self._checkpoint = checkpoint
        self._directory = Path(directory)
        self._name = checkpoint_name
        self._most = max_to_keep

    @property
    def checkpoints(self) -> list[str]:
        """What is there, the latest last."""
        return _checkpoints(self._directory)

    @property
    def latest_checkpoint(self) -> str | None:
        """The name of the last one."""
        return latest_checkpoint(self._directory)

    def save(self, *_: Any, **__: Any) -> str:
        """Write one more."""
        name = self._checkpoint.save(self._directory / self._name)
        for old in self.checkpoints[: -self._most] if self._most else ():
            Path(f"{old}{_SUFFIX}").unlink()
        return name


class _Status:
    """What ``restore`` gives back: every question about it is answered."""

    def expect_partial(self) -> "_Status":
        """Nothing is left over."""
        return self

    assert_consumed = assert_existing_objects_matched = expect_partial


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> str | None:
    """The name of the checkpoint that was written last, as it was given; ``None`` where there is none.

    Args:
        checkpoint_dir: The folder.
        latest_filename: Ignored.
    """
    del latest_filename
    names = _checkpoints(Path(checkpoint_dir))
    return names[-1] if names else None


def _checkpoints(folder: Path) -> list[str]:
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    files.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
    return [str(path).removesuffix(_SUFFIX) for path in files]


def _variables(each: Any) -> list[Any]:
    if isinstance(each, import_keras().Variable):
        return [each]
    found = getattr(each, "variables", [])
    return list(found() if callable(found) else found)

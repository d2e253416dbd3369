"""``tf.train.Checkpoint``: the variables of models and optimizers, in a file."""

import pathlib

import keras
import numpy as np

__all__ = ["Checkpoint", "CheckpointManager"]


class Checkpoint:
    """Saves and restores what has variables, by the names it is given."""

    def __init__(self, **objects):
        self.objects = objects
        self.save_counter = 0

    def write(self, file_prefix):
        """Write all variables into ``file_prefix.npz``."""
        path = pathlib.Path(f"{file_prefix}.npz")
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **{name: np.asarray(variable) for name, variable in self.variables().items()})
        return str(file_prefix)

    def save(self, file_prefix):
        """The same, with a number at the end of the name."""
        self.save_counter += 1
        return self.write(f"{file_prefix}-{self.save_counter}")

    def restore(self, save_path):
        """Read variables; without a path, nothing."""
        if save_path:
            with np.load(str(save_path).removesuffix(".npz") + ".npz") as values:
                for name, variable in self.variables().items():
                    if name in values:
                        variable.assign(values[name])
        return self

    def expect_partial(self):
        return self

    def variables(self):
        found = {}
        for name, each in self.objects.items():
            variables = [each] if isinstance(each, keras.Variable) else each.variables
            found |= {f"{name}/{number}": variable for number, variable in enumerate(variables)}
        return found


class CheckpointManager:
    """Checkpoints in a folder, the last of which are kept."""

    def __init__(self, checkpoint, directory, max_to_keep, **options):
        self.checkpoint = checkpoint
        self.folder = pathlib.Path(directory)
        self.max_to_keep = max_to_keep

    @property
    def checkpoints(self):
        return [str(path) for path in sorted(self.folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)]

    @property
    def latest_checkpoint(self):
        return self.checkpoints[-1] if self.checkpoints else None

    def save(self, **options):
        saved = self.checkpoint.save(self.folder / "ckpt")
        for path in self.checkpoints[: -self.max_to_keep]:
            pathlib.Path(path).unlink()
        return saved

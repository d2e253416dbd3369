"""``ModelCheckpoint`` under the file names that programs give it, with measures by any of their names in them."""

import functools
import os
from collections.abc import Callable
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.models.measure_names import with_both_names

__all__ = ["adapt_checkpoints"]


def adapt_checkpoints(patches: Patches) -> None:
    """Let ``ModelCheckpoint`` write to any file name.

    Args:
        patches: Where the changes are kept.
    """
    kind = import_keras().callbacks.ModelCheckpoint
    patches.put(kind, "__init__", _named(kind.__init__))
    patches.put(kind, "_get_file_path", _naming(kind._get_file_path))  # noqa: SLF001


def _named(method: Callable[..., None]) -> Callable[..., None]:
    """The constructor, which takes any name by now; the file keeps the name that the program means."""

    @functools.wraps(method)
    def stand_in(self: Any, filepath: Any, *args: Any, **kwargs: Any) -> None:
        method(self, filepath, *args, **kwargs)
        self.filepath = os.fspath(filepath)

    return stand_in


def _naming(method: Callable[..., str]) -> Callable[..., str]:
    """The name of one file, which may hold measures by any of their names."""

    @functools.wraps(method)
    def stand_in(self: Any, epoch: int, batch: int | None, logs: dict[str, Any] | None) -> str:
        return method(self, epoch, batch, with_both_names(logs or {}))

    return stand_in

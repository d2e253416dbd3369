"""``ModelCheckpoint`` under the file names that programs give it, with measures by any of their names in them."""

import functools
from collections.abc import Callable
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.models.measure_names import with_both_names

__all__ = ["adapt_checkpoints"]


def adapt_checkpoints(patches: Patches) -> None:
    """Let ``ModelCheckpoint`` write to file names with measures by any of their names.

    Args:
        patches: Where the changes are kept.
    """
    kind = import_keras().callbacks.ModelCheckpoint
    patches.put(kind, "_get_file_path", _naming(kind._get_file_path))  # noqa: SLF001


def _naming(method: Callable[..., str]) -> Callable[..., str]:
    """The name of one file, which may hold measures by any of their names."""

    @functools.wraps(method)
    def stand_in(self: Any, epoch: int, batch: int | None, logs: dict[str, Any] | None) -> str:
        return method(self, epoch, batch, with_both_names(logs or {}))

    return stand_in

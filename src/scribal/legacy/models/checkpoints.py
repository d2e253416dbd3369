"""``ModelCheckpoint`` under the file names that programs give it, and with measures by any of their names."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.changes.callbacks import modern_file_name
from scribal.legacy.journal import current_journal
from scribal.legacy.models.measure_names import with_both_names
from scribal.legacy.models.replacing import replaced

__all__ = ["installed_checkpoints"]


@contextlib.contextmanager
def installed_checkpoints() -> Iterator[None]:
    """Let ``ModelCheckpoint`` write to any file name until the block ends."""
    kind = import_keras().callbacks.ModelCheckpoint
    with replaced(
        kind,
        __init__=_named(kind.__init__),
        _get_file_path=_naming(kind._get_file_path),  # noqa: SLF001
    ):
        yield


def _named(method: Callable[..., None]) -> Callable[..., None]:
    """The constructor, which is shown a name that Keras 3 takes, and then given the one that the program means."""

    @functools.wraps(method)
    def stand_in(self: Any, filepath: Any, *args: Any, **kwargs: Any) -> None:
        weights_alone = bool(kwargs.get("save_weights_only", args[3] if len(args) > 3 else False))  # noqa: PLR2004
        modern = modern_file_name(str(filepath), weights=weights_alone)
        method(self, modern, *args, **kwargs)
        if modern != str(filepath):
            current_journal().adapted(f"ModelCheckpoint({str(filepath)!r})", f"ModelCheckpoint({modern!r})")
        self.filepath = str(filepath)

    return stand_in


def _naming(method: Callable[..., str]) -> Callable[..., str]:
    """The name of a file, which may hold measures by any of their names."""

    @functools.wraps(method)
    def stand_in(self: Any, epoch: int, batch: int | None, logs: dict[str, Any] | None) -> str:
        return method(self, epoch, batch, with_both_names(logs or {}))

    return stand_in

"""Files that are either whole or not there.

Everything scribal writes is written beside its place under a temporary name, flushed to disk and renamed: a reader, or
a process killed half-way, never finds half a file.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scribal.exceptions import ArgumentError, RunError, ScribalError

__all__ = ["TEMPORARY_PREFIX", "check_writable", "read_bytes", "unwritable", "whole_file", "write_json", "write_text"]

TEMPORARY_PREFIX = ".scribal-partial-"


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; when the block ends well, it becomes ``path``, else it is removed.

    The temporary name keeps the suffix of ``path``, since Keras, Pillow and Matplotlib choose a format by it.

    Raises:
        RunError: The folder cannot be written or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, suffix="-" + path.name, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise unwritable(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        _flush_to_disk(temporary)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except RunError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(folder: Path) -> None:
    """Make sure, before long work, that files can be written to a folder that need not exist; nothing is left there.

    Raises:
        RunError: They cannot.
    """
    try:
        existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        with tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=existing):
            pass
    except OSError as error:
        raise unwritable(folder, error) from error


def read_bytes(path: Path, *, rule: str, advice: str, error: type[ScribalError] = ArgumentError) -> bytes:
    """Read a whole file.

    Args:
        path: The file.
        rule: What it has to be, for the reader of an error.
        advice: What to do if it cannot be read.
        error: The kind of error.

    Raises:
        ScribalError: Of that kind; the file is not there or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as reason:
        raise error(rule, received=f"{path}: {reason.strerror or reason}", advice=advice) from reason


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` to ``path`` as indented JSON with a closing line break, whole or not at all."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def unwritable(path: Path, error: OSError) -> RunError:
    """Say in one line why ``path`` could not be written."""
    return RunError(
        "Output must go to a folder that can be written and has room",
        received=f"{path}: {error.strerror or error}",
        advice="Choose another place, or free some space",
    )


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current

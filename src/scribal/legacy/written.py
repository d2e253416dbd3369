"""Which files a program writes, from what Python itself reports when a file is opened.

See the table of audit events, https://docs.python.org/3/library/audit_events.html. HDF5 files are opened in C, so h5py
is asked as well.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scribal.legacy.journal import Journal

__all__ = ["note_hdf5_files", "noted_files", "written_files"]

_writing: Journal | None = None
_hooked = False


@contextlib.contextmanager
def noted_files(journal: Journal) -> Iterator[None]:
    """Tell a journal of every file that this process opens to write, until the block ends."""
    global _writing, _hooked  # noqa: PLW0603 (a hook for audits stays for as long as the process)
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked = True
    before, _writing = _writing, journal
    try:
        yield
    finally:
        _writing = before


def note_hdf5_files(h5py: Any) -> None:
    """Let h5py, right after its import, tell of the files it opens to write."""
    create = h5py.File.__init__

    def opened(self: Any, name: Any, mode: str = "r", *arguments: Any, **options: Any) -> None:
        create(self, name, mode, *arguments, **options)
        if mode != "r" and options.get("driver") != "core":
            _note(name)

    opened.__wrapped__ = create  # type: ignore[attr-defined]  # as functools.wraps leaves it
    h5py.File.__init__ = opened


def written_files(journal: Journal, here: Path) -> list[Path]:
    """The files of a journal that exist and are of use to someone: no caches, no settings, no temporary files.

    Args:
        journal: What happened.
        here: Where the program began.
    """
    return [
        path
        for path in journal.files
        if path.is_file() and path not in journal.figures and not _is_housekeeping(path, here)
    ]


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _writing is None:
        return
    if event == "open":
        name, mode, flags = arguments
        if (mode is not None and set(mode) & set("wax+")) or (mode is None and flags & (os.O_WRONLY | os.O_RDWR)):
            _note(name)
    elif event == "os.rename":
        _note(arguments[1])


def _note(name: Any) -> None:
    """Keep the absolute path, as the program may go to another folder."""
    if _writing is not None and isinstance(name, str | bytes | os.PathLike):
        _writing.wrote(os.path.abspath(os.fsdecode(name)))  # noqa: PTH100 (pathlib imports here, in the hook)


def _is_housekeeping(path: Path, here: Path) -> bool:
    is_here = path.is_relative_to(here)
    within = path.relative_to(here) if is_here else path
    folders = [Path(tempfile.gettempdir()), Path("/dev"), Path("/proc"), Path(sys.prefix)]
    return any(part == "__pycache__" or part.startswith(".") for part in within.parts) or any(
        # The program itself may be run below one of them.
        path.is_relative_to(folder) and not (is_here and here.is_relative_to(folder))
        for folder in folders
    )

"""A folder that pictures go to, numbered in order, where a window would have shown them."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from scribal.exceptions import RunError
from scribal.files import whole_file
from scribal.legacy.journal import current_journal

__all__ = ["Album", "current_album", "opened_album"]


class Album:
    """Pictures ``figure-01.png``, ``figure-02.png``, …; the folder is made for the first.

    Args:
        folder: Where they go. A path that is not absolute is taken from where the program began.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._where = folder.absolute()
        self._count = 0

    def add(self, write: Callable[[Path], object]) -> None:
        """Save a picture and name it on standard error.

        A folder that cannot be written is told there as well; a window would not have ended the program either.

        Args:
            write: Writes it to the path it is given.
        """
        self._count += 1
        name = f"figure-{self._count:02}.png"
        try:
            with whole_file(self._where / name) as path:
                write(path)
        except RunError as error:
            print(f"scribal: {error}", file=sys.stderr)
            return
        current_journal().drew(self._where / name)
        print(f"scribal: figure {self._folder / name}", file=sys.stderr)


_current: Album | None = None


def current_album() -> Album:
    """The album of the run that is going on."""
    if _current is None:
        raise RuntimeError("no program is being run")
    return _current


@contextlib.contextmanager
def opened_album(album: Album) -> Iterator[Album]:
    """Make an album the current one of this process until the block ends."""
    global _current  # noqa: PLW0603 (one process runs one program)
    before, _current = _current, album
    try:
        yield album
    finally:
        _current = before

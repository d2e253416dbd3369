"""What is in a folder, as people see it: without what is hidden, in the order in which they count, 2 before 10."""

from collections.abc import Iterable
from pathlib import Path

from scribal.exceptions import DataError

__all__ = ["as_counted", "visible"]

# What file managers and archivers leave behind; names that start with a dot are passed over as well.
_DROPPINGS = {"__MACOSX", "Thumbs.db", "desktop.ini"}


def visible(folder: Path, what: str = "pictures") -> list[Path]:
    """List what is in a folder, in natural order of the names, without hidden files and file managers' own.

    Args:
        folder: The folder.
        what: What it should hold, for the error.

    Raises:
        DataError: It cannot be looked into.
    """
    try:
        paths = list(folder.iterdir())
    except OSError as error:
        raise DataError(
            f"A folder of {what} must be readable",
            received=f"{folder}: {error.strerror or error}",
            advice="Check its permissions",
        ) from error
    return as_counted(path for path in paths if not path.name.startswith(".") and path.name not in _DROPPINGS)


def as_counted(paths: Iterable[Path]) -> list[Path]:
    """Sort paths by their parts, numbers in names by their value and letters in either case alike."""
    from natsort import natsorted, ns

    # Names that differ in case alone have an order, too.
    return natsorted(sorted(paths), alg=ns.PATH | ns.IGNORECASE)

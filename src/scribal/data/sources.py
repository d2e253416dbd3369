"""What all readers of files ask first: is it there, is it a file, is there anything in it, may it be that large."""

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Literal

from scribal.exceptions import DataError

__all__ = ["LARGEST_CONTENT", "as_path", "check_size", "damaged", "kind_of", "require_file"]

# A dataset is held in memory whole. EMNIST's digits, the largest that scribal knows by name, take a twentieth of this.
LARGEST_CONTENT = 4 * 2**30

# Deflate, the method of gzip and of npz, cannot shrink data further than this (zlib's technical notes state 1032:1).
LARGEST_DEFLATE_RATIO = 1032


def as_path(value: str | os.PathLike[str]) -> Path:
    """Give ``value`` as a path, with a leading ``~`` as the home folder where there is one."""
    path = Path(value)
    try:
        return path.expanduser()
    except RuntimeError:  # ~somebody who is unknown here
        return path


def kind_of(path: Path) -> Literal["file", "folder", "other", "missing"]:
    """Say what stands at ``path``; what cannot be asked for, such as an impossible name, is missing."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return "missing"
    if S_ISDIR(mode):
        return "folder"
    return "file" if S_ISREG(mode) else "other"  # a pipe or device is never opened: reading it may not end


def require_file(path: Path, what: str) -> int:
    """Make sure that ``path`` is a file with something in it, and give its size in bytes.

    Raises:
        DataError: There is none, it is no file, or it is empty.
    """
    kind = kind_of(path)
    if kind != "file":
        found = {"missing": "no such file", "folder": "a folder", "other": "neither file nor folder"}[kind]
        raise DataError(f"{what} must be a file", received=f"{path}: {found}", advice="Check the path")
    size = path.stat().st_size
    if size == 0:
        raise DataError(f"{what} must not be empty", received=f"{path}: 0 bytes", advice="Copy or download it again")
    return size


def check_size(claimed: int, stored: int, path: Path, what: str) -> None:
    """Refuse a file that claims to unpack to more than it can hold, or to more than fits; before memory is asked for.

    Args:
        claimed: The bytes that a header says there are, unpacked.
        stored: The bytes in the file, packed.
        path: The file, for the message.
        what: What the file should be, for the message.

    Raises:
        DataError: The claim cannot be true, or is larger than ``LARGEST_CONTENT``.
    """
    if claimed > stored * LARGEST_DEFLATE_RATIO:
        raise damaged(path, what, f"its header claims {claimed:,} bytes, but only {stored:,} are stored")
    if claimed > LARGEST_CONTENT:
        raise DataError(
            f"A dataset must fit into {LARGEST_CONTENT:,} bytes of memory",
            received=f"{path}: {claimed:,} bytes",
            advice="Use a part of it, or smaller images",
        )


def damaged(path: Path, what: str, reason: object) -> DataError:
    """Say that ``path`` is not, or not whole, what it should be."""
    return DataError(
        f"{what} must be whole and in its format",
        received=f"{path}: {reason}",
        advice="Check that this is the right file, and copy or download it again",
    )

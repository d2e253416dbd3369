"""Machine code kept between processes: what was compiled once is loaded the next time.

A file holds the object code of one program, behind a checksum of it and of what it was made for. Its name is a hash
of all that decides the code: the program's description, the processor, LLVM, and the engine's own sources. What is
damaged, cut short, or belongs to another name or another user is compiled anew, never run.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm

from scribal.exceptions import RunError
from scribal.files import whole_file

__all__ = ["CACHE_VARIABLE", "LARGEST_FOLDER", "code_folder", "compiled_once", "key_of"]

CACHE_VARIABLE = "SCRIBAL_CODE"
"""The environment variable that names another folder for machine code; ``off`` keeps none."""

_SIGNATURE = b"scribal machine code 2\n"
_DIGEST_BYTES = hashlib.sha256().digest_size
LARGEST_FOLDER = 64 * 1024 * 1024
"""Bytes that all machine code together may take; beyond, what was used longest ago is removed."""


def code_folder() -> Path | None:
    """Give the folder for machine code: ``$SCRIBAL_CODE``, or ``scribal/code`` in the user's cache folder; or none."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return None if chosen == "off" else Path(chosen).absolute()
    import platformdirs

    return platformdirs.user_cache_path("scribal") / "code"


def key_of(description: object) -> str:
    """Hash what decides a program's code.

    Args:
        description: All that the code is written from; its ``repr`` must tell it from every other.
    """
    parts = (
        repr(description),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        llvm.get_default_triple(),
        llvmlite.__version__,
        repr(llvm.llvm_version_info),
        _sources(),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def compiled_once(key: str, make: Callable[[], bytes]) -> bytes:
    """Give the code that is kept under a key, or make it and keep it.

    A folder that cannot be read or written costs time, not the answer.

    Args:
        key: What :func:`key_of` gave.
        make: Compiles it.
    """
    folder = code_folder()
    if folder is None:
        return make()
    path = folder / f"{key}.code"
    code = _read(path, key)
    if code is None:
        code = make()
        _write(path, key, code)
    return code


def _read(path: Path, key: str) -> bytes | None:
    try:
        with path.open("rb") as file:
            # Code that another user has put there is not ours to run.
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            content = file.read()
        # The time of last use, by which the oldest is found.
        os.utime(path)
    except OSError:
        return None
    head = len(_SIGNATURE) + _DIGEST_BYTES
    code = content[head:]
    return code if content[:head] == _SIGNATURE + _checksum(key, code) else None


def _write(path: Path, key: str, code: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(path) as temporary:
            temporary.write_bytes(_SIGNATURE + _checksum(key, code) + code)
        _remove_oldest(path.parent)
    except (OSError, RunError):
        return


def _checksum(key: str, code: bytes) -> bytes:
    return hashlib.sha256(key.encode() + code).digest()


def _remove_oldest(folder: Path) -> None:
    """Remove what was used longest ago until the folder is within its limit."""
    files = [(entry.stat(), entry.path) for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
    size = sum(status.st_size for status, _ in files)
    for status, path in sorted(files, key=lambda file: file[0].st_mtime):
        if size <= LARGEST_FOLDER:
            return
        Path(path).unlink(missing_ok=True)
        size -= status.st_size


@cache
def _sources() -> str:
    """Hash the engine's own sources: another version writes other code."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()

"""Files fetched once, checked by MD5, and kept."""

import gzip
import hashlib
import zlib
from pathlib import Path

from scribal.data.cache import CACHE_VARIABLE
from scribal.data.registry import DatasetEntry, RemoteFile
from scribal.exceptions import DataError

__all__ = ["fetch"]

# Seconds until a server has to accept the connection, and until it has to send the next bytes.
_CONNECT_TIMEOUT, _READ_TIMEOUT = 4.0, 8.0
_CHUNK = 2**20


def fetch(entry: DatasetEntry) -> list[Path]:
    """Give the dataset's files, from the cache, from the system's package, or downloaded into the cache.

    Returns:
        The paths, in the order of ``entry.files``; each file's checksum has been checked.

    Raises:
        DataError: A file cannot be fetched or stored, or is not the one that was published.
    """
    folder, packaged = entry.cache(), entry.system_folder
    if entry.location() == packaged and packaged is not None:
        return [_check_repacked(packaged / file.name, file) for file in entry.files]
    return [_fetch_file(file, folder, entry) for file in entry.files]


def _fetch_file(file: RemoteFile, folder: Path, entry: DatasetEntry) -> Path:
    import pooch
    import requests

    path = folder / file.name
    if path.is_file():
        if _md5(path) != file.md5:
            raise DataError(
                f"A cached file must be the published one, MD5 {file.md5}",
                received=f"{path}: MD5 {_md5(path)}",
                advice="Delete it; it is then downloaded again",
            )
        return path
    downloader = pooch.HTTPDownloader(chunk_size=_CHUNK, timeout=(_CONNECT_TIMEOUT, _READ_TIMEOUT))
    try:
        pooch.retrieve(file.url, known_hash=f"md5:{file.md5}", fname=file.name, path=folder, downloader=downloader)
    except requests.RequestException as error:
        raise _unreachable(file, folder, entry, error) from error
    except ValueError as error:  # pooch's word for a wrong checksum; it keeps no such file
        raise DataError(
            f"{file.url} must give the published file, MD5 {file.md5}",
            received="a file with another checksum, which was not kept",
            advice=_by_hand(folder, entry),
        ) from error
    except OSError as error:
        raise DataError(
            "Downloaded datasets need a folder that can be written and has room",
            received=f"{folder}: {error.strerror or error}",
            advice=f"Free some space, or name another folder in the environment variable {CACHE_VARIABLE}",
        ) from error
    return path


def _unreachable(file: RemoteFile, folder: Path, entry: DatasetEntry, error: Exception) -> DataError:
    return DataError(
        f"{entry.name} is downloaded on first use, which needs a network",
        received=f"no answer from {file.url} ({type(error).__name__})",
        advice=_by_hand(folder, entry),
    )


def _by_hand(folder: Path, entry: DatasetEntry) -> str:
    base = entry.files[0].url.removesuffix(entry.files[0].name)
    names = ", ".join(each.name for each in entry.files)
    return (
        f"MNIST needs no download: use the dataset mnist. To have {entry.name} here, fetch {names} from {base} on a "
        f"machine that has a network, and put what you fetched into the folder {folder}"
    )


def _check_repacked(path: Path, file: RemoteFile) -> Path:
    digest = hashlib.md5(usedforsecurity=False)
    try:
        with gzip.open(path) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise _not_published(path, str(error)) from error
    if digest.hexdigest() != file.unpacked_md5:
        raise _not_published(path, f"unpacked MD5 {digest.hexdigest()}")
    return path


def _not_published(path: Path, found: str) -> DataError:
    return DataError(
        "The system's copy of a dataset must hold what was published",
        received=f"{path}: {found}",
        advice="Install the package anew, or remove it so that the dataset is downloaded",
    )


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()

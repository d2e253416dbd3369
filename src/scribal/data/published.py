"""Published datasets put into scribal's form: IDX files, EMNIST's archive of IDX files, LIBSVM's text."""

import gzip
import zipfile
import zlib
from pathlib import Path

import numpy as np

from scribal.data.dataset import Array, Dataset
from scribal.data.download import fetch
from scribal.data.idx import PARTS, read_idx, read_idx_stream
from scribal.data.registry import DatasetEntry
from scribal.data.sources import damaged

__all__ = ["load_published"]

_USPS_SIDE = 16


def load_published(entry: DatasetEntry) -> Dataset:
    """Load a dataset that is downloaded on first use.

    Raises:
        DataError: Its files cannot be fetched, or are damaged.
    """
    paths = fetch(entry)
    if entry.folder == "emnist":
        arrays = _read_emnist(paths[0], entry)
    elif entry.folder == "usps":
        arrays = _read_usps(*paths)
    else:
        arrays = dict(zip(PARTS, map(read_idx, paths), strict=True))
    return Dataset(entry.name, **arrays, class_names=entry.class_names, licence=entry.licence, source=entry.source)


def _read_emnist(path: Path, entry: DatasetEntry) -> dict[str, Array]:
    """Read one of EMNIST's splits, made upright and numbered from 0.

    Its images are stored column by column, and its letters are numbered from 1 (Cohen et al. 2017; NIST's read-me).
    """
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for part, name in PARTS.items():
                split = "train" if part.endswith("train") else "test"
                kind = name.removeprefix("train-").removeprefix("t10k-")
                info = archive.getinfo(f"gzip/{entry.name}-{split}-{kind}.gz")
                with archive.open(info) as packed, gzip.open(packed) as stream:
                    arrays[part] = read_idx_stream(stream, info.file_size, path)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise damaged(path, "EMNIST's archive", error) from error
    for part in ("x_train", "x_test"):
        arrays[part] = arrays[part].transpose(0, 2, 1)
    if entry.name == "emnist-letters":
        for part in ("y_train", "y_test"):
            arrays[part] = arrays[part] - 1
    return arrays


def _read_usps(train: Path, test: Path) -> dict[str, Array]:
    arrays = {}
    for part, path in (("train", train), ("test", test)):
        arrays[f"x_{part}"], arrays[f"y_{part}"] = _read_svmlight(path)
    return arrays


def _read_svmlight(path: Path) -> tuple[Array, Array]:
    """Read LIBSVM's lines ``label index:value ...``: labels 1..10 for digits 0..9, pixels from -1 to 1."""
    from sklearn.datasets import load_svmlight_file

    try:
        table, labels = load_svmlight_file(path, n_features=_USPS_SIDE**2, dtype=np.float32, zero_based=False)
    except (ValueError, OSError, EOFError) as error:
        raise damaged(path, "USPS' text", error) from error
    pixels = np.rint((table.toarray().clip(-1, 1) + 1) / 2 * 255).astype(np.uint8)
    return pixels.reshape(-1, _USPS_SIDE, _USPS_SIDE), labels.astype(np.int64) - 1

"""One way in: a dataset's name or a path, and a Dataset comes out."""

import os
from pathlib import Path

from scribal.data.arrays import read_npz
from scribal.data.dataset import Array, Dataset
from scribal.data.derived import make_mnist, make_small_mnist, make_toy
from scribal.data.folder import class_folders, read_image_folder
from scribal.data.idx import PARTS, find_parts, labels_beside, read_idx
from scribal.data.published import load_published
from scribal.data.registry import DATASETS
from scribal.data.sources import as_path, kind_of, require_file
from scribal.data.split import stratified_split
from scribal.data.table import TEST_NAMES, TRAIN_NAMES, find_table, read_table
from scribal.exceptions import ArgumentError, DataError, UnknownNameError

__all__ = ["load_dataset"]

_MADE_HERE = {"mnist": make_mnist, "mnist-10x10": make_small_mnist, "toy": make_toy}
_PATHS = (
    "an .npz with the arrays x_train, y_train, x_test, y_test; a .csv, label first; IDX files such as "
    "train-images-idx3-ubyte(.gz), or a folder of them; a folder with train.csv and test.csv; a folder of pictures "
    "with one subfolder for each class"
)


def load_dataset(name_or_path: str | os.PathLike[str]) -> Dataset:
    """Load a dataset by its name, or from your own files.

    A name goes before a file of the same name; ``./mnist`` means the file.

    Args:
        name_or_path: A name of ``DATASETS``, or the path of

            - an ``.npz`` archive with Keras' array names x_train, y_train, x_test, y_test;
            - a CSV table as on Kaggle, label first, then the pixels of a square image, with a header line or without;
              or a folder with ``train.csv`` (``mnist_train.csv``) and ``test.csv`` (``mnist_test.csv``);
            - a folder with MNIST's four IDX files, plain or .gz; or one IDX file of images with its labels beside it;
            - a folder of pictures with one subfolder for each class, or two such folders, ``train`` and ``test``.

            Where there is no test set, a fifth of each class is kept for it, always the same samples.

    Returns:
        The dataset; see ``Dataset`` for shapes and types.

    Raises:
        UnknownNameError: There is no dataset of that name, and it does not look like a path.
        DataError: The files are missing, damaged or of another form, or a download failed.
        ImageError: A file in a folder of pictures is no picture that scribal can read.
        ArgumentError: ``name_or_path`` is neither text nor a path.
    """
    if not isinstance(name_or_path, str | os.PathLike):
        raise ArgumentError(
            "A dataset must be a name or a path",
            received=f"{type(name_or_path).__name__}",
            advice="Give a name such as 'mnist', or make a scribal.Dataset of your arrays",
        )
    if isinstance(name_or_path, str) and name_or_path in DATASETS:
        made_here = _MADE_HERE.get(name_or_path)
        return made_here() if made_here else load_published(DATASETS[name_or_path])
    path = as_path(name_or_path)
    kind = kind_of(path) if str(name_or_path) else "missing"  # as a path, the empty text would be the current folder
    if kind == "folder":
        return _load_folder(path)
    if kind == "file":
        return _load_file(path)
    if isinstance(name_or_path, str) and not _looks_like_path(name_or_path):
        raise UnknownNameError(
            "dataset",
            name_or_path,
            DATASETS,
            advice="Your own data is given by its path, such as ./digits or digits.npz",
        )
    raise DataError(
        "A dataset's path must lead to a file or a folder",
        received=f"{path}: {'no such file or folder' if kind == 'missing' else 'neither file nor folder'}",
        advice="Check the path",
    )


def _looks_like_path(text: str) -> bool:
    return "/" in text or os.sep in text or text.startswith((".", "~")) or bool(Path(text).suffix)


def _load_folder(folder: Path) -> Dataset:
    train, test = find_table(folder, TRAIN_NAMES), find_table(folder, TEST_NAMES)
    if train and test:
        return _together(folder, *read_table(train), *read_table(test))
    if train:
        return _load_file(train)
    parts = find_parts(folder)
    if parts:
        missing = [PARTS[part] for part in PARTS if part not in parts]
        if missing:
            raise DataError(
                "A folder of IDX files must hold all four of MNIST's names",
                received=f"{folder}: no {', '.join(missing)}",
                advice="Add the missing files, plain or .gz, or give the path of one file of images",
            )
        return _together(folder, *(read_idx(parts[part]) for part in PARTS))
    if class_folders(folder):
        return read_image_folder(folder)
    raise DataError(
        "A folder of data must hold IDX files, CSV tables, or one subfolder of pictures for each class",
        received=f"{folder}: none of these",
        advice=f"scribal reads {_PATHS}",
    )


def _load_file(path: Path) -> Dataset:
    suffix = path.suffix.lower()
    if suffix == ".npz":
        arrays = read_npz(path)
        return _together(path, *(arrays[part] for part in PARTS))
    if suffix == ".csv":
        return _divided(path, *read_table(path))
    if suffix == ".gz" or "ubyte" in path.name or "idx" in path.name:
        return _divided(path, read_idx(path), read_idx(labels_beside(path)))
    require_file(path, "A dataset")
    raise DataError(
        "A dataset must be in a form that scribal reads",
        received=f"{path}: a file of another kind",
        advice=f"scribal reads {_PATHS}. A single picture is read by scribal predict",
    )


def _together(path: Path, x_train: Array, y_train: Array, x_test: Array, y_test: Array) -> Dataset:
    return Dataset(_name(path), x_train, y_train, x_test, y_test, source=str(path))


def _divided(path: Path, images: Array, labels: Array) -> Dataset:
    whole = Dataset(_name(path), images, labels, images, labels, source=str(path))  # checked before it is divided
    train, test = stratified_split(whole.y_train, whole.class_names, path)
    x, y = whole.x_train, whole.y_train
    return Dataset(_name(path), x[train], y[train], x[test], y[test], class_names=whole.class_names, source=str(path))


def _name(path: Path) -> str:
    return path.resolve().name.split(".")[0] or "data"

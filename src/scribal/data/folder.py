"""A folder of pictures with one subfolder for each class."""

from pathlib import Path

import numpy as np

from scribal.data.dataset import Array, Dataset
from scribal.data.images import read_image
from scribal.data.listing import visible
from scribal.data.normalise import fit_image
from scribal.data.sources import LARGEST_CONTENT
from scribal.data.split import stratified_split
from scribal.exceptions import DataError

__all__ = ["class_folders", "read_image_folder"]


def read_image_folder(folder: Path) -> Dataset:
    """Read ``folder/class/picture``, or ``folder/train/class/picture`` and ``folder/test/class/picture``.

    Classes are numbered in natural order of their folders' names (2 before 10). Without ``train`` and ``test``, a fifth
    of each class is kept for the test, always the same pictures. Pictures that all have one size are kept as they are,
    as grey; different sizes are all fitted onto 28x28, light ink on dark ground. Loose files beside the class folders,
    hidden files, and folders beside ``train`` and ``test`` (such as ``valid``) are passed over.

    Raises:
        DataError: A class folder is empty, holds a folder or a single picture, or train and test differ in classes.
        ImageError: A file in a class folder is no picture that scribal can read.
    """
    parts = {path.name: path for path in class_folders(folder)}
    apart = {"train", "test"} <= parts.keys() and all(class_folders(parts[part]) for part in ("train", "test"))
    names = _class_names(parts) if apart else tuple(parts)
    roots = [parts["train"], parts["test"]] if apart else [folder]
    pictures = [_list_pictures(root) for root in roots]
    x = _read_pictures([path for part in pictures for path, _ in part], folder)
    y = np.array([label for part in pictures for _, label in part])
    if apart:
        train, test = np.split(np.arange(len(y)), [len(pictures[0])])
    else:
        train, test = stratified_split(y, names, folder)
    name = folder.resolve().name
    return Dataset(name, x[train], y[train], x[test], y[test], class_names=names, source=str(folder))


def class_folders(folder: Path) -> list[Path]:
    """List the subfolders of ``folder`` that are not hidden, in natural order of their names."""
    return [path for path in visible(folder) if path.is_dir()]


def _class_names(parts: dict[str, Path]) -> tuple[str, ...]:
    train, test = (tuple(path.name for path in class_folders(parts[part])) for part in ("train", "test"))
    if train != test:
        raise DataError(
            "The folders train and test must have the same class folders",
            received=f"{', '.join(sorted(set(train) ^ set(test)))} in only one of {parts['train']} and {parts['test']}",
            advice="Add the missing class folders",
        )
    return train


def _list_pictures(folder: Path) -> list[tuple[Path, int]]:
    pictures = []
    for label, path in enumerate(class_folders(folder)):
        files = visible(path)
        if not files:
            raise DataError(
                "A class folder must hold at least one picture",
                received=f"{path}: empty",
                advice="Add pictures to it, or remove the folder",
            )
        nested = next((file for file in files if file.is_dir()), None)
        if nested is not None:
            raise DataError(
                "A class folder must hold pictures only",
                received=f"{nested}: a folder",
                advice="Move its pictures up into the class folder",
            )
        pictures += [(file, label) for file in files]
    return pictures


def _read_pictures(paths: list[Path], folder: Path) -> Array:
    images: list[Array] = []
    same, held = True, 0
    for path in paths:
        image = read_image(path)
        if same and images and image.shape != images[0].shape:
            same = False
            images = [fit_image(earlier) for earlier in images]
        images.append(image if same else fit_image(image))
        held += images[-1].nbytes
        if same and held > LARGEST_CONTENT:
            raise DataError(
                f"A dataset must fit into {LARGEST_CONTENT:,} bytes of memory",
                received=f"{folder}: pictures of {image.shape[1]}x{image.shape[0]} pixels, {len(paths)} of them",
                advice="Scale the pictures down first",
            )
    return np.stack(images)

"""The images that a study asks about, and how they are named in its command."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data import Dataset, load_dataset
from scribal.exceptions import ArgumentError, DataError, UnknownNameError
from scribal.recipes import Recipe

__all__ = ["class_number", "evenly_chosen", "first_image", "images_of", "named", "named_networks"]


def images_of(data: Any) -> Dataset:
    """Load a dataset of images; MNIST by default.

    Raises:
        DataError: It cannot be loaded, or has features instead of images.
    """
    dataset = data if isinstance(data, Dataset) else load_dataset("mnist" if data is None else data)
    if dataset.x_train.ndim == 2:  # noqa: PLR2004 - samples and features
        raise DataError(
            "A study needs images",
            received=f"{dataset.name} with samples of shape {dataset.x_train.shape[1:]}",
            advice="Give --data mnist, or another dataset of images",
        )
    return dataset


def evenly_chosen(count: int, samples: int) -> np.ndarray:
    """Choose so many of ``count`` places, evenly: MNIST's test set has the easier half first.

    Raises:
        ArgumentError: Not even one is asked for.
    """
    is_whole = isinstance(samples, int | np.integer) and not isinstance(samples, bool)
    if not is_whole or samples < 1:
        raise ArgumentError(
            "samples must be a whole number from 1", received=f"samples={samples!r}", advice="Give --samples 1000"
        )
    chosen: np.ndarray = np.linspace(0, count, min(samples, count), endpoint=False).astype(np.int64)
    return chosen


def class_number(dataset: Dataset, name: str) -> int:
    """Find a class by its name.

    Raises:
        UnknownNameError: The dataset has no such class.
    """
    if name not in dataset.class_names:
        raise UnknownNameError("class", name, dataset.class_names)
    return dataset.class_names.index(name)


def first_image(dataset: Dataset, class_name: str) -> np.ndarray:
    """Give the first test image of a class, of shape (height, width).

    Raises:
        UnknownNameError: The dataset has no such class.
        DataError: No test image is of this class.
    """
    found = np.flatnonzero(dataset.y_test == class_number(dataset, class_name))
    if not len(found):
        raise DataError(
            "There must be a test image of the class",
            received=f"none of {class_name} in {dataset.name}",
            advice="Choose another --digit",
        )
    image: np.ndarray = dataset.x_test[found[0]]
    return image


def named(data: Any, options: Mapping[str, Any]) -> list[str]:
    """Give the words of a command for the data and other options."""
    words = []
    if data is not None:
        words += ["--data", data.name if isinstance(data, Dataset) else str(data)]
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    return words


def named_networks(networks: Sequence[Any]) -> list[str]:
    """Give the words of a command for networks; an object of Python's has none."""
    known = [network.name if isinstance(network, Recipe) else network for network in networks]
    return [str(network) if isinstance(network, str | Path) else "MODEL" for network in known]

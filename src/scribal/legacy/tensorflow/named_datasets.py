"""``tensorflow_datasets``: ``tfds.load("mnist")``, from scribal's datasets."""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from scribal.data import load_dataset
from scribal.legacy.journal import current_journal
from scribal.legacy.tensorflow.data import Dataset

__all__ = ["as_numpy", "disable_progress_bar", "load"]

MODERN = {"as_numpy": "", "disable_progress_bar": "", "load": "keras.datasets.mnist.load_data"}

_PART = re.compile(r"(train|test)(?:\[(\d*)(%?):(\d*)(%?)\])?")


@dataclass(frozen=True)
class _Split:
    num_examples: int


def load(
    name: str,
    *,
    split: Any = None,
    batch_size: int | None = None,
    as_supervised: bool = False,
    with_info: bool = False,
    **_: Any,
) -> Any:
    """A dataset by its name, as images (28, 28, 1) of uint8 and labels.

    Args:
        name: A name of :func:`scribal.load_dataset`; what stands before a slash or behind a colon is not read.
        split: ``"train"``, ``"test"`` or a part such as ``"train[:80%]"``; several in a list; all by default.
        batch_size: Of batches; single samples by default, and all at once for -1.
        as_supervised: Whether samples are pairs rather than dictionaries.
        with_info: Whether a description is given too.

    Raises:
        DataError: There is no such dataset here.
    """
    data = load_dataset(re.sub(r"[:/].*", "", name))
    arrays = {
        "train": (data.x_train.reshape(-1, 28, 28, 1), data.y_train.astype(np.int32)),
        "test": (data.x_test.reshape(-1, 28, 28, 1), data.y_test.astype(np.int32)),
    }
    current_journal().adapted(f"tfds.load({name!r})", f"keras.datasets.{data.name}.load_data()")

    def part(wanted: str) -> Any:
        images, labels = _cut(wanted, arrays)
        samples = (images, labels) if as_supervised else {"image": images, "label": labels}
        if batch_size == -1:
            return samples
        dataset = Dataset.from_tensor_slices(samples)
        return dataset if batch_size is None else dataset.batch(batch_size)

    if split is None:
        found: Any = {each: part(each) for each in arrays}
    else:
        found = part(str(split)) if isinstance(split, str) else type(split)(part(str(each)) for each in split)
    return (found, _information(arrays, data.class_names)) if with_info else found


def as_numpy(dataset: Any) -> Any:
    """Samples in NumPy's arrays."""
    return dataset.as_numpy_iterator() if isinstance(dataset, Dataset) else dataset


def disable_progress_bar() -> None:
    """Do nothing: nothing is downloaded."""


def _cut(wanted: str, arrays: dict[str, tuple[Any, Any]]) -> tuple[Any, Any]:
    found = _PART.fullmatch(wanted)
    if found is None:
        raise ValueError(
            f"Unknown split {wanted!r}. Should be one of ['train', 'test'], or a part such as 'train[:80%]'."
        )
    images, labels = arrays[found[1]]

    def place(number: str | None, percent: str | None, otherwise: int) -> int:
        if not number:
            return otherwise
        return len(labels) * int(number) // 100 if percent else int(number)

    chosen = slice(place(found[2], found[3], 0), place(found[4], found[5], len(labels)))
    return images[chosen], labels[chosen]


def _information(arrays: dict[str, tuple[Any, Any]], names: Any) -> Any:
    label = SimpleNamespace(num_classes=len(names), names=list(names), int2str=lambda number: names[int(number)])
    return SimpleNamespace(
        features={"image": SimpleNamespace(shape=(28, 28, 1)), "label": label},
        splits={name: _Split(len(labels)) for name, (_, labels) in arrays.items()},
    )

"""The one form in which every dataset reaches the rest of scribal."""

import functools
import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from scribal.exceptions import DataError

__all__ = ["Array", "Dataset"]

Array = npt.NDArray[Any]

_MOST_CLASSES = 65_536
_SHAPES = "(n, height, width) for grey, (n, height, width, 3) for colour, (n, features) for tables"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test data with labels, checked on construction and read-only from then on.

    Accepted are arrays, or anything NumPy makes one of. Integer and boolean images become uint8, and their values have
    to lie in 0..255. Float images become float32 and are never rescaled: whether 0..1 or 0..255 was meant is the
    recipe's business. A last axis of length 1, as in (n, 28, 28, 1), is dropped. An array that has its type already is
    not copied, so the caller should change it no more.

    Args:
        name: What to call the dataset.
        x_train: Training images, uint8 or float32, of shape (n, height, width) or (n, height, width, 3); or a table,
            float32, of shape (n, features).
        y_train: Training labels, integers 0..classes-1, of shape (n,).
        x_test: Test images or table; all but the first axis as in ``x_train``.
        y_test: Test labels.
        class_names: The name of each class; by default the numbers ``"0"``, ``"1"``, ... up to the largest label.
        licence: The licence of the data, in words or as an SPDX identifier.
        source: Who made the data, or which file it was read from.

    Raises:
        DataError: A rule above is broken, a part is empty, or a value is NaN or infinite.
    """

    name: str
    x_train: Array = field(repr=False)
    y_train: Array = field(repr=False)
    x_test: Array = field(repr=False)
    y_test: Array = field(repr=False)
    class_names: tuple[str, ...] = ()
    licence: str = "not stated"
    source: str = "arrays given by the caller"

    def __post_init__(self) -> None:
        images = {part: _as_images(getattr(self, part), part) for part in ("x_train", "x_test")}
        labels = {part: _as_labels(getattr(self, part), part) for part in ("y_train", "y_test")}
        train, test = images["x_train"], images["x_test"]
        if train.shape[1:] != test.shape[1:]:
            raise DataError(
                "Training and test images must have the same shape",
                received=f"x_train of shape {train.shape}, x_test of shape {test.shape}",
                advice="Bring all images to one size, as scribal.data.fit_image does",
            )
        common = np.result_type(train, test)
        arrays = {part: array.astype(common, copy=False) for part, array in images.items()} | labels
        for part in ("train", "test"):
            _check_lengths(part, arrays[f"x_{part}"], arrays[f"y_{part}"])
        names = _check_classes(self.class_names, labels)
        for part, array in arrays.items():
            view = np.ascontiguousarray(array).view()
            view.setflags(write=False)  # the fingerprint, computed once, has to stay true
            object.__setattr__(self, part, view)
        object.__setattr__(self, "class_names", names)

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.class_names)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The shape of one sample: (height, width), (height, width, 3) or (features,)."""
        return tuple(self.x_train.shape[1:])

    @functools.cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over name, shape, type and bytes of the four arrays."""
        digest = hashlib.sha256()
        for part in ("x_train", "y_train", "x_test", "y_test"):
            array: Array = getattr(self, part)
            digest.update(f"{part} {array.shape} {array.dtype.str}\n".encode())
            digest.update(array.data)
        return digest.hexdigest()


def _as_array(value: object, part: str) -> Array:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise DataError(
            f"{part} must be one array, all its rows of the same shape",
            received=error,
            advice="Bring all samples to one size first",
        ) from error
    if array.dtype.kind not in "buif":
        raise DataError(
            f"{part} must hold integers, booleans or floats",
            received=f"dtype {array.dtype}",
            advice=f"Convert {part} to numbers first",
        )
    if array.size == 0:
        raise DataError(
            f"{part} must hold at least one sample",
            received=f"shape {array.shape}",
            advice="Check where the data comes from",
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise DataError(
            f"{part} must be finite",
            received=f"{np.count_nonzero(~np.isfinite(array))} values that are NaN or infinite",
            advice="Fill or drop the missing values first",
        )
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _as_images(value: object, part: str) -> Array:
    array = _as_array(value, part)
    if array.ndim == 4 and array.shape[3] == 1:  # noqa: PLR2004 (the axes are n, height, width, channels)
        array = array[..., 0]
    if array.ndim not in {2, 3, 4} or (array.ndim == 4 and array.shape[3] != 3):  # noqa: PLR2004
        raise DataError(f"{part} must have the shape {_SHAPES}", received=f"shape {array.shape}", advice="Reshape it")
    if array.ndim == 2:  # noqa: PLR2004
        return _as_float32(array, part)
    if array.dtype.kind == "f":
        return _as_pixels(array, part)
    if array.dtype.kind != "b" and (array.min() < 0 or array.max() > np.iinfo(np.uint8).max):
        raise DataError(
            f"Whole-number pixels in {part} must lie in 0..255",
            received=f"{array.dtype} from {array.min()} to {array.max()}",
            advice="Scale them to 0..255, or convert them to float32 if their range is meant",
        )
    return array.astype(np.uint8, copy=False)


def _as_pixels(array: Array, part: str) -> Array:
    """Floats as 8-bit pixels: 0..1 is what dividing by 255 has made of them, and is taken back."""
    low, high = float(array.min()), float(array.max())
    if low < 0 or high > np.iinfo(np.uint8).max:
        raise DataError(
            f"Pixels in {part} must lie in 0..255, or in 0..1 if they were divided by 255",
            received=f"{array.dtype} from {low:g} to {high:g}",
            advice="Give them raw, before any normalization; a recipe scales them itself",
        )
    pixels: Array = np.rint(array * 255 if high <= 1 else array).astype(np.uint8)
    return pixels


def _as_float32(array: Array, part: str) -> Array:
    with np.errstate(over="ignore"):
        converted = array.astype(np.float32, copy=False)
    if not np.isfinite(converted).all():
        raise DataError(
            f"{part} must fit into float32",
            received=f"values from {array.min()} to {array.max()}",
            advice="Scale them down first",
        )
    return converted


def _as_labels(value: object, part: str) -> Array:
    array = _as_array(value, part)
    if array.ndim != 1:
        raise DataError(
            f"{part} must have the shape (n,), one class number for each sample",
            received=f"shape {array.shape}",
            advice="Turn one-hot rows into numbers with argmax(axis=1), or a column into a row with ravel()",
        )
    if array.dtype.kind == "f":
        if (array != np.rint(array)).any() or np.abs(array).max() > _MOST_CLASSES:
            raise DataError(
                f"{part} must hold class numbers 0, 1, 2, ...",
                received=f"{array.dtype} from {array.min()} to {array.max()}",
                advice="Number the classes from 0",
            )
        return array.astype(np.int64)
    return array.astype(np.uint8) if array.dtype.kind == "b" else array


def _check_lengths(part: str, images: Array, labels: Array) -> None:
    if len(images) != len(labels):
        raise DataError(
            f"x_{part} and y_{part} must have the same length, one label for each sample",
            received=f"{len(images)} samples and {len(labels)} labels",
            advice="Check that both come from the same file",
        )


def _check_classes(names: tuple[str, ...], labels: dict[str, Array]) -> tuple[str, ...]:
    lowest = min(int(array.min()) for array in labels.values())
    highest = max(int(array.max()) for array in labels.values())
    count = len(names) or highest + 1
    if lowest < 0 or highest >= min(count, _MOST_CLASSES):
        limit = f"0..{count - 1}, one for each class name" if names else f"0..{_MOST_CLASSES - 1}"
        raise DataError(
            f"Labels must lie in {limit}",
            received=f"labels from {lowest} to {highest}",
            advice="Number the classes from 0, and name each of them",
        )
    return tuple(str(name) for name in names) or tuple(str(number) for number in range(count))

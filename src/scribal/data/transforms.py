"""Batches of images moved, turned and resized: what a person does who writes a digit elsewhere, askew or smaller.

Every such change takes each new pixel from the same few old ones in all images. It is one sparse matrix, made once
and applied to the whole batch, so that ten thousand images take some hundredths of a second.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from scribal.data.dataset import Array
from scribal.exceptions import ArgumentError

__all__ = ["Coordinates", "Source", "centre", "check_batch", "rotate", "scale", "shift", "warp"]

_BATCH_AXES = (3, 4)  # (n, height, width), perhaps with channels
_SMALLEST_SCALE = 0.02
_LARGEST_SCALE = 50.0

Coordinates = npt.NDArray[np.float64]
Source = Callable[[Coordinates, Coordinates], tuple[Coordinates, Coordinates]]
"""Given rows and columns of new pixels, says from which old rows and columns they come."""


def shift(images: Array, rows: float, columns: float) -> Array:
    """Move every image by the same distance; what leaves it is lost, what comes in is 0.

    Args:
        images: uint8 or floats of shape (n, height, width) or (n, height, width, channels).
        rows: Pixels downwards; negative ones upwards. Parts of pixels are interpolated linearly.
        columns: Pixels to the right; negative ones to the left.

    Returns:
        An array of the same shape and type.

    Raises:
        ArgumentError: ``images`` are no batch, or a distance is no finite number.
    """
    check_batch(images)
    _check_number("rows", rows)
    _check_number("columns", columns)
    if float(rows).is_integer() and float(columns).is_integer():
        return _shift_whole(images, int(rows), int(columns))
    return warp(images, lambda row, column: (row - rows, column - columns))


def rotate(images: Array, degrees: float) -> Array:
    """Turn every image about its centre, with linear interpolation; what comes in is 0.

    Args:
        images: uint8 or floats of shape (n, height, width) or (n, height, width, channels).
        degrees: Anticlockwise, as one looks at the image.

    Returns:
        An array of the same shape and type.

    Raises:
        ArgumentError: ``images`` are no batch, or ``degrees`` is no finite number.
    """
    check_batch(images)
    _check_number("degrees", degrees)
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    middle_row, middle_column = centre(images)

    def source(row: Coordinates, column: Coordinates) -> tuple[Coordinates, Coordinates]:
        down, right = row - middle_row, column - middle_column
        return middle_row + cosine * down + sine * right, middle_column - sine * down + cosine * right

    return warp(images, source)


def scale(images: Array, factor: float) -> Array:
    """Make what every image shows larger or smaller about its centre; the image's own size stays.

    A smaller form takes the mean over the area that each new pixel covers, so that thin strokes fade rather than break.

    Args:
        images: uint8 or floats of shape (n, height, width) or (n, height, width, channels).
        factor: Of the lengths: 2 doubles height and width, 0.5 halves them.

    Returns:
        An array of the same shape and type.

    Raises:
        ArgumentError: ``images`` are no batch, or ``factor`` is not between 0.02 and 50.
    """
    check_batch(images)
    _check_number("factor", factor)
    if not _SMALLEST_SCALE <= factor <= _LARGEST_SCALE:
        raise ArgumentError(
            f"A scale must be from {_SMALLEST_SCALE} to {_LARGEST_SCALE:g}",
            received=f"factor={factor!r}",
            advice="1 leaves the images as they are",
        )
    middle_row, middle_column = centre(images)
    return warp(
        images,
        lambda row, column: (
            middle_row + (row - middle_row) / factor,
            middle_column + (column - middle_column) / factor,
        ),
        samples=max(1, math.ceil(2 / factor)) if factor < 1 else 1,
    )


def warp(images: Array, source: Source, samples: int = 1) -> Array:
    """Take every new pixel from a place between old ones, by linear interpolation; outside the image is 0.

    Args:
        images: A batch, as :func:`check_batch` asks for it.
        source: Says where. A pixel's centre has whole numbers.
        samples: How many places along each side of a new pixel are looked up and averaged, against aliasing.

    Returns:
        An array of the same shape and type; whole numbers are rounded to the nearest.
    """
    count, height, width = images.shape[:3]
    if not count:
        return images.copy()
    matrix = _interpolation(height, width, source, samples)
    # One row a pixel, one column an image and channel.
    pixels = np.moveaxis(images.reshape(count, height * width, -1), 1, 0)
    flat = np.ascontiguousarray(pixels, dtype=np.float32).reshape(height * width, -1)
    moved = np.moveaxis((matrix @ flat).reshape(pixels.shape), 0, 1).reshape(images.shape)
    if np.issubdtype(images.dtype, np.integer):
        moved = np.rint(moved)
    changed: Array = moved.astype(images.dtype)
    return changed


def check_batch(images: object) -> None:
    """Raise unless ``images`` is an array of uint8 or floats with the axes of a batch of images.

    Raises:
        ArgumentError: It is not.
    """
    known = isinstance(images, np.ndarray) and (images.dtype == np.uint8 or np.issubdtype(images.dtype, np.floating))
    if not known or images.ndim not in _BATCH_AXES or 0 in images.shape[1:]:  # type: ignore[attr-defined]
        found = f"{images.dtype} of shape {images.shape}" if isinstance(images, np.ndarray) else type(images).__name__
        raise ArgumentError(
            "Images must be uint8 or floats of shape (n, height, width) or (n, height, width, channels)",
            received=found,
            advice="Give one image as images[None]",
        )


def centre(images: Array) -> tuple[float, float]:
    """Give the row and the column of the middle of every image, counted from the centre of the first pixel."""
    return (images.shape[1] - 1) / 2, (images.shape[2] - 1) / 2


def _interpolation(height: int, width: int, source: Source, samples: int) -> Any:
    """Give what each new pixel takes from each old one, as a sparse matrix of shape (pixels, pixels)."""
    from scipy import sparse

    rows, columns = np.arange(height, dtype=np.float64), np.arange(width, dtype=np.float64)
    offsets = (np.arange(samples) + 0.5) / samples - 0.5
    grid = np.meshgrid(rows, columns, offsets, offsets, indexing="ij")
    old_rows, old_columns = source((grid[0] + grid[2]).ravel(), (grid[1] + grid[3]).ravel())
    new = (grid[0] * width + grid[1]).ravel().astype(np.int64)
    top, left = np.floor(old_rows), np.floor(old_columns)
    new_pixels, old_pixels, weights = [], [], []
    for row in (top, top + 1):
        for column in (left, left + 1):
            weight = (1 - np.abs(old_rows - row)) * (1 - np.abs(old_columns - column)) / samples**2
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width) & (weight > 0)
            new_pixels.append(new[inside])
            old_pixels.append((row * width + column)[inside].astype(np.int64))
            weights.append(weight[inside].astype(np.float32))
    positions = (np.concatenate(new_pixels), np.concatenate(old_pixels))
    return sparse.csr_array((np.concatenate(weights), positions), shape=(height * width, height * width))


def _shift_whole(images: Array, rows: int, columns: int) -> Array:
    height, width = images.shape[1:3]
    moved = np.zeros_like(images)
    if abs(rows) < height and abs(columns) < width:
        to_rows, from_rows = _overlap(rows, height)
        to_columns, from_columns = _overlap(columns, width)
        moved[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return moved


def _overlap(distance: int, size: int) -> tuple[slice, slice]:
    """Which part of an axis is written and which is read, when its content moves by ``distance``."""
    return slice(max(distance, 0), size + min(distance, 0)), slice(max(-distance, 0), size - max(distance, 0))


def _check_number(name: str, value: object) -> None:
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):  # type: ignore[arg-type]
        raise ArgumentError(f"{name} must be a finite number", received=f"{name}={value!r}", advice="Give 1.5, say")

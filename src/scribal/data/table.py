"""CSV tables as on Kaggle: one line an image, its label first, then the pixels of a square image row by row."""

import csv
import math
from pathlib import Path

import numpy as np

from scribal.data.dataset import Array
from scribal.data.sources import check_size, damaged, require_file
from scribal.exceptions import DataError

__all__ = ["TEST_NAMES", "TRAIN_NAMES", "find_table", "read_table"]

TRAIN_NAMES = ("train.csv", "mnist_train.csv")
TEST_NAMES = ("test.csv", "mnist_test.csv")

_WHAT = "A CSV table of images"
_RULE = "A CSV table of images must have a label and then the pixels of a square image, such as 1 + 784 columns"
_LONGEST_LINE = 2**20
_MOST_LABELS = 65_536


def find_table(folder: Path, names: tuple[str, ...]) -> Path | None:
    """Find the first of ``names`` that stands in ``folder``."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def read_table(path: Path) -> tuple[Array, Array]:
    """Read images and labels from a CSV file, with a header line or without.

    Returns:
        Images of shape (n, side, side), uint8 if all are whole numbers in 0..255, else float32; labels, int64, (n,).

    Raises:
        DataError: The file is missing, empty or no table of that form, or a cell is empty or no number.
    """
    import pandas as pd

    stored = require_file(path, _WHAT)
    first = _first_line(path)
    columns = len(first)
    side = math.isqrt(columns - 1) if columns > 1 else 0
    if columns != 1 + side * side or not side:
        raise DataError(
            _RULE,
            received=f"{path}: {columns} columns",
            advice="Put the label first and drop other columns; Kaggle's test.csv has no labels: give train.csv alone",
        )
    check_size(
        stored // (2 * columns) * columns * 4, stored, path, _WHAT
    )  # a cell takes 2 bytes or more, and 4 as float
    try:
        # Named columns are not asked for: pandas would take a column too many for row labels, and shift the others.
        cells = pd.read_csv(
            path, header=None, skiprows=0 if _is_number(first[0]) else 1, dtype=np.float32, encoding="utf-8-sig"
        ).to_numpy()
    except pd.errors.EmptyDataError as error:
        raise DataError(_RULE, received=f"{path}: no line of numbers", advice="Copy or download it again") from error
    except (ValueError, OSError) as error:  # pandas' own errors are ValueErrors
        raise damaged(path, _WHAT, error) from error
    if cells.shape[1] != columns:
        raise damaged(path, _WHAT, f"{columns} columns in its first line, {cells.shape[1]} in the next")
    _check_cells(cells, path)
    labels, pixels = cells[:, 0].astype(np.int64), cells[:, 1:].reshape(-1, side, side)
    whole = pixels.min() >= 0 and pixels.max() <= np.iinfo(np.uint8).max and (pixels == np.rint(pixels)).all()
    return (pixels.astype(np.uint8) if whole else pixels), labels


def _check_cells(cells: Array, path: Path) -> None:
    finite = np.isfinite(cells).all(axis=1)
    if not finite.all():
        raise DataError(
            "Every cell of a CSV table of images must hold a number",
            received=f"{path}: row {int(finite.argmin()) + 1} of the numbers has an empty, infinite or missing cell",
            advice="Fill or drop the row",
        )
    labels = cells[:, 0]
    valid = (labels >= 0) & (labels < _MOST_LABELS) & (labels == np.rint(labels))
    if not valid.all():
        raise DataError(
            "The first column of a CSV table of images must hold class numbers 0, 1, 2, ...",
            received=f"{path}: {labels[valid.argmin()]} in row {int(valid.argmin()) + 1} of the numbers",
            advice="Put the label first, and number the classes from 0",
        )


def _first_line(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline(_LONGEST_LINE)
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(path, _WHAT, error) from error
    if len(line) == _LONGEST_LINE:
        raise damaged(path, _WHAT, f"its first line is longer than {_LONGEST_LINE:,} characters")
    try:
        return next(csv.reader([line]), [])
    except csv.Error as error:
        raise damaged(path, _WHAT, error) from error


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True

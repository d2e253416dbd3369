"""The test pictures that a report shows: behind each cell of the confusion matrix, the worst, the most doubtful."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.runs.evaluation import Evaluation
from scribal.runs.pages import percent, pixels_address
from scribal.runs.report.classes import times

__all__ = ["Cell", "Shown", "cells_of", "doubtful_answers", "matrix_rows", "pixels_of", "worst_mistakes"]

_WORST = 48
_DOUBTFUL = 24
_MOST_OF_WRONG = 24
_MOST_OF_RIGHT = 12
# All cells together; what stands around a picture counts, too.
_MOST_BYTES = 1_300_000
_BYTES_AROUND = 260
_BYTES_OF_CELL = 700
_EXAMPLES = 16
_LARGEST_SIDE = 56
_GREY_AXES = 3


@dataclass(frozen=True)
class Shown:
    """One picture with what is said of it.

    Attributes:
        address: For ``src``.
        caption: What stands below it.
        description: What it is, for who cannot see it or points at it.
    """

    address: str
    caption: str
    description: str


@dataclass(frozen=True)
class Cell:
    """What is behind one cell of the confusion matrix.

    Attributes:
        true: Number of the true class.
        predicted: Number of the predicted class.
        heading: What happened, and how often.
        note: Which of them are shown.
        pictures: Some of them.
    """

    true: int
    predicted: int
    heading: str
    note: str
    pictures: list[Shown]


def pixels_of(images: NDArray[Any]) -> NDArray[np.uint8] | None:
    """Images of a dataset as 8-bit pixels; ``None`` for tables.

    Args:
        images: Shape (n, height, width) or (n, height, width, 3), uint8, or float32 with values up to 1 or to 255.
    """
    if images.ndim < _GREY_AXES:
        return None
    if images.dtype == np.uint8:
        return images
    brightest = 1.0 if images.max(initial=0) <= 1 else 255.0
    return np.asarray(np.clip(images * (255 / brightest), 0, 255), np.uint8)


def worst_mistakes(evaluation: Evaluation, pixels: NDArray[np.uint8]) -> list[Shown]:
    """Wrong answers, the most confident first."""
    wrong = np.flatnonzero(evaluation.predictions != evaluation.labels)
    confidences = evaluation.probabilities.max(axis=1)[wrong]
    order = np.argsort(-confidences, kind="stable")[:_WORST]
    return [_wrong(evaluation, pixels, int(place), with_classes=True) for place in wrong[order]]


def doubtful_answers(evaluation: Evaluation, pixels: NDArray[np.uint8]) -> list[Shown]:
    """Right answers, those with the smallest margin between the two most probable classes first."""
    ranked = np.sort(evaluation.probabilities, axis=1)
    margins = ranked[:, -1] - ranked[:, -2]
    right = np.flatnonzero(evaluation.predictions == evaluation.labels)
    order = np.argsort(margins[right], kind="stable")[:_DOUBTFUL]
    return [_doubtful(evaluation, pixels, int(place)) for place in right[order]]


def cells_of(evaluation: Evaluation, pixels: NDArray[np.uint8]) -> list[Cell]:
    """The pictures behind each cell: of mistakes the most confident, of right answers the least.

    Of very many cells, those with the most answers; so many, and so many pictures in each, that the page stays small.
    """
    confidences = evaluation.probabilities.max(axis=1)
    confusion, names = evaluation.confusion, evaluation.class_names
    most_cells, *most = _affordable(confusion, pixels)
    cells = []
    for true, predicted in _fullest(confusion, most_cells):
        places = np.flatnonzero((evaluation.labels == true) & (evaluation.predictions == predicted))
        is_right = true == predicted
        order = np.argsort(confidences[places] * (1 if is_right else -1), kind="stable")
        shown = places[order[: most[int(is_right)]]]
        take = _right if is_right else _wrong
        what = f"{names[true]} answered right" if is_right else f"{names[true]} taken for {names[predicted]}"
        which = "Those it was least sure of" if is_right else "Those it was most sure of"
        cells.append(
            Cell(
                int(true),
                int(predicted),
                f"{what}: {times(len(places))}",
                f"{which}: {len(shown)} of {len(places):,}." if len(shown) < len(places) else "All of them.",
                [take(evaluation, pixels, int(place)) for place in shown],
            )
        )
    return cells


def _fullest(confusion: NDArray[Any], most: int) -> NDArray[Any]:
    """Places of the cells with the most answers, row by row."""
    filled = np.flatnonzero(confusion)
    kept = np.argsort(-confusion.ravel()[filled], kind="stable")[:most]
    return np.stack(np.divmod(np.sort(filled[kept]), len(confusion)), axis=1)


def _affordable(confusion: NDArray[Any], pixels: NDArray[np.uint8]) -> tuple[int, int, int]:
    """How many cells may have pictures, and how many a cell of wrong and of right answers."""
    examples = pixels[:: max(1, len(pixels) // _EXAMPLES)]
    size = np.mean([len(pixels_address(one, largest_side=_LARGEST_SIDE)) for one in examples]) + _BYTES_AROUND
    room = _MOST_BYTES - np.count_nonzero(confusion) * _BYTES_OF_CELL
    right = confusion.diagonal()
    wrong = confusion[~np.eye(len(confusion), dtype=bool)]
    for most in range(_MOST_OF_WRONG, 0, -1):
        of_right = max(1, most * _MOST_OF_RIGHT // _MOST_OF_WRONG)
        pictures = np.minimum(wrong, most).sum() + np.minimum(right, of_right).sum()
        if pictures * size <= room:
            return confusion.size, most, of_right
    return int(_MOST_BYTES / (size + _BYTES_OF_CELL)), 1, 1


def _wrong(evaluation: Evaluation, pixels: NDArray[np.uint8], place: int, *, with_classes: bool = False) -> Shown:
    true, predicted = (evaluation.class_names[array[place]] for array in (evaluation.labels, evaluation.predictions))
    sure = percent(float(evaluation.probabilities[place].max()))
    description = f"Test image {place}: {true}, taken for {predicted}, {sure} sure"
    return _shown(pixels[place], f"{true} → {predicted} {sure}" if with_classes else sure, description)


def _right(evaluation: Evaluation, pixels: NDArray[np.uint8], place: int) -> Shown:
    sure = percent(float(evaluation.probabilities[place].max()))
    name = evaluation.class_names[evaluation.labels[place]]
    return _shown(pixels[place], sure, f"Test image {place}: {name}, answered right, {sure} sure")


def _doubtful(evaluation: Evaluation, pixels: NDArray[np.uint8], place: int) -> Shown:
    probabilities = evaluation.probabilities[place]
    first, second = (int(number) for number in np.argsort(-probabilities, kind="stable")[:2])
    names = evaluation.class_names
    said = [f"{names[number]} {percent(float(probabilities[number]))}" for number in (first, second)]
    return _shown(pixels[place], "\n".join(said), f"Test image {place}: {names[first]}; {said[0]}, {said[1]}")


def _shown(pixels: NDArray[np.uint8], caption: str, description: str) -> Shown:
    return Shown(pixels_address(pixels, largest_side=_LARGEST_SIDE), caption, description)


def matrix_rows(confusion: NDArray[Any], class_names: Iterable[str], cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """The confusion matrix, row by row: each cell with its count, how strongly it is coloured, and where it leads."""
    linked = {(cell.true, cell.predicted) for cell in cells}
    errors = confusion.copy()
    np.fill_diagonal(errors, 0)
    most = max(int(errors.max(initial=0)), 1)
    return [
        {
            "name": name,
            "total": int(confusion[true].sum()),
            "wrong": int(errors[true].sum()),
            "cells": [
                {
                    "count": int(count),
                    "is_right": true == predicted,
                    # A single mistake among many is still to be seen.
                    "strength": 0 if true == predicted or not count else round(15 + 85 * int(count) / most),
                    "link": f"cell-{true}-{predicted}" if (true, predicted) in linked else None,
                }
                for predicted, count in enumerate(confusion[true])
            ],
        }
        for true, name in enumerate(class_names)
    ]

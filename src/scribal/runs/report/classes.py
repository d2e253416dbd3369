"""Class by class: how much of each is found, and how much of what was taken for it is it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.runs.pages import NOTHING
from scribal.runs.report.intervals import FEWEST, Interval, accuracy_interval

__all__ = ["ClassRow", "class_rows", "frequent_confusions", "times"]

_MOST_CONFUSIONS = 5


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """How one class does. What cannot be said, as of a class that never occurs, is NaN.

    Attributes:
        name: Of the class.
        total: Samples of it.
        wrong: How many of them were taken for another class.
        recall: Fraction of its samples that were found.
        interval: Of the recall.
        precision: Fraction of what was taken for it that is it.
        f1: Harmonic mean of the two.
        taken_for: The class that it is most often taken for.
    """

    name: str
    total: int
    wrong: int
    recall: float
    interval: Interval | None
    precision: float
    f1: float
    taken_for: str


def class_rows(confusion: NDArray[np.integer[Any]], class_names: Sequence[str]) -> list[ClassRow]:
    """Say how each class does; nothing of fewer than 20 samples.

    Args:
        confusion: Counts of shape (classes, classes): row = true class, column = predicted class.
        class_names: One name a class.
    """
    if confusion.sum() < FEWEST:
        return []
    precision, recall, f1 = _scores(confusion)
    rows = []
    for place, (name, counts) in enumerate(zip(class_names, confusion, strict=True)):
        total, right = int(counts.sum()), int(counts[place])
        errors = counts.copy()
        errors[place] = 0
        rows.append(
            ClassRow(
                name=name,
                total=total,
                wrong=total - right,
                recall=float(recall[place]),
                interval=accuracy_interval(right, total),
                precision=float(precision[place]),
                f1=float(f1[place]),
                taken_for=class_names[int(errors.argmax())] if errors.any() else NOTHING,
            )
        )
    return rows


def _scores(confusion: NDArray[np.integer[Any]]) -> tuple[NDArray[Any], ...]:
    from sklearn.metrics import precision_recall_fscore_support

    true, predicted = np.indices(confusion.shape).reshape(2, -1)
    scores = precision_recall_fscore_support(
        true, predicted, labels=range(len(confusion)), sample_weight=confusion.ravel(), zero_division=math.nan
    )
    return tuple(np.asarray(score) for score in scores[:3])


def frequent_confusions(confusion: NDArray[np.integer[Any]], class_names: Sequence[str]) -> list[dict[str, Any]]:
    """Say the most frequent confusions in words, such as "4 taken for 9: 12 times", each with its classes' numbers."""
    errors = confusion.copy()
    np.fill_diagonal(errors, 0)
    # Stable: of equally frequent ones the first in the table comes first.
    order = np.argsort(-errors, axis=None, kind="stable")[:_MOST_CONFUSIONS]
    places = [divmod(int(place), len(errors)) for place in order]
    sentences = []
    for true, predicted in places:
        if errors[true, predicted] > 0:
            often = times(int(errors[true, predicted]))
            sentence = f"{class_names[true]} taken for {class_names[predicted]}: {often}"
            sentences.append({"true": true, "predicted": predicted, "sentence": sentence})
    return sentences


def times(number: int) -> str:
    """How often, in words."""
    return "once" if number == 1 else f"{number:,} times"

"""The tutorials' experiment: the mean of all training images of one digit, moved a little, and what is said of it."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from scribal.data import Dataset
from scribal.data.transforms import shift
from scribal.exceptions import DataError
from scribal.explaining.studies.images import class_number
from scribal.explaining.studies.subjects import Subject
from scribal.explaining.studies.words import joined, per_cent

__all__ = ["LARGEST_SHIFT", "SHOWN", "mean_image", "mean_image_findings", "shifted_mean"]

LARGEST_SHIFT = 8
SHOWN = (-4, -3, -2, -1, 0, 1, 2, 3, 4)
"""The shifts that are shown as pictures, in pixels to the right."""


def mean_image(dataset: Dataset, class_name: str) -> np.ndarray:
    """Average all training images of a class.

    Returns:
        float32 of shape (height, width), 0 to 255.

    Raises:
        UnknownNameError: The dataset has no such class.
        DataError: No training image is of this class.
    """
    images = dataset.x_train[dataset.y_train == class_number(dataset, class_name)]
    if not len(images):
        raise DataError(
            "There must be training images of the class whose mean is moved",
            received=f"none of {class_name} in {dataset.name}",
            advice="Choose another --digit",
        )
    mean: np.ndarray = images.mean(axis=0, dtype=np.float64)
    return mean.astype(np.float32)


def shifted_mean(subjects: Sequence[Subject], mean: np.ndarray, dataset: Dataset, class_name: str) -> pd.DataFrame:
    """Ask every subject for the mean image, moved left and right by 0 to 8 pixels.

    Returns:
        One row for each subject and shift: ``subject``, ``columns`` (pixels to the right), ``answer`` (a class's name),
        ``confidence`` (its probability) and ``probability`` (of the image's own class).
    """
    distances = range(-LARGEST_SHIFT, LARGEST_SHIFT + 1)
    moved = np.concatenate([shift(mean[None], 0, distance) for distance in distances])
    own = dataset.class_names.index(class_name)
    rows = []
    for subject in subjects:
        answers = subject.answers(moved)
        for distance, answer, probabilities in zip(distances, answers.classes, answers.probabilities, strict=True):
            rows.append(
                {
                    "subject": subject.name,
                    "columns": distance,
                    "answer": dataset.class_names[answer],
                    "confidence": float(probabilities[answer]),
                    "probability": float(probabilities[own]),
                }
            )
    return pd.DataFrame(rows)


def mean_image_findings(table: pd.DataFrame, class_name: str) -> list[str]:
    """Say what each subject makes of the mean image: in place, one pixel to the left, two and three to the right."""
    findings = []
    for name, rows in table.groupby("subject", sort=False):
        at = {row["columns"]: row for row in rows.to_dict("records")}
        places = {-1: "one pixel to the left", 2: "two to the right", 3: "three to the right"}
        moved = [f"{_said(at[columns], class_name)} {words}" for columns, words in places.items()]
        findings.append(
            f"{name} gives the mean of all training images of {class_name} a probability of "
            f"{per_cent(at[0]['probability'])} to be a {class_name}; moved, {joined(moved)}."
        )
    return findings


def _said(row: dict[Hashable, Any], class_name: str) -> str:
    if row["answer"] == class_name:
        return per_cent(row["probability"])
    return f"{per_cent(row['probability'])} (it answers {row['answer']}, sure to {per_cent(row['confidence'])})"

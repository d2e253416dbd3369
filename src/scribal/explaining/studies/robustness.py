"""How networks stand changed images: shifts both ways, rotations, scales, and the corruptions of MNIST-C."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

from scribal.data import transforms
from scribal.data.corruptions import CORRUPTIONS, corrupt
from scribal.explaining.studies.subjects import Subject
from scribal.runs.counting import counted

__all__ = [
    "LARGEST_SHIFT",
    "ROTATIONS",
    "SCALES",
    "mean_corruption_error",
    "measure_corruptions",
    "measure_rotations",
    "measure_scales",
    "measure_shifts",
]

LARGEST_SHIFT = 8
ROTATIONS = tuple(range(-45, 46, 5))
SCALES = tuple(round(0.5 + 0.1 * step, 1) for step in range(12))
_CHANGES = {"degrees": "rotations", "factor": "sizes", "corruption": "kinds of corruption, none among them,"}

Tell = Callable[[str], None]


def measure_shifts(subjects: Sequence[Subject], images: np.ndarray, labels: np.ndarray, tell: Tell) -> pd.DataFrame:
    """Accuracy and mean confidence for every shift of up to 8 pixels along both axes.

    Args:
        subjects: Who is asked.
        images: Raw images of shape (n, height, width).
        labels: Their classes, of shape (n,).
        tell: Told which subject is asked.

    Returns:
        One row for each subject and shift: ``subject``, ``rows`` (pixels downwards), ``columns`` (to the right),
        ``accuracy`` and ``confidence``.
    """
    distances = range(-LARGEST_SHIFT, LARGEST_SHIFT + 1)
    shifts = [(rows, columns) for rows in distances for columns in distances]
    measured = []
    for subject in subjects:
        tell(f"{subject.name}: {len(shifts)} shifts of {counted(len(images), 'image')}")
        changes = ((f"{rows} {columns}", transforms.shift(images, rows, columns)) for rows, columns in shifts)
        table = _measured(subject, changes, labels)
        table[["rows", "columns"]] = shifts
        measured.append(table[["subject", "rows", "columns", "accuracy", "confidence"]])
    return pd.concat(measured, ignore_index=True)


def measure_rotations(subjects: Sequence[Subject], images: np.ndarray, labels: np.ndarray, tell: Tell) -> pd.DataFrame:
    """The same for rotations by up to 45 degrees; column ``degrees``, anticlockwise."""
    turned = [(degrees, transforms.rotate(images, degrees)) for degrees in ROTATIONS]
    return _measured_all(subjects, turned, labels, "degrees", tell)


def measure_scales(subjects: Sequence[Subject], images: np.ndarray, labels: np.ndarray, tell: Tell) -> pd.DataFrame:
    """The same for sizes of 0.5 to 1.6; column ``factor``."""
    scaled = [(factor, transforms.scale(images, factor)) for factor in SCALES]
    return _measured_all(subjects, scaled, labels, "factor", tell)


def measure_corruptions(
    subjects: Sequence[Subject], images: np.ndarray, labels: np.ndarray, seed: int, tell: Tell
) -> pd.DataFrame:
    """The same for each corruption of MNIST-C, at the severity it is published with; column ``corruption``.

    The images as they are come first, as ``none``.
    """
    corrupted = [("none", images), *((name, corrupt(images, name, seed=seed)) for name in CORRUPTIONS)]
    return _measured_all(subjects, corrupted, labels, "corruption", tell)


def mean_corruption_error(table: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Give each subject's mean corruption error, after Hendrycks and Dietterich (ICLR 2019, arXiv:1903.12261).

    Its error on each corruption is divided by the baseline's; the mean over the corruptions is the mean corruption
    error, 1 for the baseline. MNIST-C has one severity of each corruption, so there is no sum over severities.

    Args:
        table: As :func:`measure_corruptions` gives it.
        baseline: A subject.

    Returns:
        One row a subject: ``subject``, ``clean_error``, ``mean_error`` (over the corruptions) and
        ``mean_corruption_error``, which is not a number where the baseline makes no mistake at all on a corruption.
    """
    errors = table.assign(error=1 - table["accuracy"]).pivot_table(
        index="subject", columns="corruption", values="error", sort=False
    )
    corrupted = errors.drop(columns="none")
    of_baseline = corrupted.loc[baseline].to_numpy(dtype=np.float64)
    ratios = corrupted.div(np.where(of_baseline > 0, of_baseline, np.nan), axis="columns")
    return pd.DataFrame(
        {
            "subject": errors.index,
            "clean_error": errors["none"].to_numpy(),
            "mean_error": corrupted.mean(axis=1).to_numpy(),
            "mean_corruption_error": ratios.mean(axis="columns", skipna=False).to_numpy(),
        }
    )


def _measured_all(
    subjects: Sequence[Subject],
    changed: Sequence[tuple[object, np.ndarray]],
    labels: np.ndarray,
    column: str,
    tell: Tell,
) -> pd.DataFrame:
    measured = []
    for subject in subjects:
        tell(f"{subject.name}: {len(changed)} {_CHANGES[column]} of {counted(len(labels), 'image')}")
        measured.append(_measured(subject, changed, labels).rename(columns={"change": column}))
    return pd.concat(measured, ignore_index=True)


def _measured(subject: Subject, changed: Iterable[tuple[object, np.ndarray]], labels: np.ndarray) -> pd.DataFrame:
    rows = []
    for change, images in changed:
        answers = subject.answers(images)
        rows.append(
            {
                "subject": subject.name,
                "change": change,
                "accuracy": answers.accuracy(labels),
                "confidence": answers.confidence,
            }
        )
    return pd.DataFrame(rows)

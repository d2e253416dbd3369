"""What the packed model reaches: accuracy, corruptions, calibration, and how well it tells digits from all else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from scribal.data import load_dataset
from scribal.data.corruptions import CORRUPTIONS, corrupt
from scribal.data.dataset import Array
from scribal.reading.recognition import Recogniser

__all__ = ["Figures", "calibration_error", "corruption_errors", "measure", "measure_rejection"]

BINS = 15
_SEED = 0


@dataclass(frozen=True)
class Figures:
    """What was measured on MNIST's test images and on what is no digit.

    Attributes:
        accuracy: On the test images.
        calibration_error: The expected calibration error on them, in 15 bins.
        rejected: The share of them that is rejected.
        errors: For each corruption, the share of wrong answers of each model.
        rejection: For each kind of what is no digit, area under the curve and the share that is rejected.
    """

    accuracy: float
    calibration_error: float
    rejected: float
    errors: pd.DataFrame
    rejection: pd.DataFrame


def calibration_error(probabilities: Array, labels: Array) -> float:
    """The expected calibration error (C. Guo et al., ICML 2017, section 2), in 15 bins."""
    confidences, is_right = probabilities.max(axis=1).astype(np.float64), probabilities.argmax(axis=1) == labels
    places = np.clip(np.ceil(confidences * BINS).astype(int) - 1, 0, BINS - 1)
    return float(
        sum(
            (inside := places == place).mean() * abs(is_right[inside].mean() - confidences[inside].mean())
            for place in np.unique(places)
        )
    )


def corruption_errors(models: Mapping[str, Recogniser], images: Array, labels: Array) -> pd.DataFrame:
    """Share of wrong answers: a row for each of MNIST-C's corruptions, a column for each model."""
    rows = {}
    for name in CORRUPTIONS:
        corrupted = corrupt(images, name, seed=_SEED)
        rows[name] = {
            model: float((recogniser.recognise(corrupted).probabilities.argmax(axis=1) != labels).mean())
            for model, recogniser in models.items()
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def measure_rejection(recogniser: Recogniser, digits: Array, others: Mapping[str, Array]) -> pd.DataFrame:
    """For each kind, and for all but the look-alikes: area under the receiver operating curve, and share rejected."""
    scores = recogniser.recognise(digits).reject_scores
    found = {name: recogniser.recognise(pictures) for name, pictures in others.items()}
    together = [answer.reject_scores for name, answer in found.items() if name != "look-alikes"]
    rows = {name: _row(scores, answer.reject_scores, recogniser.threshold) for name, answer in found.items()}
    rows["all but look-alikes"] = _row(scores, np.concatenate(together), recogniser.threshold)
    return pd.DataFrame.from_dict(rows, orient="index")


def _row(digits: Array, others: Array, threshold: float) -> dict[str, float]:
    truth = np.concatenate([np.zeros(len(digits)), np.ones(len(others))])
    area = roc_auc_score(truth, np.concatenate([digits, others]))
    return {"auroc": float(area), "rejected": float((others > threshold).mean())}


def measure(recogniser: Recogniser, baselines: Mapping[str, Any], others: Mapping[str, Array]) -> Figures:
    """Measure a model on MNIST's test images; nothing is chosen by what comes out.

    Args:
        recogniser: The model.
        baselines: Models to compare the errors on corruptions with, by name.
        others: What shows no digit, by kind.
    """
    mnist = load_dataset("mnist")
    answer = recogniser.recognise(mnist.x_test)
    models = {"reader": recogniser, **{name: Recogniser.of(model) for name, model in baselines.items()}}
    return Figures(
        accuracy=float((answer.probabilities.argmax(axis=1) == mnist.y_test).mean()),
        calibration_error=calibration_error(answer.probabilities, mnist.y_test),
        rejected=float(answer.rejected.mean()),
        errors=corruption_errors(models, mnist.x_test, mnist.y_test),
        rejection=measure_rejection(recogniser, mnist.x_test, others),
    )

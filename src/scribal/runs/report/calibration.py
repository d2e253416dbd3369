"""Whether answers that are 90 % sure are right nine times in ten.

C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 2:
answers are put into M = 15 bins of equal width by their confidence, the probability of the class that is answered. In
bin m, acc is the fraction of right answers and conf their mean confidence. The expected calibration error is
sum over m of n_m / n * |acc_m - conf_m|.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scribal.runs.evaluation import Evaluation
from scribal.runs.pages import Chart, Line, fraction_axis, lay_out_chart, percent
from scribal.runs.report.intervals import Interval, accuracy_interval

__all__ = ["BINS", "Bin", "Calibration", "calibration_chart", "calibration_of"]

BINS = 15
_FEWEST_ANSWERS = 100


@dataclass(frozen=True)
class Bin:
    """The answers of about the same confidence.

    Attributes:
        count: How many there are.
        confidence: Their mean confidence.
        accuracy: The fraction of them that is right.
        interval: Of the accuracy; ``None`` for very few answers.
    """

    count: int
    confidence: float
    accuracy: float
    interval: Interval | None


@dataclass(frozen=True)
class Calibration:
    """How sure a network is, and how right.

    Attributes:
        error: The expected calibration error, 0 to 1.
        confidence: Mean confidence of all answers.
        bins: Those that are not empty, by rising confidence.
    """

    error: float
    confidence: float
    bins: Sequence[Bin]


def calibration_of(evaluation: Evaluation) -> Calibration | None:
    """How well confidence agrees with accuracy; ``None`` for fewer than 100 answers."""
    total = len(evaluation.labels)
    confidences = evaluation.probabilities.max(axis=1).astype(np.float64)
    if total < _FEWEST_ANSWERS or not np.isfinite(confidences).all():
        return None
    is_right = evaluation.predictions == evaluation.labels
    # A bin is open below and closed above, as in the paper.
    places = np.clip(np.ceil(confidences * BINS).astype(int) - 1, 0, BINS - 1)
    bins = []
    for place in np.unique(places):
        inside = places == place
        count, right = int(inside.sum()), int(is_right[inside].sum())
        bins.append(Bin(count, float(confidences[inside].mean()), right / count, accuracy_interval(right, count)))
    error = sum(one.count / total * abs(one.accuracy - one.confidence) for one in bins)
    return Calibration(error, float(confidences.mean()), bins)


def calibration_chart(calibration: Calibration) -> Chart:
    """Draw accuracy over confidence; on the diagonal a network is as right as it is sure."""
    bins = calibration.bins
    intervals = [one.interval or Interval(one.accuracy, one.accuracy) for one in bins]
    notes = [
        f"{percent(one.accuracy)} right"
        + ("" if one.interval is None else f" ({100 * one.interval.low:.1f} to {100 * one.interval.high:.1f})")
        for one in bins
    ]
    counts = {one.confidence: one.count for one in bins}
    return lay_out_chart(
        "Right answers by confidence",
        [
            Line(
                name="",
                x=[one.confidence for one in bins],
                y=[one.accuracy for one in bins],
                low=[interval.low for interval in intervals],
                high=[interval.high for interval in intervals],
                notes=notes,
                joined=False,
            ),
            Line(name="as right as it is sure", x=(0, 1), y=(0, 1), is_guide=True),
        ],
        fraction_axis(),
        fraction_axis(),
        x_name="mean confidence",
        x_heading=lambda x: f"{percent(x)} sure, {counts[x]:,} answers",
    )

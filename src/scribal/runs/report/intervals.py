"""How far an accuracy may be off because the test set is only so large."""

from dataclasses import dataclass

__all__ = ["CONFIDENCE", "FEWEST", "Interval", "accuracy_interval", "wilson_interval"]

CONFIDENCE = 0.95
# Of fewer samples an interval says nothing but that they are few.
FEWEST = 20


@dataclass(frozen=True)
class Interval:
    """An interval that holds the true value with 95 % confidence.

    Attributes:
        low: Its lower end, 0 to 1.
        high: Its upper end.
    """

    low: float
    high: float


def accuracy_interval(right: int, total: int) -> Interval | None:
    """The interval of a fraction of right answers; ``None`` for fewer than 20 of them."""
    return wilson_interval(right, total) if total >= FEWEST else None


def wilson_interval(right: int, total: int) -> Interval:
    """The interval of a fraction of right answers, however few.

    Wilson's score interval, which stays within 0 and 1 and is right near both, where accuracies are: E. B. Wilson,
    "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927); recommended by Brown, Cai
    and DasGupta, "Interval Estimation for a Binomial Proportion", Statistical Science 16 (2001).
    """
    from scipy.stats import binomtest

    found = binomtest(right, total).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))

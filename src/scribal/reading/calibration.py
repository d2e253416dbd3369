"""What makes confidence honest, and where it is too low for a digit: both are fitted on held-out data."""

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["fit_temperature", "threshold_for"]

_COLDEST, _HOTTEST = 0.05, 20.0


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    """Find the temperature that makes the right classes of held-out samples most likely.

    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2.

    Args:
        logits: Of shape (n, classes).
        labels: The right classes, of shape (n,).

    Returns:
        What to divide logits by; above 1 for a network that is too sure of itself.
    """
    from scipy import optimize, special

    values, right = np.asarray(logits, dtype=np.float64), np.asarray(labels)

    def mean_loss(logarithm: float) -> float:
        shares = special.log_softmax(values / np.exp(logarithm), axis=1)
        return float(-shares[np.arange(len(right)), right].mean())

    found = optimize.minimize_scalar(
        mean_loss, bounds=(np.log(_COLDEST), np.log(_HOTTEST)), method="bounded", options={"xatol": 1e-4}
    )
    return float(np.exp(found.x))


def threshold_for(scores: ArrayLike, rejected: float) -> float:
    """Find the reject score above which so many of held-out digits are rejected, and no more.

    Args:
        scores: Reject scores of digits, of shape (n,).
        rejected: The share of them, such as 0.01.
    """
    return float(np.quantile(np.asarray(scores, dtype=np.float64), 1 - rejected, method="higher"))

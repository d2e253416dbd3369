"""Whether one of two networks is better than the other, or chance has chosen the test set."""

__all__ = ["mcnemar"]


def mcnemar(only_first: int, only_second: int) -> float:
    """The probability that two equally good networks differ as much or more.

    Pictures that both get right, or both wrong, say nothing. Of the others, equally good networks would each get half:
    the exact, binomial form of Q. McNemar, "Note on the Sampling Error of the Difference between Correlated Proportions
    or Percentages", Psychometrika 12 (1947); advised for networks that were trained once by T. G. Dietterich,
    "Approximate Statistical Tests for Comparing Supervised Classification Learning Algorithms", Neural Computation 10
    (1998). It says nothing about other trainings of the same networks, such as with another seed.

    Args:
        only_first: How many only the first gets right.
        only_second: How many only the second gets right.
    """
    if only_first == only_second:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(only_first, only_first + only_second).pvalue)

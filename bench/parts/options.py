"""What all measurements are told, and how they compare."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.console import Console

from bench.workloads import Workload

__all__ = ["Figures", "Options", "median_ratio"]

Figures = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """What to measure and how often.

    Attributes:
        rounds: How often each contestant takes its turn.
        only: Names of workloads; empty for all.
        samples: Training and test samples to keep, for a trial; None for all.
        everybody: Whether settings that were hopeless in an earlier run take part again.
        known: Results so far, of this run and of earlier ones.
        console: Where to tell of progress.
    """

    rounds: int
    only: Collection[str]
    samples: int | None
    everybody: bool
    known: Figures
    console: Console

    def chosen(self, workloads: Iterable[Workload]) -> list[Workload]:
        """Those of the workloads that are to be measured."""
        return [workload for workload in workloads if not self.only or workload.name in self.only]


def median_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> tuple[float, float, float]:
    """Median, least and greatest ratio of figures taken in the same rounds."""
    ratios = sorted(above / below for above, below in zip(numerators, denominators, strict=False))
    return median(ratios), ratios[0], ratios[-1]

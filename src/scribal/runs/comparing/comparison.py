"""Several runs, what differs between them, and each pair on the same test set."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribal.exceptions import ArgumentError
from scribal.runs.comparing.compared import ComparedRun, read_run
from scribal.runs.comparing.mcnemar import mcnemar
from scribal.runs.loading import as_path

__all__ = ["Comparison", "Pair", "compare"]

_CHANCE = 0.05
_FEWEST_RUNS = 2


@dataclass(frozen=True)
class Pair:
    """Two runs on the same test set.

    Attributes:
        first: Name of the run with the higher accuracy.
        second: Name of the other.
        only_first: How many samples only the first gets right.
        only_second: How many only the second gets right.
        p: The probability of such a difference, or a larger one, between equally good networks, by McNemar's test.
    """

    first: str
    second: str
    only_first: int
    only_second: int
    p: float

    @property
    def is_told_apart(self) -> bool:
        """Whether chance would do that less often than once in twenty."""
        return self.p < _CHANCE

    @property
    def counts(self) -> str:
        """How many only one of them gets right, in words."""
        return f"Only {self.first} gets {self.only_first:,} right, only {self.second} {self.only_second:,}"

    @property
    def verdict(self) -> str:
        """What that means."""
        return f"{self.first} is better than {self.second}" if self.is_told_apart else "the difference may be chance"

    @property
    def chance(self) -> str:
        """``p`` in words."""
        return "p < 0.0001" if self.p < 1e-4 else f"p = {self.p:.2g}"  # noqa: PLR2004 - smaller ones mean the same


@dataclass(frozen=True)
class Comparison:
    """Runs side by side.

    Attributes:
        runs: The runs, in the order in which they were given.
        differences: What they were told differently: a value for each run, by its name.
        pairs: Each two runs with the same test set.
    """

    runs: Sequence[ComparedRun]
    differences: dict[str, list[str]]
    pairs: Sequence[Pair]

    def describe(self) -> dict[str, Any]:
        """The comparison as plain values for JSON."""
        return {
            "runs": [
                {
                    "run": str(run.path),
                    "name": run.name,
                    "status": run.status,
                    "test_accuracy": run.accuracy,
                    "interval": None if run.interval is None else [run.interval.low, run.interval.high],
                    "test_errors": len(run.wrong),
                    "test_samples": run.test_samples,
                    "parameters": run.parameters,
                    "epochs": run.epochs,
                    "seconds": run.seconds,
                }
                for run in self.runs
            ],
            "differences": self.differences,
            "pairs": [
                {
                    "first": pair.first,
                    "second": pair.second,
                    "only_first_right": pair.only_first,
                    "only_second_right": pair.only_second,
                    "p": pair.p,
                }
                for pair in self.pairs
            ],
        }


def compare(runs: Sequence[Any], *, out: str | Path | None = None) -> Comparison:
    """Compare complete runs: accuracies with intervals, McNemar's test of each pair, settings that differ, histories.

    Args:
        runs: Two runs or more, or their folders.
        out: Where to write a page about it; none by default.

    Raises:
        ArgumentError: There are fewer than two runs, or one is given twice.
        RunError: A folder holds no complete run, or the page cannot be written.
    """
    paths = [as_path(run) for run in runs]
    if len(paths) < _FEWEST_RUNS or len({path.resolve() for path in paths}) < len(paths):
        raise ArgumentError(
            "A comparison is of two different runs or more",
            received=", ".join(map(str, paths)) or "none",
            advice="Give their folders, such as runs/lenet runs/mlp",
        )
    compared = [read_run(path, name) for path, name in zip(paths, _names(paths), strict=True)]
    pairs = [
        _pair(*sorted(two, key=lambda run: -run.accuracy))
        for two in itertools.combinations(compared, 2)
        if two[0].dataset == two[1].dataset
    ]
    comparison = Comparison(compared, _differences(compared), pairs)
    if out is not None:
        from scribal.runs.comparing.page import write_comparison

        write_comparison(comparison, Path(out))
    return comparison


def _names(paths: Sequence[Path]) -> list[str]:
    """The folders' names, or their paths where two have the same name."""
    names = [path.resolve().name for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


def _differences(runs: Sequence[ComparedRun]) -> dict[str, list[str]]:
    terms = dict.fromkeys(term for run in runs for term in run.settings)
    values = {term: [run.settings.get(term, "") for run in runs] for term in terms}
    return {term: told for term, told in values.items() if len(set(told)) > 1}


def _pair(first: ComparedRun, second: ComparedRun) -> Pair:
    only_first, only_second = len(second.wrong - first.wrong), len(first.wrong - second.wrong)
    return Pair(first.name, second.name, only_first, only_second, mcnemar(only_first, only_second))

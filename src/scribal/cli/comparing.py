"""``scribal compare``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from scribal.runs import Comparison

__all__ = ["compare"]


def compare(
    runs: Annotated[list[Path], typer.Argument(help="The folders of two complete runs or more.")],
    *,
    out: Annotated[Path, typer.Option(help="Where to write the page; an earlier one is replaced.")] = Path(
        "comparison.html"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare runs: accuracies with intervals, whether a difference can be chance, settings that differ, histories."""
    from scribal import runs as rooms

    comparison = rooms.compare(runs, out=out)
    if as_json:
        print(json.dumps(comparison.describe(), ensure_ascii=False))
        return
    from rich.console import Console

    console = Console()
    _print(_results(comparison), console)
    if comparison.differences:
        console.print()
        _print(_differences(comparison), console)
    for pair in comparison.pairs:
        sentence = f"{pair.counts}; {pair.verdict} ({pair.chance})."
        console.print(f"\n{sentence}", highlight=False, markup=False, soft_wrap=True)
    page = f"The page is in {out}; open it in a browser."
    console.print(f"\n{page}", highlight=False, markup=False, soft_wrap=True)


def _results(comparison: "Comparison") -> "Table":
    from rich.table import Table

    table = Table("run", box=None, pad_edge=False)
    for column in ("accuracy", "95 % interval", "wrong", "parameters", "epochs", "seconds"):
        table.add_column(column, justify="right")
    for run in comparison.runs:
        between = "" if run.interval is None else f"{run.interval.low:.2%} to {run.interval.high:.2%}"
        wrong = f"{len(run.wrong):,} of {run.test_samples:,}"
        numbers = (f"{run.parameters:,}", f"{run.epochs:,}", f"{run.seconds:.1f}")
        table.add_row(run.name, f"{run.accuracy:.2%}", between, wrong, *numbers)
    return table


def _differences(comparison: "Comparison") -> "Table":
    from rich.table import Table

    table = Table("what differs", *(run.name for run in comparison.runs), box=None, pad_edge=False)
    for term, values in comparison.differences.items():
        table.add_row(term, *values)
    return table


def _print(table: "Table", console: "Console") -> None:
    for column in table.columns:
        column.no_wrap = True
    # Wider than the terminal rather than cut off: a table is also read by grep.
    console.width = max(console.width, console.measure(table).maximum)
    console.print(table, highlight=False, markup=False)

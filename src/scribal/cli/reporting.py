"""``scribal report``."""

from pathlib import Path
from typing import Annotated

import typer

from scribal.exceptions import ArgumentError

__all__ = ["report"]


def report(
    run: Annotated[Path, typer.Argument(help="The folder of a complete run.")],
    *,
    data: Annotated[
        str | None, typer.Option(help="The dataset that it was trained on, if it is elsewhere now or was in memory.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the page; the run's report.html by default.")] = None,
    label_errors: Annotated[
        bool,
        typer.Option(
            "--label-errors", help="Look for wrong labels first: it trains as often as there are folds, and takes long."
        ),
    ] = False,
    folds: Annotated[int | None, typer.Option(help="Parts of the training set for that; 5 by default.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs of each of these trainings; the run's by default.")] = None,
) -> None:
    """Write the report of a run anew: what this version says of it, and how quickly it answers here and now."""
    from scribal import runs

    if not label_errors and (folds is not None or epochs is not None):
        raise ArgumentError(
            "--folds and --epochs are for the search for wrong labels",
            received=f"--folds {folds}" if folds is not None else f"--epochs {epochs}",
            advice="Give --label-errors, too",
        )
    from rich.console import Console

    console = Console()

    def say(line: str) -> None:
        console.print(line, highlight=False, markup=False, soft_wrap=True)

    if label_errors:
        found = runs.find_label_errors(
            run,
            data=data,
            folds=runs.FOLDS if folds is None else folds,
            epochs=epochs,
            progress=runs.progress_for(console),
        )
        say(f"{len(found):,} labels are likely wrong; all are in {run / 'label_errors.csv'}")
    say(f"The report is in {runs.renew_report(run, data=data, out=out)}; open it in a browser.")

"""The report of a run that has ended, written anew."""

from pathlib import Path
from typing import Any

from scribal.models import describe
from scribal.runs.evaluation import evaluate_arrays
from scribal.runs.recorded import load_recorded
from scribal.runs.report.gathering import report_of
from scribal.runs.report.writing import write_report
from scribal.runs.speed import measure_speed

__all__ = ["renew_report"]


def renew_report(run: Any, *, data: Any = None, out: Path | None = None) -> Path:
    """Write the report of a complete run anew: what this version says of it, and how quickly it answers here and now.

    Args:
        run: A run, or its folder; of an earlier version, too.
        data: Its dataset, if that was only in memory.
        out: The page; by default the run's ``report.html``.

    Returns:
        Where the page is.

    Raises:
        RunError: The folder is no complete run, the data are not those that it was trained on, or the page cannot be
            written.
    """
    recorded = load_recorded(run, data)
    loaded, dataset = recorded.loaded, recorded.dataset
    engine = "keras" if recorded.metrics.get("engine") == "keras" else "auto"
    evaluation = evaluate_arrays(loaded, dataset.x_test, dataset.y_test, engine=engine)
    path = recorded.folder / "report.html" if out is None else out
    write_report(
        report_of(
            recorded.folder,
            recorded.run,
            recorded.metrics,
            history=recorded.history,
            evaluation=evaluation,
            data=dataset,
            layers=describe(loaded.model),
            speed=measure_speed(loaded, dataset.x_test, evaluation.engine),
        ),
        path,
    )
    return path

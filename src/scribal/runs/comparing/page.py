"""A comparison becomes a page."""

from pathlib import Path

from scribal.runs.comparing.comparison import Comparison
from scribal.runs.pages import write_page
from scribal.runs.report.history import measure_chart

__all__ = ["write_comparison"]

_TEMPLATE = Path(__file__).with_name("comparison.html.jinja")
_MEASURES = {
    "validation accuracy": "val_accuracy",
    "training accuracy": "accuracy",
    "validation loss": "val_loss",
    "training loss": "loss",
}


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write one HTML page that holds everything, whole or not at all.

    Raises:
        RunError: It cannot be written.
    """
    charts = (
        measure_chart(name, {run.name: (run.history, column) for run in comparison.runs})
        for name, column in _MEASURES.items()
    )
    best = max(run.accuracy for run in comparison.runs)
    write_page(
        path,
        _TEMPLATE,
        comparison=comparison,
        best=best,
        charts=[chart for chart in charts if chart is not None],
        others=len({run.dataset for run in comparison.runs}) > 1,
    )

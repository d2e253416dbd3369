"""How a run learned, as charts: loss and accuracy over the epochs."""

from typing import TYPE_CHECKING

import numpy as np

from scribal.runs.pages import Chart, Line, lay_out_chart, number, number_axis, percent, percent_axis, whole_axis

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["history_charts", "measure_chart"]

_MEASURES = ("loss", "accuracy")


def history_charts(history: "pd.DataFrame | None") -> list[Chart]:
    """A chart of the loss and one of the accuracy, as far as they were recorded."""
    if history is None or len(history) == 0:
        return []
    charts = (
        measure_chart(measure, {"training": (history, measure), "validation": (history, f"val_{measure}")})
        for measure in _MEASURES
    )
    return [chart for chart in charts if chart is not None]


def measure_chart(name: str, curves: "Mapping[str, tuple[pd.DataFrame, str]]") -> Chart | None:
    """A chart of one measure over the epochs; ``None`` where it was not recorded.

    Args:
        name: What it shows; with "accuracy" in it, fractions that are written as percentages.
        curves: A history and its column, by the name of the curve.
    """
    lines = []
    for curve, (history, column) in curves.items():
        if column not in history.columns:
            continue
        values = history[column].to_numpy(dtype=np.float64, na_value=np.nan)
        if np.isfinite(values).any():
            lines.append(Line(name=curve, x=history["epoch"].tolist(), y=values.tolist()))
    if not lines:
        return None
    is_fraction = "accuracy" in name
    recorded = [value for line in lines for value in line.y]
    return lay_out_chart(
        name,
        lines,
        whole_axis(epoch for line in lines for epoch in line.x),
        percent_axis(recorded) if is_fraction else number_axis(recorded),
        x_name="epoch",
        x_heading=lambda epoch: f"epoch {round(epoch):,}",
        say=percent if is_fraction else number,
    )

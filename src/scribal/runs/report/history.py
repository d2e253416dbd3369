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
    curves = dict.fromkeys(("training", "validation"), history)
    charts = (measure_chart(measure, curves) for measure in _MEASURES)
    return [chart for chart in charts if chart is not None]


def measure_chart(measure: str, histories: "Mapping[str, pd.DataFrame]") -> Chart | None:
    """A chart of one measure over the epochs; ``None`` where it was not recorded.

    Args:
        measure: A column of the histories. Of the history called "validation" it is the column for validation.
        histories: By the name of their curve.
    """
    lines = []
    for name, history in histories.items():
        column = f"val_{measure}" if name == "validation" else measure
        if column not in history.columns:
            continue
        values = history[column].to_numpy(dtype=np.float64, na_value=np.nan)
        if np.isfinite(values).any():
            lines.append(Line(name=name, x=history["epoch"].tolist(), y=values.tolist()))
    if not lines:
        return None
    is_fraction = "accuracy" in measure
    recorded = [value for line in lines for value in line.y]
    return lay_out_chart(
        measure,
        lines,
        whole_axis(epoch for line in lines for epoch in line.x),
        percent_axis(recorded) if is_fraction else number_axis(recorded),
        x_name="epoch",
        x_heading=lambda epoch: f"epoch {round(epoch):,}",
        say=percent if is_fraction else number,
    )

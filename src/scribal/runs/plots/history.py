"""How a run learned: loss and accuracy over the epochs, for training and validation."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scribal.runs.plots import style
from scribal.runs.plots.lettering import bold_font, font_families

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# In inches.
_WIDTH = 6.6
_CURVES_LEFT = 0.78
_CURVES_RIGHT = 0.86
_CURVES_HEIGHT = 2.15
_PANEL_HEADING = 0.32
_PANEL_TICKS = 0.34
_EPOCH_NAME = 0.2
# What a line of small type takes, in points.
_LINE_HEIGHT = 13.0
_POINTS_PER_INCH = 72

_MOST_MARKED_EPOCHS = 30
_MOST_TICKS = 8
_ROUND_STEPS = (1, 2, 5, 10)
# From this ratio of the largest to the smallest loss, a linear axis shows only the first few epochs.
_LOGARITHMIC_FROM = 50.0
_SMALLEST_ACCURACY_RANGE = 0.004


def plot_history(history: "pd.DataFrame", path: Path, title: str) -> None:
    """Draw loss and accuracy over the epochs, one panel each, and write them to ``path`` as PNG.

    Args:
        history: One row an epoch. Column ``epoch`` counts from 1; ``loss``, ``accuracy``, ``val_loss`` and
            ``val_accuracy`` may each be missing, and a value that is no finite number leaves a gap.
        path: Where the picture goes.
        title: Heads the picture.
    """
    with_accuracy = any(name in history.columns for name in ("accuracy", "val_accuracy"))
    measures = ("loss", "accuracy") if with_accuracy else ("loss",)
    panel_height = _PANEL_HEADING + _CURVES_HEIGHT + _PANEL_TICKS
    height = style.TITLE_HEIGHT + panel_height * len(measures) + _EPOCH_NAME + style.MARGIN / 2
    figure = style.new_figure(_WIDTH, height, title)
    epochs = history["epoch"].to_numpy(dtype=np.float64)
    for number, measure in enumerate(measures):
        top = style.TITLE_HEIGHT + number * panel_height + _PANEL_HEADING
        panel = style.place_axes(figure, _CURVES_LEFT, top, _WIDTH - _CURVES_LEFT - _CURVES_RIGHT, _CURVES_HEIGHT)
        curves = {
            name: _finite(history[column])
            for name, column in (("training", measure), ("validation", f"val_{measure}"))
            if column in history.columns
        }
        _draw_panel(panel, measure, epochs, curves)
        if measure == measures[-1]:
            panel.set_xlabel("epoch", fontsize=style.TEXT_SIZE, fontfamily=font_families(), color=style.INK)
    style.save_figure(figure, path)


def _finite(column: "pd.Series[float]") -> NDArray[np.float64]:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _draw_panel(
    axes: "Axes", measure: str, epochs: NDArray[np.float64], curves: dict[str, NDArray[np.float64]]
) -> None:
    _put_heading(axes, measure)
    curves = {name: values for name, values in curves.items() if np.isfinite(values).any()}
    if not curves:
        style.put_notice(axes, "no epoch is finished yet" if len(epochs) == 0 else f"no {measure} was recorded")
        style.hide_ticks(axes)
        return
    colours = {"training": style.TRAINING, "validation": style.VALIDATION}
    marks = {"training": "o", "validation": "s"}
    few = len(epochs) <= _MOST_MARKED_EPOCHS
    for name, values in curves.items():
        # A value between two gaps has no line to it: without a mark it would not be seen.
        axes.plot(
            epochs,
            values,
            color=colours[name],
            linewidth=1.8,
            marker=marks[name] if few or _has_lonely_value(values) else None,
            markersize=4.5 if few else 2.5,
            label=name if name != list(curves)[-1] else _label_with_best(name, measure, epochs, values),
        )
    _set_epoch_axis(axes, epochs)
    _set_value_axis(axes, measure, np.concatenate(list(curves.values())))
    axes.grid(visible=True, axis="y", color=style.GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    _put_end_values(axes, measure, {colours[name]: values for name, values in curves.items()})
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=len(curves),
        frameon=False,
        borderaxespad=0.1,
        handlelength=1.6,
        columnspacing=1.4,
        labelcolor=style.INK,
        prop={"family": list(font_families()), "size": style.SMALL_SIZE},
    )


def _put_heading(axes: "Axes", heading: str) -> None:
    axes.set_title(heading, loc="left", fontsize=style.TEXT_SIZE, color=style.INK, pad=7, **bold_font(heading))


def _has_lonely_value(values: NDArray[np.float64]) -> bool:
    present = np.concatenate([[False], np.isfinite(values), [False]])
    return bool(np.any(present[1:-1] & ~present[:-2] & ~present[2:]))


def _label_with_best(name: str, measure: str, epochs: NDArray[np.float64], values: NDArray[np.float64]) -> str:
    if len(values) == 1:
        return name
    best = int(np.nanargmax(values) if measure == "accuracy" else np.nanargmin(values))
    return f"{name} (best {_value_text(measure, float(values[best]))}, epoch {int(epochs[best]):,})"


def _value_text(measure: str, value: float) -> str:
    if measure == "accuracy":
        return f"{value:.2%}".replace("%", " %")
    return f"{value:#.3g}" if 1e-3 <= abs(value) < 1e3 else f"{value:.2g}"  # noqa: PLR2004 - three digits, then powers


def _set_epoch_axis(axes: "Axes", epochs: NDArray[np.float64]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    first, last = float(epochs.min()), float(epochs.max())
    margin = max(0.02 * (last - first), 0.25)
    axes.set_xlim(first - margin, last + margin)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda epoch, _: f"{epoch:,.0f}"))
    if last - first < _MOST_TICKS:
        axes.set_xticks(np.arange(first, last + 1))
    else:
        ticks = MaxNLocator(nbins=_MOST_TICKS, steps=_ROUND_STEPS, integer=True).tick_values(first, last)
        axes.set_xticks([tick for tick in ticks if first <= tick <= last])


def _set_value_axis(axes: "Axes", measure: str, values: NDArray[np.float64]) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, PercentFormatter

    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if measure == "accuracy":
        margin = max(0.07 * (high - low), (_SMALLEST_ACCURACY_RANGE - (high - low)) / 2)
        axes.set_ylim(low - margin, min(high + margin, 1 + 0.07 * (high - low + margin)))
        ticks = MaxNLocator(nbins=6, steps=_ROUND_STEPS).tick_values(*axes.get_ylim())
        decimals = max(0, -math.floor(math.log10(100 * (ticks[1] - ticks[0])) + 1e-6))
        shown = [tick for tick in ticks if axes.get_ylim()[0] <= tick <= min(axes.get_ylim()[1], 1 + 1e-9)]
        axes.set_yticks(shown)
        axes.yaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=decimals, symbol=" %"))
    elif low > 0 and high / low > _LOGARITHMIC_FROM:
        axes.set_yscale("log")
        _put_heading(axes, f"{measure}, logarithmic")
        # Plain numbers rather than powers: Matplotlib would set the powers in the user's mathematics font.
        axes.yaxis.set_major_locator(LogLocator(numticks=_MOST_TICKS))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.tick_params(axis="y", which="minor", length=0)


def _put_end_values(axes: "Axes", measure: str, curves: dict[str, NDArray[np.float64]]) -> None:
    """Write each curve's last value to its right, in its colour, apart from the other's."""
    ends = sorted((float(values[np.isfinite(values)][-1]), colour) for colour, values in curves.items())
    to_fraction = axes.transScale + axes.transLimits
    heights = [
        float(to_fraction.transform((axes.get_xlim()[1], value))[1]) * _CURVES_HEIGHT * _POINTS_PER_INCH
        for value, _ in ends
    ]
    shift = max(0.0, _LINE_HEIGHT - (heights[-1] - heights[0])) / 2 if len(heights) > 1 else 0.0
    for (value, colour), direction in zip(ends, (-1, 1), strict=False):
        text = _value_text(measure, value)
        axes.annotate(
            text,
            xy=(1.0, value),
            xycoords=("axes fraction", "data"),
            xytext=(6, direction * shift),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL_SIZE,
            color=colour,
            annotation_clip=False,
            **bold_font(text),
        )

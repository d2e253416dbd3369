"""Curves of several subjects, in panels side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scribal.explaining.studies.plots.series import colour_of, draw_legend, legend_width, marker_of
from scribal.runs.plots import style
from scribal.runs.plots.lettering import bold_font, font_families

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Curve", "Panel", "plot_curves"]

# In inches.
_PANEL_WIDTH = 3.0
_PANEL_HEIGHT = 2.3
_TICKS_WIDTH = 0.66
_HEADING = 0.34
_LEGEND = 0.34
_BELOW = 0.62
_GAP = 0.2
_ROOM_ABOVE = 1.06
_ONE_PER_CENT = 0.0099
_FROM_ZERO = 0.3  # shares below this are drawn from 0 on


@dataclass(frozen=True)
class Curve:
    """One line of a panel.

    Attributes:
        number: Which subject it belongs to: decides colour and marker.
        x: Where it was measured.
        y: What was measured.
        low: The least of several measurements at each place, if there were several.
        high: The largest.
        is_dashed: Whether it is the second kind of line of its subject, which has no markers.
    """

    number: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    is_dashed: bool = False


@dataclass(frozen=True)
class Panel:
    """Curves over one quantity.

    Attributes:
        heading: What is shown.
        x_name: What lies along the bottom.
        curves: The lines.
        is_share: Whether y is a share, written as a percentage.
        is_logarithmic: Whether x is.
        x_ticks: Where x is labelled; chosen by default.
    """

    heading: str
    x_name: str
    curves: Sequence[Curve]
    is_share: bool = True
    is_logarithmic: bool = False
    x_ticks: Sequence[float] | None = None


def plot_curves(panels: Sequence[Panel], names: Sequence[str], path: Path, title: str, note: str = "") -> None:
    """Draw panels of curves side by side and write them to ``path`` as PNG.

    Args:
        panels: What is drawn; panels of shares have one common height.
        names: The subjects, in the order of their numbers; one alone needs no legend.
        path: Where the picture goes.
        title: Heads the picture.
        note: Stands below, in small type.
    """
    legend = _LEGEND if len(names) > 1 else 0.0
    around = style.MARGIN * 2 + len(panels) * _TICKS_WIDTH + (len(panels) - 1) * _GAP
    width = max(around + len(panels) * _PANEL_WIDTH, legend_width(names) if legend else 0.0)
    panel_width = (width - around) / len(panels)
    top = style.TITLE_HEIGHT + legend + _HEADING
    figure = style.new_figure(width, top + _PANEL_HEIGHT + _BELOW + (0.2 if note else 0), title)
    if legend:
        draw_legend(figure, names, style.TITLE_HEIGHT + legend / 2)
    shares = [curve.y for panel in panels if panel.is_share for curve in panel.curves]
    lowest = min((float(np.nanmin(values)) for values in shares), default=0.0)
    for number, panel in enumerate(panels):
        left = style.MARGIN + _TICKS_WIDTH + number * (panel_width + _TICKS_WIDTH + _GAP)
        axes = style.place_axes(figure, left, top, panel_width, _PANEL_HEIGHT)
        _draw(axes, panel, lowest)
    if note:
        figure.text(
            style.MARGIN / width,
            style.MARGIN / figure.get_size_inches()[1],
            note,
            va="bottom",
            fontsize=style.SMALL_SIZE,
            fontfamily=font_families(),
            color=style.FAINT_INK,
        )
    style.save_figure(figure, path)


def _draw(axes: "Axes", panel: Panel, lowest: float) -> None:
    from matplotlib.ticker import NullFormatter, NullLocator, PercentFormatter

    axes.set_title(
        panel.heading, loc="left", fontsize=style.TEXT_SIZE, color=style.INK, pad=7, **bold_font(panel.heading)
    )
    axes.grid(axis="y", color=style.GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color(style.GRID)
    for curve in panel.curves:
        _draw_curve(axes, curve)
    if panel.is_logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_formatter(NullFormatter())
    if panel.x_ticks is not None:
        axes.set_xticks(list(panel.x_ticks), [f"{tick:,g}" for tick in panel.x_ticks])
    if panel.is_share:
        margin = 0.04 * (1 - lowest)
        axes.set_ylim(-0.02 if lowest < _FROM_ZERO else lowest - margin, 1 + max(margin, 0.0005))
        step = float(np.diff(axes.get_yticks()).min())
        decimals = 0 if step >= _ONE_PER_CENT else 1
        axes.yaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=decimals, symbol=" %"))
    else:
        axes.set_ylim(0, _ROOM_ABOVE * max(float(np.nanmax(curve.y)) for curve in panel.curves))
    axes.tick_params(labelsize=style.SMALL_SIZE)
    axes.tick_params(axis="x", pad=6)
    axes.set_xlabel(panel.x_name, fontsize=style.SMALL_SIZE, fontfamily=font_families(), color=style.FAINT_INK)


def _draw_curve(axes: "Axes", curve: Curve) -> None:
    colour = colour_of(curve.number)
    if curve.low is not None and curve.high is not None:
        axes.fill_between(curve.x, curve.low, curve.high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(
        curve.x,
        curve.y,
        color=colour,
        linewidth=1.3 if curve.is_dashed else 1.8,
        linestyle=(0, (3, 2)) if curve.is_dashed else "-",
        marker=None if curve.is_dashed else marker_of(curve.number),
        markersize=4,
        clip_on=False,
        solid_capstyle="round",
    )

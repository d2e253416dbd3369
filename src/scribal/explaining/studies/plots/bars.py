"""Shares of several subjects for each of several conditions: a line of markers for each condition."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scribal.explaining.studies.plots.series import colour_of, draw_legend, legend_width, marker_of
from scribal.runs.plots import style
from scribal.runs.plots.lettering import text_columns
from scribal.runs.plots.pictures import checked_pictures, draw_picture

__all__ = ["plot_bars"]

# In inches.
_WIDTH = 7.4
_LINE_HEIGHT = 0.42
_PICTURE = 0.38
_LEGEND = 0.34
_TICKS = 0.42


def plot_bars(
    conditions: Sequence[str],
    pictures: NDArray[np.uint8],
    shares: dict[str, NDArray[np.float64]],
    path: Path,
    title: str,
) -> None:
    """Draw one line a condition with a marker for each subject, and write it to ``path`` as PNG.

    Args:
        conditions: Name of each line.
        pictures: An image for each line, of shape (n, height, width).
        shares: For each subject one share for each condition.
        path: Where the picture goes.
        title: Heads the picture.
    """
    from matplotlib.ticker import PercentFormatter

    label_width = style.width_of_letters(max(text_columns(name) for name in conditions), style.TEXT_SIZE) + 0.1
    left = style.MARGIN + label_width + _PICTURE + 0.15
    height_of_lines = len(conditions) * _LINE_HEIGHT
    top = style.TITLE_HEIGHT + _LEGEND
    width = max(_WIDTH, legend_width(list(shares)))
    figure = style.new_figure(width, top + height_of_lines + _TICKS, title)
    draw_legend(figure, list(shares), style.TITLE_HEIGHT + _LEGEND / 2 - 0.04)
    axes = style.place_axes(figure, left, top, width - left - 0.4, height_of_lines)
    places = np.arange(len(conditions))
    values = np.stack(list(shares.values()))
    axes.hlines(places, 0, 1, color=style.GRID, linewidth=0.8)
    axes.hlines(places, values.min(axis=0), values.max(axis=0), color="#b4bcc4", linewidth=2.2)
    for number, own in enumerate(shares.values()):
        axes.plot(
            own,
            places,
            linestyle="",
            marker=marker_of(number),
            markersize=6.5,
            color=colour_of(number),
            markeredgecolor=style.PAPER,
            markeredgewidth=0.7,
            clip_on=False,
            zorder=3,
        )
    axes.set_ylim(len(conditions) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_yticks([])
    axes.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=" %"))
    axes.tick_params(labelsize=style.SMALL_SIZE)
    side = style.place_axes(figure, style.MARGIN, top, left - style.MARGIN, height_of_lines)
    style.hide_ticks(side)
    scale = 1 / _PICTURE
    for place, (name, picture) in enumerate(zip(conditions, checked_pictures(pictures), strict=True)):
        middle = (place + 0.5) * _LINE_HEIGHT
        draw_picture(side, picture, label_width * scale, (middle - _PICTURE / 2) * scale)
        left_edge, right_edge = label_width * scale, label_width * scale + 1
        upper, lower = (middle - _PICTURE / 2) * scale, (middle + _PICTURE / 2) * scale
        corners = [left_edge, right_edge, right_edge, left_edge, left_edge], [upper, upper, lower, lower, upper]
        side.plot(*corners, color=style.FAINT_INK, linewidth=0.5)
        side.text(0, middle * scale, name, va="center", fontsize=style.TEXT_SIZE, color=style.INK)
    side.set_xlim(0, (left - style.MARGIN) * scale)
    side.set_ylim(height_of_lines * scale, 0)
    style.save_figure(figure, path)

"""How the subjects of a study are told apart: by colour, and by marker for who sees no colour."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scribal.runs.plots import style
from scribal.runs.plots.lettering import font_families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["colour_of", "draw_legend", "legend_width", "marker_of", "write"]

# Okabe and Ito's, dark enough for lines on white.
_COLOURS = (style.TRAINING, style.VALIDATION, "#009e73", "#aa4a86", "#8a6a00", "#3d3d3d")
_MARKERS = ("o", "s", "^", "D", "v", "P")
_SAMPLE = 0.3  # inches of line in the legend
_GAP = 0.28


def colour_of(number: int) -> str:
    """The colour of the subject of that number, from 0."""
    return _COLOURS[number % len(_COLOURS)]


def marker_of(number: int) -> str:
    """Its marker."""
    return _MARKERS[number % len(_MARKERS)]


def legend_width(names: Sequence[str]) -> float:
    """How many inches of a figure the names of the subjects take in one line."""
    return 2 * style.MARGIN + sum(
        _SAMPLE + 0.08 + style.width_of_letters(len(name), style.TEXT_SIZE) + _GAP for name in names
    )


def draw_legend(figure: "Figure", names: Sequence[str], top: float) -> None:
    """Name the subjects in one line, ``top`` inches from the top of ``figure``."""
    width, height = figure.get_size_inches()
    left = style.MARGIN + 0.06
    for number, name in enumerate(names):
        from matplotlib.lines import Line2D

        y = 1 - top / height
        line = Line2D(
            [left / width, (left + _SAMPLE / 2) / width, (left + _SAMPLE) / width],
            [y, y, y],
            color=colour_of(number),
            marker=marker_of(number),
            markevery=[1],
            markersize=5.5,
            linewidth=1.8,
        )
        figure.add_artist(line)
        left += _SAMPLE + 0.08
        figure.text(
            left / width,
            y,
            name,
            va="center",
            fontsize=style.TEXT_SIZE,
            fontfamily=font_families(),
            color=colour_of(number),
        )
        left += style.width_of_letters(len(name), style.TEXT_SIZE) + _GAP


def write(axes: "Axes", x: float, y: float, text: str, **options: object) -> None:
    """Write small type into ``axes``."""
    style_of_text = {"fontsize": style.SMALL_SIZE, "fontfamily": font_families(), "color": style.INK} | options
    axes.text(x, y, text, **style_of_text)  # type: ignore[arg-type] # Matplotlib types each option apart

"""The look that all plots share: colours, sizes, and how a figure is opened and written.

The colours are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart for every common form of
colour blindness. Nothing is set globally: ``rcParams`` belong to the program that uses scribal.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from scribal.files import whole_file
from scribal.runs.plots.lettering import bold_font, fitting_text, font_families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH = 144

PAPER = "#ffffff"
INK = "#1f2328"
FAINT_INK = "#59636e"
GRID = "#e3e6ea"
NEUTRAL = "#e9ecef"
TRAINING = "#0072b2"
VALIDATION = "#d55e00"
# From hardly coloured to dark, through the vermilion of Okabe and Ito.
ERROR_RAMP = ("#fdeadb", "#f7b482", "#e57a2e", "#c24e00", "#7a2e00")

TITLE_SIZE = 13.0
TEXT_SIZE = 10.5
SMALL_SIZE = 9.0

# In inches: the white border of every figure, and the room its title takes with the space below.
MARGIN = 0.16
TITLE_HEIGHT = 0.46

# The average width of a letter, in inches for each point of type size: enough to reckon how many letters fit.
_INCHES_PER_POINT = 0.58 / 72


def new_figure(width: float, height: float, title: str) -> "Figure":
    """Open a white figure and write its title at the top left, shortened where it is wider than the figure.

    Args:
        width: In inches; a written file has 144 pixels to the inch.
        height: In inches.
        title: Heads the figure, in one line.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor=PAPER)
    line = fitting_text(title, letters_that_fit(width - 2 * MARGIN, TITLE_SIZE))
    figure.text(
        MARGIN / width,
        1 - MARGIN / height,
        line,
        ha="left",
        va="top",
        fontsize=TITLE_SIZE,
        color=INK,
        **bold_font(line),
    )
    return figure


def place_axes(figure: "Figure", left: float, top: float, width: float, height: float) -> "Axes":
    """Add axes at a place that is given in inches from the top left corner of ``figure``.

    A layout that is reckoned, rather than found while drawing, keeps cells and pictures the same size in every plot.
    """
    full_width, full_height = figure.get_size_inches()
    bottom = full_height - top - height
    axes = figure.add_axes((left / full_width, bottom / full_height, width / full_width, height / full_height))
    quiet_axes(axes)
    return axes


def save_figure(figure: "Figure", path: Path) -> None:
    """Write ``figure`` to ``path`` as PNG, whole or not at all, with the same bytes for the same picture."""
    with whole_file(path) as temporary:
        figure.savefig(
            temporary, format="png", dpi=DOTS_PER_INCH, facecolor=PAPER, bbox_inches=None, metadata={"Software": None}
        )


def letters_that_fit(width: float, size: float) -> int:
    """Count the letters of ``size`` points that fit into ``width`` inches; at least four."""
    return max(4, int(width / (size * _INCHES_PER_POINT)))


def width_of_letters(letters: int, size: float) -> float:
    """Reckon the width of so many letters of ``size`` points, in inches."""
    return letters * size * _INCHES_PER_POINT


def quiet_axes(axes: "Axes") -> None:
    """Take the frame from ``axes`` and set its ticks in quiet ink."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_facecolor(PAPER)
    axes.tick_params(length=0, labelsize=TEXT_SIZE, labelcolor=INK, labelfontfamily=list(font_families()))


def hide_ticks(axes: "Axes") -> None:
    """Leave of ``axes`` only what is drawn into it."""
    axes.set_xticks([])
    axes.set_yticks([])


def put_notice(axes: "Axes", notice: str) -> None:
    """Say in the middle of ``axes`` why there is nothing to see."""
    axes.text(
        0.5,
        0.5,
        notice,
        transform=axes.transAxes,
        ha="center",
        va="center",
        fontsize=TEXT_SIZE,
        fontfamily=font_families(),
        color=FAINT_INK,
    )

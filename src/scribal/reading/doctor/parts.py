"""What the doctor's pictures are made of: tiles of pixels, arrows, headings, and a network's answer as bars."""

from typing import TYPE_CHECKING

from scribal.data.dataset import Array
from scribal.runs.plots import style
from scribal.runs.plots.lettering import bold_font, fitting_text, font_families

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from scribal.reading.doctor.diagnosis import Answer

__all__ = ["BARS_HEIGHT", "draw_answer", "draw_arrow", "draw_text", "draw_tile"]

BARS_HEIGHT = 0.98
"""Inches that an answer takes."""

_SHOWN = 3  # answers
_BAR, _STEP = 0.17, 0.235  # inches
_NAME = 0.22
_FIGURE = 0.64
_TINY = 0.0005
_LINE = 0.4  # points


def draw_text(
    figure: "Figure",
    text: str,
    left: float,
    top: float,
    *,
    size: float = style.TEXT_SIZE,
    colour: str = style.INK,
    bold: bool = False,
    align: str = "left",
    vertical: str = "top",
) -> None:
    """Write one or more lines at a place in inches from the top left corner."""
    width, height = figure.get_size_inches()
    font = bold_font(text) if bold else {"fontfamily": font_families()}
    figure.text(
        left / width,
        1 - top / height,
        text,
        ha=align,
        va=vertical,
        fontsize=size,
        color=colour,
        linespacing=1.3,
        **font,
    )


def draw_tile(figure: "Figure", pixels: Array, left: float, top: float, width: float, height: float) -> None:
    """Draw a picture into a place, in inches, as large as it fits, with a fine frame; small ones with square pixels."""
    rows, columns = pixels.shape[:2]
    times = min(width / columns, height / rows)
    wide, high = columns * times, rows * times
    axes = style.place_axes(figure, left + (width - wide) / 2, top + (height - high) / 2, wide, high)
    style.hide_ticks(axes)
    is_small = times * style.DOTS_PER_INCH > 1
    axes.imshow(
        pixels, cmap="gray", vmin=0, vmax=255, interpolation="nearest" if is_small else "antialiased", aspect="auto"
    )
    for spine in axes.spines.values():
        spine.set(visible=True, color=style.FAINT_INK, linewidth=_LINE)


def draw_arrow(figure: "Figure", start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow between two places in inches."""
    from matplotlib.patches import FancyArrowPatch

    width, height = figure.get_size_inches()
    (left, top), (right, bottom) = start, end
    arrow = FancyArrowPatch(
        (left / width, 1 - top / height),
        (right / width, 1 - bottom / height),
        transform=figure.transFigure,
        arrowstyle="-|>",
        mutation_scale=11,
        color=style.FAINT_INK,
        linewidth=1.2,
        shrinkA=0,
        shrinkB=0,
    )
    figure.add_artist(arrow)


def draw_answer(figure: "Figure", answer: "Answer", left: float, top: float, width: float, colour: str) -> None:
    """Draw the most probable digits as bars, and whether the network takes it for a digit at all."""
    verdict = "no digit, says the network" if answer.rejected else f"{answer.digit}, says the network"
    draw_text(figure, fitting_text(verdict, 40), left, top, bold=True, colour=colour)
    rows = [(answer.digit, answer.confidence), *((one.digit, one.probability) for one in answer.alternatives)][:_SHOWN]
    length = width - _NAME - _FIGURE
    axes = style.place_axes(figure, left + _NAME, top + 0.24, length, _STEP * _SHOWN)
    style.hide_ticks(axes)
    places = [index * _STEP + _STEP / 2 for index in range(len(rows))]
    axes.barh(places, [1.0] * len(rows), height=_BAR, color=style.NEUTRAL)
    shown = colour if not answer.rejected else style.FAINT_INK
    axes.barh(places, [share for _, share in rows], height=_BAR, color=[shown] + [style.FAINT_INK] * (len(rows) - 1))
    axes.set_xlim(0, 1)
    axes.set_ylim(_STEP * _SHOWN, 0)
    for place, (name, share) in zip(places, rows, strict=True):
        y = top + 0.24 + place
        draw_text(figure, fitting_text(name, 3), left + _NAME - 0.08, y, align="right", vertical="center")
        told = "0 %" if share < _TINY else f"{100 * share:.1f} %"
        draw_text(figure, told, left + width, y, size=style.SMALL_SIZE, align="right", vertical="center")

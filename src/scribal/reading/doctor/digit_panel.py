"""One digit: to the left what a tutorial makes of its picture, to the right what reading makes of it."""

from typing import TYPE_CHECKING

import numpy as np

from scribal.reading.doctor.originals import TUTORIAL_CODE
from scribal.reading.doctor.parts import BARS_HEIGHT, draw_answer, draw_arrow, draw_text, draw_tile
from scribal.runs.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from scribal.reading.doctor.diagnosis import Diagnosis

__all__ = ["AFTER", "BEFORE", "DIGIT_HEIGHT", "draw_digit"]

BEFORE, AFTER = style.VALIDATION, style.TRAINING
"""The colours of what a tutorial's way gives, and of what reading gives."""

_SIDE = 2.35  # inches of the two images
_TILE = 1.2  # of the steps between
_GAP = 0.33  # for an arrow
_HEADING = 0.62
DIGIT_HEIGHT = _HEADING + _SIDE + 0.12 + BARS_HEIGHT
"""Inches that the panel takes."""


def draw_digit(figure: "Figure", diagnosis: "Diagnosis", top: float) -> None:
    """Draw the panel into a figure, ``top`` inches below its upper edge."""
    width = figure.get_size_inches()[0]
    left, right = style.MARGIN, width - style.MARGIN - _SIDE
    _head(figure, left, top, "Before", "grey, resized to 28x28, not inverted:\nas tutorials do it", BEFORE)
    draw_tile(figure, diagnosis.before.image, left, top + _HEADING, _SIDE, _SIDE)
    draw_answer(figure, diagnosis.before.answer, left, top + _HEADING + _SIDE + 0.12, _SIDE, BEFORE)
    _head(figure, right, top, "After", "as scribal reads it:\nmade as MNIST's digits were made", AFTER)
    after = diagnosis.after
    image = np.zeros_like(diagnosis.before.image) if after is None else after.image
    draw_tile(figure, image, right, top + _HEADING, _SIDE, _SIDE)
    if after is None:
        draw_text(
            figure, "there is nothing to recognise", right, top + _HEADING + _SIDE + 0.12, colour=AFTER, bold=True
        )
    else:
        draw_answer(figure, after.answer, right, top + _HEADING + _SIDE + 0.12, _SIDE, AFTER)
    _between(figure, diagnosis, left + _SIDE, right, top)


def _head(figure: "Figure", left: float, top: float, heading: str, words: str, colour: str) -> None:
    draw_text(figure, heading, left, top, size=style.TITLE_SIZE, colour=colour, bold=True)
    draw_text(figure, words, left, top + 0.24, size=style.SMALL_SIZE, colour=style.FAINT_INK)


def _between(figure: "Figure", diagnosis: "Diagnosis", left: float, right: float, top: float) -> None:
    """Draw the way from the picture: to the left as tutorials go, to the right as reading goes."""
    room = right - left
    middle = top + _HEADING + _SIDE / 2
    steps = [
        ("the picture,\nupright", diagnosis.pixels),
        ("its ink, told\nfrom the paper", diagnosis.ink),
        ("the digit,\nalone", diagnosis.alone),
    ]
    tile = min(_TILE, (room - (len(steps) + 1) * _GAP) / len(steps))
    for index, (words, pixels) in enumerate(steps):
        x = left + _GAP + index * (tile + _GAP)
        draw_tile(figure, pixels, x, middle - tile / 2, tile, tile)
        draw_text(
            figure,
            words,
            x + tile / 2,
            middle + tile / 2 + 0.08,
            size=style.SMALL_SIZE,
            align="center",
            colour=style.INK,
        )
        draw_arrow(figure, (x + tile + 0.05, middle), (x + tile + _GAP - 0.05, middle))
    draw_arrow(figure, (left + _GAP - 0.05, middle), (left + 0.05, middle))
    base = top + _HEADING + _SIDE + 0.12
    x = left + _GAP
    draw_text(figure, "The same network answers both. The way to the left:", x, base, size=style.SMALL_SIZE)
    draw_text(figure, TUTORIAL_CODE, x, base + 0.2, size=style.SMALL_SIZE - 0.5, colour=BEFORE)
    draw_text(
        figure,
        "The way to the right: ink told from paper, the digit cut out,\n"
        "fitted into a box of 20x20, its centre of mass in the middle.",
        x,
        base + 0.45,
        size=style.SMALL_SIZE,
    )

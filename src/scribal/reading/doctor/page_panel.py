"""A page before and after: as it is, and as it is read; and the digits that the network is least sure of."""

from typing import TYPE_CHECKING

import numpy as np

from scribal.reading.annotating import annotate
from scribal.reading.doctor.digit_panel import AFTER, BEFORE
from scribal.reading.doctor.parts import draw_text, draw_tile
from scribal.runs.plots import style
from scribal.runs.plots.lettering import fitting_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from scribal.reading.doctor.diagnosis import Answer, Diagnosis

__all__ = ["draw_page", "page_height"]

_GAP = 0.25  # inches
_HEADING = 0.62
_HIGHEST, _LOWEST = 4.6, 1.6
_TILE = 0.66
_WORST_HEIGHT = 1.9
_LARGEST = 1_000  # pixels: what is drawn is no larger
_SMALL = 1.15  # inches of the page as a network sees it


def page_height(diagnosis: "Diagnosis", width: float) -> float:
    """Reckon the inches that the panel takes in a figure of a width in inches."""
    return _HEADING + _picture_height(diagnosis, width) + 0.2 + (_WORST_HEIGHT if diagnosis.worst else 0)


def draw_page(figure: "Figure", diagnosis: "Diagnosis", top: float) -> None:
    """Draw the panel into a figure, ``top`` inches below its upper edge."""
    width = figure.get_size_inches()[0]
    side, high = _side(width), _picture_height(diagnosis, width)
    left, right = style.MARGIN, style.MARGIN + side + _GAP
    assert diagnosis.reading is not None
    _head(figure, left, top, "Before", "the picture as it is", BEFORE)
    _head(figure, right, top, "After", "its ink, without ruling, and what scribal reads", AFTER)
    draw_tile(figure, _reduced(diagnosis.pixels), left, top + _HEADING, side, high)
    paper = np.repeat(255 - _reduced(diagnosis.alone)[..., np.newaxis], 3, axis=-1)
    draw_tile(figure, annotate(np.ascontiguousarray(paper), diagnosis.reading), right, top + _HEADING, side, high)
    if diagnosis.worst:
        _draw_worst(figure, diagnosis, top + _HEADING + high + 0.2)


def _draw_worst(figure: "Figure", diagnosis: "Diagnosis", top: float) -> None:
    width = figure.get_size_inches()[0]
    answer = diagnosis.before.answer
    draw_text(figure, "The whole page, 28x28", style.MARGIN, top, size=style.SMALL_SIZE, bold=True)
    draw_tile(figure, diagnosis.before.image, style.MARGIN, top + 0.24, _SMALL, _SMALL)
    draw_text(
        figure,
        f"as tutorials do it: {_told(answer)}",
        style.MARGIN,
        top + 0.32 + _SMALL,
        size=style.SMALL_SIZE,
        colour=BEFORE,
    )
    left = style.MARGIN + 2.25
    words = "The digits it is least sure of: cut out and resized (above), and as reading makes them"
    draw_text(figure, words, left, top, size=style.SMALL_SIZE, bold=True)
    step = min(1.25, (width - style.MARGIN - left) / len(diagnosis.worst))
    for index, (before, after) in enumerate(diagnosis.worst):
        x = left + index * step
        for row, (sample, colour) in enumerate(((before, BEFORE), (after, AFTER))):
            y = top + 0.24 + row * (_TILE + 0.1)
            draw_tile(figure, sample.image, x, y, _TILE, _TILE)
            told = _told(sample.answer).replace(" ", "\n", 1)
            draw_text(
                figure, told, x + _TILE + 0.06, y + _TILE / 2, size=style.SMALL_SIZE, colour=colour, vertical="center"
            )


def _told(answer: "Answer") -> str:
    name = "no digit" if answer.rejected else fitting_text(answer.digit, 4)
    return name if answer.rejected else f"{name} {100 * answer.confidence:.0f} %"


def _head(figure: "Figure", left: float, top: float, heading: str, words: str, colour: str) -> None:
    draw_text(figure, heading, left, top, size=style.TITLE_SIZE, colour=colour, bold=True)
    draw_text(figure, words, left, top + 0.26, size=style.SMALL_SIZE, colour=style.FAINT_INK)


def _side(width: float) -> float:
    return (width - 2 * style.MARGIN - _GAP) / 2


def _picture_height(diagnosis: "Diagnosis", width: float) -> float:
    rows, columns = diagnosis.pixels.shape[:2]
    return float(min(_HIGHEST, max(_LOWEST, _side(width) * rows / columns)))


def _reduced(pixels: np.ndarray) -> np.ndarray:
    import cv2

    factor = _LARGEST / max(pixels.shape[:2])
    if factor >= 1:
        return pixels
    size = round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))

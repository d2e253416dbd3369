"""A score becomes a page."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scribal.reading.samples import DIGITS, LabelledSamples
from scribal.runs.counting import counted
from scribal.runs.pages import percent, pixels_address, write_page
from scribal.runs.report.pictures import Shown, matrix_rows

if TYPE_CHECKING:
    from scribal.data.dataset import Array
    from scribal.reading.scoring import Score

__all__ = ["what_was_found", "write_score"]

_TEMPLATE = Path(__file__).with_name("score.html.jinja")
_MOST_MISTAKES = 96
_MOST_OF_A_DIGIT = 60
_LARGE, _SMALL = 152, 76  # pixels
_BORDER = 0.12  # of a picture's side


def write_score(score: "Score", path: Path) -> Path:
    """Write one HTML page that holds everything, whole or not at all.

    Raises:
        RunError: It cannot be written.
    """
    everything = [
        {"digit": digit, "count": len(places), "pictures": [_cut(score, int(n)) for n in places[:_MOST_OF_A_DIGIT]]}
        for digit, places in (
            (digit, np.flatnonzero(score.samples.labels == number)) for number, digit in enumerate(DIGITS)
        )
        if len(places)
    ]
    write_page(
        path,
        _TEMPLATE,
        score=score,
        found=what_was_found(score.samples),
        matrix=matrix_rows(score.confusion, score.class_names, []),
        mistakes=[_mistake(score, int(place)) for place in score.mistakes[:_MOST_MISTAKES]],
        everything=everything,
    )
    return path


def what_was_found(samples: LabelledSamples) -> str:
    """A sentence on what the samples are, and what was left out."""
    origin = []
    if samples.photos:
        origin.append(counted(samples.photos, "page of a sheet", "pages of a sheet"))
    if samples.pictures:
        origin.append(counted(samples.pictures, "picture"))
    left_out = []
    if samples.empty:
        left_out.append(f"{samples.empty:,} empty")
    if samples.crossed_out:
        left_out.append(f"{samples.crossed_out:,} crossed out")
    if samples.skipped:
        left_out.append(f"{counted(len(samples.skipped), 'file')} skipped")
    told = f"{counted(len(samples), 'digit')} from {' and '.join(origin)}"
    return f"{told}; {', '.join(left_out)}." if left_out else f"{told}."


def _mistake(score: "Score", place: int) -> Shown:
    names = score.class_names
    label, answer = names[score.labels[place]], names[score.answers[place]]
    sure = percent(score.confidence(place))
    description = f"{_where(score, place)}: {label}, taken for {answer}, {sure} sure"
    return Shown(_address(score, place, _LARGE), f"{label} → {answer} {sure}", description)


def _cut(score: "Score", place: int) -> Shown:
    answer = score.class_names[score.answers[place]]
    is_right = score.answers[place] == score.labels[place]
    description = f"{_where(score, place)}: {'answered right' if is_right else f'taken for {answer}'}"
    return Shown(_address(score, place, _SMALL), "" if is_right else f"→ {answer}", description)


def _where(score: "Score", place: int) -> str:
    sample = score.samples.samples[place]
    name = Path(sample.file).name
    return f"{name}, {sample.place}" if sample.place else name


def _address(score: "Score", place: int, side: int) -> str:
    """The ink of a sample, dark on light, in the middle of a square."""
    strength: Array = score.samples.samples[place].strength
    height, width = strength.shape
    border = max(1, round(_BORDER * max(height, width)))
    square = np.full((max(height, width) + 2 * border,) * 2, 255, np.uint8)
    top, left = (len(square) - height) // 2, (len(square) - width) // 2
    square[top : top + height, left : left + width] = np.invert(strength)
    return pixels_address(square, largest_side=side)

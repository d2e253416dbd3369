"""A second look at a picture of one digit that the first made little of.

Where a digit fills its picture from side to side, two things cannot be told without reading it. Half of the picture may
be ink, so that either half may be the paper. And collections of digits are often stretched to a square, which makes a
bar of a slim 1. The network is asked about all of these, and what it is sure of is taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array

if TYPE_CHECKING:
    from scribal.reading.recognition import Recogniser, Recognition
    from scribal.reading.single import SingleMark

__all__ = ["look_again"]

_DOUBTFUL = 0.5  # probability: all other digits together are more likely
_FILLS = 0.93  # of both sides
_NARROW = 0.5  # of the width: between what a 1 and what a 4 has


def look_again(
    pictures: Sequence[Array],
    marks: "Sequence[SingleMark]",
    recognition: "Recognition",
    recogniser: "Recogniser",
    *,
    find: "Callable[..., SingleMark]",
    draw: Callable[[Sequence[Array]], Array],
) -> "tuple[list[SingleMark], Recognition]":
    """Look again at the digits that are in doubt and fill their picture.

    Args:
        pictures: Each with one digit.
        marks: What was found on each.
        recognition: What it was taken for.
        recogniser: Who is asked again.
        find: As ``find_single``.
        draw: As ``to_characters``.

    Returns:
        The marks and the answers, with what the second look was sure of in place of the first.
    """
    best = recognition.probabilities.max(axis=1)
    looks: list[tuple[int, SingleMark]] = []
    for place in np.flatnonzero(best < _DOUBTFUL).tolist():
        picture, first = pictures[place], marks[place]
        other = find(picture, light_on_dark=not first.ink.is_light_on_dark)
        filling = [mark for mark in (first, other) if _fills(mark, picture)]
        if filling:
            looks += [(place, other), *((place, _narrowed(mark)) for mark in filling)]
    if not looks:
        return list(marks), recognition
    answers = recogniser.recognise(draw([mark.strength for _, mark in looks]))
    sure = answers.probabilities.max(axis=1)
    chosen = list(marks)
    row_of = np.arange(len(marks))  # in all answers, one below the other
    for row in np.argsort(sure, kind="stable").tolist():
        if sure[row] > _DOUBTFUL:
            place, chosen[looks[row][0]] = looks[row]
            row_of[place] = len(marks) + row
    return chosen, recognition.together([recognition, answers])[row_of]


def _fills(mark: "SingleMark", picture: Array) -> bool:
    rows, columns = picture.shape[:2]
    return bool(mark.box[2] >= _FILLS * columns and mark.box[3] >= _FILLS * rows)


def _narrowed(mark: "SingleMark") -> "SingleMark":
    import cv2

    rows, columns = mark.strength.shape
    size = max(1, round(_NARROW * columns)), rows
    return replace(mark, strength=cv2.resize(mark.strength, size, interpolation=cv2.INTER_AREA))

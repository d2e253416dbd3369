"""Digits are put together to numbers and lines, as far as it goes to those that were expected.

Marks that were rejected are in no number. They keep their place in reading order all the same: what is expected may
take them in, and who looks at the result finds them where they stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.expecting import Expectation, MarkedLine
from scribal.reading.limits import Clock
from scribal.reading.lines import arrange
from scribal.reading.result import Digit, Line, Number

__all__ = ["Composition", "compose"]

_SMALLEST, _LARGEST = 0.4, 1.6  # of the height of its digits: what may stand in a line


@dataclass(frozen=True)
class Composition:
    """What is written on a page.

    Attributes:
        lines: Lines of numbers.
        digits: All marks in reading order.
        notes: What became of the expectation.
    """

    lines: tuple[Line, ...]
    digits: tuple[Digit, ...]
    notes: tuple[str, ...] = ()


def compose(digits: Sequence[Digit], cells: Array | None, expectation: Expectation | None, clock: Clock) -> Composition:
    """Put digits together.

    Args:
        digits: The digits of a page in any order, also those that were rejected.
        cells: The cells of a grid if there is one, of shape (rows, columns, 4), in the pixels of the boxes.
        expectation: What every number has to fit.
        clock: Stops it where it takes too long.

    Raises:
        TimeLimitError: The time is over.
    """
    accepted = [digit for digit in digits if not digit.rejected]
    boxes, between = _boxes(accepted), _boxes([digit for digit in digits if digit.rejected])
    places = arrange(boxes, cells, between)
    arranged = [tuple(tuple(accepted[place] for place in number) for number in line) for line in places]
    beside = sorted((digit for digit in digits if digit.rejected), key=lambda digit: (digit.box[1], digit.box[0]))
    marked, outside = _with_rejected(arranged, beside)
    if expectation is None:
        lines = [Line(tuple(Number(number) for number in line)) for line in arranged]
        in_order = [mark for line in marked for number in line for mark in number]
        return Composition(tuple(lines), (*in_order, *outside))
    read = [expectation.read(line, clock) for line in marked]
    answers = [answer for line, found in zip(marked, read, strict=True) for answer in _answers(line, found)]
    in_order = [mark if answer is None else answer for mark, answer in answers]
    found_lines = tuple(line for line in read if line is not None)
    return Composition(found_lines, (*in_order, *outside), _told(found_lines, answers, expectation))


def _answers(marks: MarkedLine, line: Line | None) -> list[tuple[Digit, Digit | None]]:
    """Put beside each mark of a line what was made of it; None if it is in no number."""
    chosen = [digit for number in (line.numbers if line else ()) for digit in number.digits]
    answers: list[tuple[Digit, Digit | None]] = []
    for mark in (mark for number in marks for mark in number):
        is_next = bool(chosen) and chosen[0].box == mark.box
        answers.append((mark, chosen.pop(0) if is_next else None))
    return answers


def _boxes(digits: Sequence[Digit]) -> Array:
    return np.array([digit.box for digit in digits], dtype=np.float64).reshape(-1, 4)


def _with_rejected(lines: Sequence[MarkedLine], rejected: Sequence[Digit]) -> tuple[list[MarkedLine], list[Digit]]:
    """Put each rejected mark where it stands in a line; give back those that stand in none."""
    if not rejected:
        return list(lines), []
    heights = [float(np.median([mark.box[3] for number in line for mark in number])) for line in lines]
    boxes = [_boxes([mark for number in line for mark in number]) for line in lines]
    spans = [(box[:, 1].min(), (box[:, 1] + box[:, 3]).max()) for box in boxes]
    marked, outside = [list(line) for line in lines], []
    for mark in rejected:
        x, y, width, height = mark.box
        for line, usual, (top, bottom) in zip(marked, heights, spans, strict=True):
            if not top < y + height / 2 < bottom:
                continue
            marks = [other for number in line for other in number if not other.rejected]
            nearest = min(marks, key=lambda other: abs(other.box[0] + other.box[2] / 2 - x - width / 2))
            is_level = abs(nearest.box[1] + nearest.box[3] / 2 - y - height / 2) < usual / 2
            if is_level and _SMALLEST * usual < height < _LARGEST * usual:
                place = next(place for place, number in enumerate(line) if nearest in number)
                line[place] = tuple(sorted((*line[place], mark), key=lambda other: other.box[0]))
                break
        else:
            outside.append(mark)
    return [tuple(line) for line in marked], outside


def _told(
    lines: Sequence[Line], answers: Sequence[tuple[Digit, Digit | None]], expectation: Expectation
) -> tuple[str, ...]:
    pattern = expectation.pattern
    numbers = [number for line in lines for number in line.numbers]
    if not numbers:
        return (f"Nothing was read that fits {pattern}",)
    notes = []
    changes = [f"{answer.read_as} became {answer.digit}" for _, answer in answers if answer and answer.read_as]
    changes += [f"a rejected {answer.digit} was taken in" for mark, answer in answers if answer and mark.rejected]
    if changes:
        notes.append(f"Made to fit {pattern}: {', '.join(changes)}")
    unfit = [number.text for number in numbers if not number.is_expected]
    if unfit:
        notes.append(f"No reading of {', '.join(unfit)} fits {pattern}")
    return tuple(notes)

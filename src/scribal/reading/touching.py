"""Characters that touch are parted where their parts are read best.

Ink is cut into more pieces than there are characters, along every seam that may be a border, and the best way to put
pieces together again is found by recognition: H. Fujisawa, Y. Nakano and K. Kurino, "Segmentation methods for
character recognition", Proc. IEEE 80(7), 1992; Y. LeCun et al., "Gradient-based learning applied to document
recognition", Proc. IEEE 86(11), 1998, section V. What is read well as it is, is not cut.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.candidates import Candidate, Recognise, ask
from scribal.reading.result import Box
from scribal.reading.seams import Seam, find_seams

__all__ = ["split_touching"]

_SURE = 0.995  # probability from which a mark that is not wide is not cut
_NARROW, _WIDE, _WIDEST = 0.4, 1.1, 8.0  # times as wide as high: too narrow for two, always looked at, no number at all
_MOST_INK = 0.6  # of the height that a seam may cross
_WIDEST_PART, _LEAST_PART = 1.5, 0.4  # a part's width and height, in heights of the whole
_MOST_PARTS = 800  # recognised on a page; a page with more has no digits on it that touch
_MANY, _MOSTLY = 150, 0.75  # candidates in doubt, and their share: a texture, or print

_LEAST_SURE = 0.4  # probability under which a part is no digit, however sure the others are
_MOST_EVIDENCE = 12.0  # in natural logarithms of odds
_CUT_COST = 1.0  # of evidence, for each seam
_INK_COST = 6.0  # and for crossing ink as long as the height
_USUAL_SHAPE, _SHAPE_SPREAD = (
    0.95,
    0.12,
)  # digits are rarely wider than this, in times as wide as high and its logarithm
_HEIGHT_SPREAD = 0.12  # of parts around the height of the whole
_FULL = 100  # levels of 255 from which a pixel is ink
_LETTER, _LEAST_DOUBT = (0.9, 1.4), 0.3  # times as wide as high: letters, and digits that touch; the least for these
_CRUMB, _HANGING = 0.06, 0.8  # of a part's ink: what hangs loose is the neighbour's; so much hangs together


@dataclass(frozen=True, slots=True)
class _Part:
    """What lies between two seams of a candidate.

    Attributes:
        first: The seam on its left; 0 is the left end.
        last: The seam on its right.
        share: Of the ink.
        box: Where it is on the page: x, y, width, height.
        strength: Its ink.
    """

    first: int
    last: int
    share: float
    box: Box
    strength: Array


def split_touching(candidates: Sequence[Candidate], recognise: Recognise) -> list[Candidate]:
    """Part the candidates that are several touching characters.

    Args:
        candidates: What may be one character each, or several.
        recognise: Says what each part would be.

    Returns:
        The candidates in their order; in place of one that was parted stand its parts, from left to right.
    """
    doubtful = [index for index, candidate in enumerate(candidates) if _may_be_several(candidate)]
    if len(doubtful) > max(_MANY, _MOSTLY * len(candidates)):
        return list(candidates)
    seams: dict[int, list[Seam]] = {}
    parts: dict[int, list[_Part]] = {}
    count = 0
    for index in doubtful:
        if count < _MOST_PARTS:
            seams[index] = find_seams(candidates[index].strength, _MOST_INK)
            parts[index] = _parts(candidates[index], seams[index])
            count += len(parts[index])
    if not count:
        return list(candidates)
    everything = [part for own in parts.values() for part in own]
    asked = iter(ask([part.box for part in everything], [part.strength for part in everything], recognise))
    split: list[Candidate] = []
    for index, candidate in enumerate(candidates):
        own = [(part, next(asked)) for part in parts.get(index, [])]
        split += _best(candidate, seams[index], own) if own else [candidate]
    return split


def _may_be_several(candidate: Candidate) -> bool:
    _, _, width, height = candidate.box
    shape = width / height
    return _NARROW < shape < _WIDEST and (shape > _WIDE or candidate.confidence < _SURE)


def _parts(candidate: Candidate, seams: list[Seam]) -> list[_Part]:
    """Cut out everything between two seams that has a character's size, but for the whole."""
    rows, columns = candidate.strength.shape
    places = np.arange(columns)
    # Whether a pixel is right of each seam; all are right of the left end, none of the right one.
    right = [np.ones((rows, columns), dtype=bool)]
    right += [places >= seam.columns[:, None] for seam in seams]
    right.append(np.zeros((rows, columns), dtype=bool))
    height, ink = candidate.box[3], max(float(candidate.strength.sum()), 1.0)
    parts = []
    for first in range(len(right) - 1):
        for last in range(first + 1, len(right)):
            if (first, last) == (0, len(right) - 1):
                continue
            found = _cut_out(candidate, right[first] & ~right[last])
            if found and found[0][2] <= _WIDEST_PART * height and found[0][3] >= _LEAST_PART * height:
                parts.append(_Part(first, last, float(found[1].sum() / ink), *found))
    return parts


def _cut_out(candidate: Candidate, inside: Array) -> tuple[Box, Array] | None:
    import cv2

    strength = np.where(inside, candidate.strength, 0)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats((strength >= _FULL).astype(np.uint8))
    if count < 2:  # noqa: PLR2004 (the ground is one)
        return None
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if areas.max() < _HANGING * areas.sum():
        return None
    crumbs = 1 + np.flatnonzero(areas < _CRUMB * areas.sum())
    if len(crumbs):
        strength = np.where(np.isin(labels, crumbs), 0, strength)
    x, y, width, height = cv2.boundingRect((strength >= _FULL).astype(np.uint8))
    # A candidate's ink may have a margin around its box.
    left = candidate.box[0] - (candidate.strength.shape[1] - candidate.box[2]) // 2
    top = candidate.box[1] - (candidate.strength.shape[0] - candidate.box[3]) // 2
    return (left + x, top + y, width, height), strength[y : y + height, x : x + width]


def _best(whole: Candidate, seams: list[Seam], parts: list[tuple[_Part, Candidate]]) -> list[Candidate]:
    """Find the way from the left end to the right one whose parts are most like digits, each weighed by its ink."""
    height = whole.box[3]
    ends = len(seams) + 1
    best = [0.0] + [-math.inf] * ends
    taken: list[tuple[_Part, Candidate] | None] = [None] * (ends + 1)
    for part, candidate in sorted(parts, key=lambda pair: pair[0].last):
        if candidate.confidence < _LEAST_SURE:
            continue
        evidence = part.share * _evidence(candidate, height)
        if part.last < ends:
            evidence -= _CUT_COST + _INK_COST * seams[part.last - 1].ink
        if best[part.first] + evidence > best[part.last]:
            best[part.last], taken[part.last] = best[part.first] + evidence, (part, candidate)
    if best[ends] <= _evidence(whole, height):
        return [whole]
    way: list[Candidate] = []
    while (last := taken[ends]) is not None:
        way.append(replace(last[1], doubt=_doubt(whole)))
        ends = last[0].first
    return way[::-1]


def _doubt(whole: Candidate) -> float:
    """Say how much a mark that can be parted looked like a letter: an n is two strokes, and no wider than a digit."""
    _, _, width, height = whole.box
    slim = (_LETTER[1] - width / height) / (_LETTER[1] - _LETTER[0])
    return float(whole.recognition.reject_scores[0]) * min(max(slim, _LEAST_DOUBT), 1.0)


def _evidence(candidate: Candidate, height: int) -> float:
    """How much speaks for one digit, in logarithms of odds: the recogniser's answer, the shape, the height."""
    _, _, own_width, own_height = candidate.box
    rest = math.exp(-_MOST_EVIDENCE)
    odds = math.log((candidate.confidence + rest) / (1 - candidate.confidence + rest))
    wide = max(0.0, math.log(own_width / own_height / _USUAL_SHAPE)) / _SHAPE_SPREAD
    low = (own_height / height - 1) / _HEIGHT_SPREAD
    return odds - min(wide**2 / 2, 1.5 * _MOST_EVIDENCE) - min(low**2 / 2, _MOST_EVIDENCE)

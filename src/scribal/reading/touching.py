"""Characters that touch are parted where their parts are read best.

Ink is cut into more pieces than there are characters, along every seam that may be a border, and the best way to put
pieces together again is found by recognition: H. Fujisawa, Y. Nakano and K. Kurino, "Segmentation methods for
character recognition", Proc. IEEE 80(7), 1992; Y. LeCun et al., "Gradient-based learning applied to document
recognition", Proc. IEEE 86(11), 1998, section V. What is read well as it is, is not cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.characters import to_characters
from scribal.reading.grouping import Candidate
from scribal.reading.recognition import Recogniser
from scribal.reading.seams import Seam, find_seams

__all__ = ["split_touching"]

_SURE = 0.9  # probability from which a mark of a digit's shape is not cut
_WIDE, _VERY_WIDE = 1.1, 1.6  # times as wide as high: looked at when unsure, and always
_NARROW = 0.4  # times as wide as high: too narrow for two
_WIDEST = 8.0  # times as wide as high: a line or a word, no number whose digits touch
_MOST_INK = 0.45  # of the height that a seam may cross
_WIDEST_PART, _LEAST_PART = 1.35, 0.4  # a part's width and height, in heights of the whole
_MOST_PIECES = 5  # that are put together to one part
_MOST_PARTS = 2_000  # recognised on a page; a page with more has no digits on it that touch

_CUT_COST = 1.0  # in natural logarithms of probability, for each seam
_INK_COST = 4.0  # and for crossing ink as long as the height
_HEIGHT_SPREAD = 0.3  # of parts around the height of the whole
_FULL = 100  # levels of 255 from which a pixel is ink
_CRUMB = 0.06  # of a part's ink: what hangs loose and has less is the neighbour's


@dataclass(frozen=True, slots=True)
class _Part:
    """What lies between two seams (counted from 0, the left end) of a candidate."""

    first: int
    last: int
    candidate: Candidate


def split_touching(candidates: Sequence[Candidate], recogniser: Recogniser) -> list[Candidate]:
    """Part the candidates that are several touching characters.

    Args:
        candidates: What may be one character each, or several.
        recogniser: Says what each is, and what each part would be.

    Returns:
        The candidates in their order; in place of one that was parted stand its parts, from left to right.
    """
    if not candidates:
        return []
    sure = recogniser.recognise(to_characters([one.strength for one in candidates])).probabilities.max(axis=1)
    cuts: dict[int, list[Seam]] = {}
    parts: dict[int, list[_Part]] = {}
    count = 0
    for index, candidate in enumerate(candidates):
        if count > _MOST_PARTS or not _may_be_several(candidate, float(sure[index])):
            continue
        seams = find_seams(candidate.strength, _MOST_INK)
        if not seams:
            continue
        cuts[index], parts[index] = seams, _parts(candidate, seams)
        count += len(parts[index])
    everything = [part for index in parts for part in parts[index]]
    if not everything:
        return list(candidates)
    scores = np.log(
        recogniser.recognise(to_characters([part.candidate.strength for part in everything])).probabilities.max(axis=1)
    )
    split: list[Candidate] = []
    start = 0
    for index, candidate in enumerate(candidates):
        if index not in parts:
            split.append(candidate)
            continue
        own = parts[index]
        split += _best(candidate, cuts[index], own, scores[start : start + len(own)], float(np.log(sure[index])))
        start += len(own)
    return split


def _may_be_several(candidate: Candidate, sure: float) -> bool:
    _, _, width, height = candidate.box
    shape = width / height
    if not _NARROW < shape < _WIDEST:
        return False
    return shape > _VERY_WIDE or sure < _SURE or (shape > _WIDE and sure < 0.99)


def _parts(candidate: Candidate, seams: list[Seam]) -> list[_Part]:
    """Cut out everything between two seams that has a character's size, but for the whole."""
    rows, columns = candidate.strength.shape
    places = np.arange(columns)
    # Whether a pixel is right of each seam; all are right of the left end, none of the right one.
    right = [np.ones((rows, columns), dtype=bool)]
    right += [places >= seam.columns[:, None] for seam in seams]
    right.append(np.zeros((rows, columns), dtype=bool))
    height = candidate.box[3]
    parts = []
    for first in range(len(right) - 1):
        for last in range(first + 1, min(first + _MOST_PIECES, len(right) - 1) + 1):
            if (first, last) == (0, len(right) - 1):
                continue
            part = _cut_out(candidate, right[first] & ~right[last])
            if part and part.box[2] <= _WIDEST_PART * height and part.box[3] >= _LEAST_PART * height:
                parts.append(_Part(first, last, part))
    return parts


def _cut_out(candidate: Candidate, inside: Array) -> Candidate | None:
    import cv2

    strength = np.where(inside, candidate.strength, 0)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats((strength >= _FULL).astype(np.uint8))
    if count < 2:  # noqa: PLR2004 (the ground is one)
        return None
    areas = statistics[1:, cv2.CC_STAT_AREA]
    crumbs = 1 + np.flatnonzero(areas < _CRUMB * areas.sum())
    if len(crumbs):
        strength = np.where(np.isin(labels, crumbs), 0, strength)
    x, y, width, height = cv2.boundingRect((strength >= _FULL).astype(np.uint8))
    # A candidate's ink may have a margin around its box.
    left = candidate.box[0] - (candidate.strength.shape[1] - candidate.box[2]) // 2
    top = candidate.box[1] - (candidate.strength.shape[0] - candidate.box[3]) // 2
    return Candidate((left + x, top + y, width, height), strength[y : y + height, x : x + width])


def _best(
    whole: Candidate, seams: list[Seam], parts: list[_Part], scores: Array, score_of_whole: float
) -> list[Candidate]:
    """Find the way from the left end to the right one whose parts are read best."""
    height = whole.box[3]
    ends = len(seams) + 1
    best = np.full(ends + 1, -np.inf)
    best[0] = 0.0
    taken: list[int] = [-1] * (ends + 1)
    for place in sorted(range(len(parts)), key=lambda place: parts[place].last):
        part = parts[place]
        unlike = (part.candidate.box[3] / height - 1) / _HEIGHT_SPREAD
        cut = _CUT_COST + _INK_COST * seams[part.last - 1].ink if part.last < ends else 0.0
        total = best[part.first] + scores[place] - unlike**2 / 2 - cut
        if total > best[part.last]:
            best[part.last], taken[part.last] = total, place
    if best[ends] <= score_of_whole:
        return [whole]
    way: list[Candidate] = []
    end = ends
    while end:
        part = parts[taken[end]]
        way.append(part.candidate)
        end = part.first
    return way[::-1]

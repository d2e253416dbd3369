"""Marks become candidates: each one character, whole, whatever number of strokes it was drawn with.

Pens leave the paper and faint ink breaks, so that a digit may be several marks: a 5 and its bar, a 4 of two strokes.
Near marks are taken together wherever the result would have the size of a digit. The recogniser is asked about every
such group and about its marks alone, and a group is kept where it is surer of the whole than of the parts. Marks that
stand above one another are sooner one digit than marks that stand side by side.
"""

from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.candidates import Candidate, Recognise, ask
from scribal.reading.neighbours import Neighbours, find_neighbours, usual_heights

if TYPE_CHECKING:
    from scribal.reading.marks import Marks

__all__ = ["each_alone", "find_candidates"]

_DOT = 0.2  # of the usual height, both ways: smaller marks are dots, or dirt
_BESIDE, _ABOVE = 0.25, 0.35  # of the usual height: the widest gaps within a digit
_TALLEST, _WIDEST = 1.5, 1.5  # of the usual height: the largest digit made of several marks
_WHOLE = 0.75  # of the usual height: a mark that high and surely read needs no other beside it
_SURE = 0.9  # a probability
_BROAD = 1.0  # of the usual height: two high marks side by side that are as wide together are two digits
_MOST_PARTS = 4
_MOST_PIXELS = 30_000_000  # of all groups
_MOST_FOUND, _MOST_TRIED = 2_000, 10_000  # groups: a texture has no end of them
_FEW_ASKED, _FOR_EACH, _MOST_ASKED = 200, 2, 1_000  # groups that are recognised: so many, more for each mark, most
_MANY, _HARDLY_ANY = 500, 0.1  # marks, and the share of them that are digits: a texture, whose parts are no strokes
_LOWEST, _LOW = 0.4, 0.7  # of the usual height: what is lower is no digit by itself, or hardly one
_MOST_COMPARED = 12  # groups of which every choice is tried
_PLACE_WORTH = 0.4  # of the certainty: what it is worth that marks stand wholly above one another
_SIGN_WORTH = -1.0  # and what it is worth to be low and beside the rest, as a comma or a dash
_FLAT = 0.25  # of the digit's height: a lying stroke
_TOP, _BAR_GAP, _BAR_WORTH = 0.3, 0.1, 0.7  # where the bar of a 5 is, in heights of the digit, and what that is worth


def find_candidates(marks: "Marks", recognise: Recognise) -> list[Candidate]:
    """Group a page's marks into candidates.

    Args:
        marks: The page's marks.
        recognise: Decides where shape alone cannot.

    Returns:
        The candidates, in no order that means anything.
    """
    if not len(marks):
        return []
    singles = each_alone(marks, recognise)
    certainty = _certainty(singles)
    neighbours = find_neighbours(marks.boxes)
    usual = usual_heights(neighbours, certainty)
    kept = marks.boxes[:, 2:].max(axis=1) >= _DOT * usual
    is_texture = kept.sum() > _MANY and (certainty[kept] > _SURE).mean() < _HARDLY_ANY
    groups = [] if is_texture else _groups(marks, neighbours, certainty, usual, kept)
    wholes = _asked(marks, groups, recognise)
    alone = _worth(marks, _each(marks), certainty, usual)
    worth = _worth(marks, groups, _certainty(wholes), usual)
    chosen = _choose(groups, worth, alone)
    taken = {index for group in chosen for index in group}
    whole = dict(zip(groups, wholes, strict=True))
    return [whole[group] for group in chosen] + [singles[i] for i in np.flatnonzero(kept).tolist() if i not in taken]


def each_alone(marks: "Marks", recognise: Recognise) -> list[Candidate]:
    """Take every mark for a candidate of its own."""
    return _asked(marks, _each(marks), recognise)


def _each(marks: "Marks") -> list[tuple[int, ...]]:
    return [(index,) for index in range(len(marks))]


def _asked(marks: "Marks", groups: list[tuple[int, ...]], recognise: Recognise) -> list[Candidate]:
    return ask([marks.box(group) for group in groups], [marks.cut(group) for group in groups], recognise)


def _certainty(candidates: list[Candidate]) -> Array:
    """How sure the recogniser is that each is a digit, whichever."""
    return np.array([one.certainty for one in candidates], dtype=np.float64)


def _groups(
    marks: "Marks", neighbours: Neighbours, certainty: Array, usual: Array, kept: Array
) -> list[tuple[int, ...]]:
    """Find all groups of two and more near marks that would have the size of a digit."""
    widths, heights = marks.boxes[:, 2], marks.boxes[:, 3]
    near: list[list[int]] = []
    whole = (certainty > _SURE) & (heights > _WHOLE * usual)
    for index in range(len(marks)):
        others, across, down = neighbours.of(index)
        height = np.maximum(usual[others], usual[index])
        may = (across < _BESIDE * height) & (down < _ABOVE * height) & (kept[others] | kept[index])
        may &= ~(whole[others] & whole[index] & (across >= 0)) & (others != index)
        tall = np.minimum(heights[others], heights[index]) > _WHOLE * height
        may &= ~(tall & (across >= 0) & (across + widths[others] + widths[index] > _BROAD * height))
        near.append(others[may].tolist())
    found: set[tuple[int, ...]] = set()
    grown: set[tuple[int, ...]] = {(index,) for index in range(len(marks)) if kept[index]}
    for _ in range(_MOST_PARTS - 1):
        grown = _with_one_more(marks, grown, near, usual)
        found |= grown
        if len(found) > _MOST_FOUND:
            break
    return _affordable(marks, sorted(found), min(_FEW_ASKED + _FOR_EACH * len(marks), _MOST_ASKED))


def _with_one_more(
    marks: "Marks", groups: set[tuple[int, ...]], near: list[list[int]], usual: Array
) -> set[tuple[int, ...]]:
    """Add to each group each near mark, as long as the result has the size of a digit."""
    tried: set[tuple[int, ...]] = set()
    for before in groups:
        tried |= {tuple(sorted((*before, other))) for part in before for other in near[part] if other not in before}
        if len(tried) > _MOST_TRIED:
            break
    return {group for group in tried if _has_size_of_digit(marks, group, usual)}


def _affordable(marks: "Marks", groups: list[tuple[int, ...]], most: int) -> list[tuple[int, ...]]:
    """Take the smallest groups, as many as can be looked at: large marks within one another have no end of them."""
    sizes = np.array([np.prod(marks.box(group)[2:]) for group in groups], dtype=np.float64)
    order = np.argsort(sizes, kind="stable")[:most]
    return [groups[place] for place in order[sizes[order].cumsum() <= _MOST_PIXELS]]


def _has_size_of_digit(marks: "Marks", group: tuple[int, ...], usual: Array) -> bool:
    _, _, width, height = marks.box(group)
    expected = usual[list(group)].max()
    return bool(width <= _WIDEST * expected and height <= _TALLEST * expected)


def _worth(marks: "Marks", groups: list[tuple[int, ...]], certainty: Array, usual: Array) -> Array:
    """Weigh the certainty of each group by its ink, its size and how its parts stand.

    The worth of a page is the sum over the groups that its marks are put into.
    """
    worth = np.empty(len(groups))
    for place, group in enumerate(groups):
        parts = list(group)
        height = marks.box(group)[3] / usual[parts].max()
        has_size = np.clip((height - _LOWEST) / (_LOW - _LOWEST), 0, 1)
        stand = _PLACE_WORTH * (_togetherness(marks, group) - 0.5) if len(parts) > 1 else 0.0
        worth[place] = marks.areas[parts].sum() * (certainty[place] * has_size + stand)
    return worth


def _choose(groups: list[tuple[int, ...]], worth: Array, alone: Array) -> list[tuple[int, ...]]:
    """Choose groups without a common mark, such that they are worth most; the best of all where there are not many."""
    gains = {group: float(value - alone[list(group)].sum()) for group, value in zip(groups, worth, strict=True)}
    gains = {group: gain for group, gain in gains.items() if gain > 0}
    chosen: list[tuple[int, ...]] = []
    for cluster in _clusters(list(gains)):
        if len(cluster) <= _MOST_COMPARED:
            chosen += _best(cluster, gains)[1]
            continue
        taken: set[int] = set()
        for group in sorted(cluster, key=lambda one: -gains[one]):
            if taken.isdisjoint(group):
                taken.update(group)
                chosen.append(group)
    return chosen


def _clusters(groups: list[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
    """Put together groups that have marks in common, directly or through others."""
    clusters: list[tuple[set[int], list[tuple[int, ...]]]] = []
    for group in groups:
        marks, members = set(group), [group]
        apart = []
        for cluster in clusters:
            if cluster[0].isdisjoint(marks):
                apart.append(cluster)
            else:
                marks |= cluster[0]
                members = cluster[1] + members
        clusters = [*apart, (marks, members)]
    return [members for _, members in clusters]


def _best(groups: list[tuple[int, ...]], gains: dict[tuple[int, ...], float]) -> tuple[float, list[tuple[int, ...]]]:
    """Try every choice of groups without a common mark."""
    if not groups:
        return 0.0, []
    first, others = groups[0], groups[1:]
    without = _best(others, gains)
    gain, rest = _best([one for one in others if not set(one) & set(first)], gains)
    return max(without, (gain + gains[first], [first, *rest]), key=lambda choice: choice[0])


def _togetherness(marks: "Marks", group: tuple[int, ...]) -> float:
    """How much parts stand as those of one digit do: 1 above one another, 0 side by side, less for a sign.

    It is the share of the narrower of two that lies above or under the wider. The bar of a 5 may begin where the rest
    ends; it is at the top, where no comma, dot or dash is. A lying stroke at half height is a dash before a slanted 1
    unless it reaches the ink beside it.
    """
    _, y, _, height = marks.box(group)
    parts = sorted(group, key=lambda part: -int(marks.boxes[part, 2]))
    left, right = marks.boxes[parts, 0], marks.boxes[parts, 0] + marks.boxes[parts, 2]
    shares = []
    for place, part in enumerate(parts[1:], start=1):
        start, end = left[:place].min(), right[:place].max()
        middle = (marks.boxes[part, 1] + marks.boxes[part, 3] / 2 - y) / height
        is_flat = marks.boxes[part, 3] < min(_FLAT * height, marks.boxes[part, 2])
        if is_flat and _TOP < middle < 1 - _TOP:
            start, end = marks.reach(parts[:place], int(marks.boxes[part, 1]), int(marks.boxes[part, 3]))
        inside = min(right[place], end) - max(left[place], start)
        share = max(inside, 0) / (right[place] - left[place])
        is_bar = middle < _TOP and inside > -_BAR_GAP * height
        is_sign = marks.boxes[part, 3] < _LOWEST * height and inside < 0
        shares.append(max(share, _BAR_WORTH) if is_bar else _SIGN_WORTH if is_sign else share)
    return float(np.mean(shares))

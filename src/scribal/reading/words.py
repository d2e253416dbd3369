"""Words among the marks of a page: printed labels, headlines, print, or writing that is no number.

Some letters look like digits: o, l, S, z, g. A word has others beside them, and a recogniser that is unsure of several
characters in a row has a word before it. What stands close to words and is as high as they belongs to them.
"""

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.neighbours import Neighbours, weighted_median

__all__ = ["in_words"]

_CLOSE = 0.4  # of a height: characters of a word stand that near
_LEVEL = -0.3  # of a height: and overlap that much from above
_DOUBT, _DOUBT_EACH = 0.6, 0.15  # missing certainty that makes a word: in all, and more for each character
_SOME_DOUBT = 0.3  # missing certainty, in all, with which characters beside a word are one, too
_SURE = 0.9  # certainty of the digits that tell how large digits are on the page
_SMALL = 0.6  # of their height: so much smaller are labels, and one letter among them is enough
_FEW = 2  # characters that make no word, but may be a part of the text around them
_BESIDE = 1.0  # of a height: how near that is
_ALIKE = 1.5  # times as high
_PRINT, _PRINTED = 150, 0.5  # characters on a page, and the share in words, that make it a page of print
_TALL, _LARGER = 0.9, 1.25  # of its letters are lower than capitals; what is so much larger was not printed with it


def in_words(neighbours: Neighbours, certainty: Array, whole: Array, counted: Array) -> Array:
    """Find the characters that belong to words.

    Args:
        neighbours: The boxes of all, and which are near which.
        certainty: Of shape (n,): how sure it is that each is a digit, from 0 to 1.
        whole: Of shape (n,): the same of the marks as they are on the page, before any was parted: an n can be two 1s.
        counted: Of shape (n,): bool, false for dots and the like, which say nothing.

    Returns:
        bool of shape (n,).
    """
    boxes = neighbours.boxes
    text = np.zeros(len(boxes), dtype=np.bool_)
    groups = _runs(neighbours, counted)
    usual = _usual_height(boxes[:, 3], certainty)
    for members in groups:
        doubt = (1 - certainty[members]).sum() - _DOUBT_EACH * len(members)
        if boxes[members, 3].max() < _SMALL * usual:
            doubt = (1 - whole[members]).sum()
        text[members] = len(members) > _FEW and doubt > _DOUBT
    is_print = counted.sum() >= _PRINT and text.sum() >= _PRINTED * counted.sum()
    height = float(np.quantile(boxes[text, 3], _TALL)) if is_print else 0.0
    for members in groups:
        if text[members].any():
            continue
        if is_print:
            text[members] = boxes[members, 3].max() < _LARGER * height
        elif len(members) <= _FEW or (1 - certainty[members]).sum() > _SOME_DOUBT:
            text[members] = any(_is_beside(neighbours, index, text) for index in members)
    return text


def _usual_height(heights: Array, certainty: Array) -> float:
    """Give the height of the page's digits: the median of sure ones, in which high ones weigh more."""
    sure = heights[certainty > _SURE]
    return weighted_median(sure, sure) if len(sure) else 0.0


def _runs(neighbours: Neighbours, counted: Array) -> list[list[int]]:
    """Put characters together that follow one another closely."""
    heights = neighbours.boxes[:, 3]
    run = np.arange(len(neighbours))
    places = np.flatnonzero(counted)
    for index in places.tolist():
        others, across, down = neighbours.of(index)
        height = np.minimum(heights[others], heights[index])
        near = counted[others] & (across < _CLOSE * height) & (down < _LEVEL * height)
        joined = np.unique(run[others[near]])
        if len(joined) > 1:
            run[np.isin(run, joined)] = joined[0]
    return [places[run[places] == one].tolist() for one in np.unique(run[places])]


def _is_beside(neighbours: Neighbours, index: int, text: Array) -> bool:
    others, across, down = neighbours.of(index)
    heights, height = neighbours.boxes[others, 3], neighbours.boxes[index, 3]
    alike = np.maximum(heights, height) < _ALIKE * np.minimum(heights, height)
    return bool((text[others] & alike & (across < _BESIDE * height) & (down < _LEVEL * height)).any())

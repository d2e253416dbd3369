"""Words among the marks of a page: printed labels, headlines, print, or writing that is no number.

Some letters look like digits: o, l, S, z, g. A word has others beside them, and a recogniser that is unsure of several
characters in a row has a word before it. What stands close to words and is as high as they belongs to them.
"""

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.sizes import gaps_to

__all__ = ["in_words"]

_CLOSE = 0.4  # of a height: characters of a word stand that near
_LEVEL = -0.3  # of a height: and overlap that much from above
_DOUBT, _DOUBT_EACH = 0.3, 0.25  # missing certainty that makes a word: in all, and more for each character
_FEW = 2  # characters that are taken for a part of the text around them
_BESIDE = 1.0  # of a height: how near that is
_ALIKE = 1.5  # times as high
_PRINT, _PRINTED = 150, 0.6  # characters on a page, and the share in words, that make it a page of print
_FEW_IN_PRINT = 3


def in_words(boxes: Array, certainty: Array, counted: Array) -> Array:
    """Find the characters that belong to words.

    Args:
        boxes: Of shape (n, 4): x, y, width, height of each.
        certainty: Of shape (n,): how sure it is that each is a digit, from 0 to 1.
        counted: Of shape (n,): bool, false for dots and the like, which say nothing.

    Returns:
        bool of shape (n,).
    """
    text = np.zeros(len(boxes), dtype=np.bool_)
    groups = _runs(boxes, counted)
    for members in groups:
        doubt = (1 - certainty[members]).sum()
        text[members] = len(members) > 1 and doubt > _DOUBT + _DOUBT_EACH * len(members)
    is_print = counted.sum() >= _PRINT and text.sum() >= _PRINTED * counted.sum()
    height = float(np.median(boxes[text, 3])) if text.any() else 0.0
    for members in groups:
        if text[members].any():
            continue
        if is_print and len(members) <= _FEW_IN_PRINT:
            text[members] = boxes[members, 3].max() < _ALIKE * height
        elif len(members) <= _FEW:
            text[members] = any(_is_beside(boxes, index, text) for index in members)
    return text


def _runs(boxes: Array, counted: Array) -> list[list[int]]:
    """Put characters together that follow one another closely."""
    run = np.arange(len(boxes))
    places = np.flatnonzero(counted)
    for index in places.tolist():
        across, down = gaps_to(boxes, index)
        height = np.minimum(boxes[:, 3], boxes[index, 3])
        near = counted & (across < _CLOSE * height) & (down < _LEVEL * height)
        joined = np.unique(run[near])
        if len(joined) > 1:
            run[np.isin(run, joined)] = joined[0]
    return [places[run[places] == one].tolist() for one in np.unique(run[places])]


def _is_beside(boxes: Array, index: int, text: Array) -> bool:
    height = boxes[index, 3]
    across, down = gaps_to(boxes, index)
    alike = np.maximum(boxes[:, 3], height) < _ALIKE * np.minimum(boxes[:, 3], height)
    return bool((text & alike & (across < _BESIDE * height) & (down < _LEVEL * height)).any())

"""What stands among digits and is none: dots, commas, dashes, printed words, what lies outside a grid.

A recogniser sees one character at a time, scaled to one size: a dot looks like a 0 to it, an l like a 1. What is around
a character says more.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scribal.data.dataset import Array
from scribal.reading.sizes import gaps_to, usual_heights

if TYPE_CHECKING:
    from scribal.reading.recognition import Recognition

__all__ = ["out_of_place"]

_SMALL = 0.45  # of the usual height: what is lower is a dot, a comma or a dash
_WORD_GAP = 0.4  # of a height: characters of a word stand that near
_WORD = 3  # characters that make a word
_LETTERS = 0.4  # of a word's characters: as many rejected ones make it text


def out_of_place(boxes: npt.ArrayLike, recognition: "Recognition") -> Array:
    """Say which characters are no digits, by what they look like and by what is around them.

    Args:
        boxes: Of shape (n, 4): x, y, width, height of each.
        recognition: What they were taken for.

    Returns:
        bool of shape (n,), true also for all that the recogniser rejected.
    """
    places = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    rejected = np.array(recognition.rejected, dtype=np.bool_)
    usual = usual_heights(places, 1 - np.asarray(recognition.reject_scores, dtype=np.float64))
    small = places[:, 3] < _SMALL * usual
    return rejected | small | _in_text(places, rejected, small)


def _in_text(boxes: Array, rejected: Array, small: Array) -> Array:
    """Find words: runs of near characters of which many are no digits."""
    counted = ~small
    word = np.arange(len(boxes))
    for index in np.flatnonzero(counted).tolist():
        across, down = gaps_to(boxes, index)
        height = np.minimum(boxes[:, 3], boxes[index, 3])
        near = counted & (across < _WORD_GAP * height) & (down < -0.3 * height)  # side by side, not above
        joined = np.unique(word[near])
        word[np.isin(word, joined)] = joined.min()
    text = np.zeros(len(boxes), dtype=np.bool_)
    for one in np.unique(word[counted]):
        members = counted & (word == one)
        if members.sum() >= _WORD and rejected[members].mean() >= _LETTERS:
            text |= members
    return text

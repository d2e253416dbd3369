"""A page that was photographed on its side or upside down.

Cameras that lie flat do not know which way is up, and programs lose what the camera has noted. Digits that are turned
look like none, or like others: a 6 like a 9. The characters of a page are asked about in all four directions, where
many of them were rejected.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array

if TYPE_CHECKING:
    from scribal.reading.candidates import Candidate, Recognise

__all__ = ["turned_note"]

_MANY, _LEAST = 0.1, 3  # of the characters, and how many there are: so many rejected ones are looked at
_LOOKED_AT = 40  # the largest
_SURE, _BETTER = 0.6, 0.12  # mean certainty of a page that is turned right, and how much more it is than as it lies
_TURNS = {1: "a quarter to the left", 2: "upside down", 3: "a quarter to the right"}


def turned_note(candidates: Sequence["Candidate"], rejected: Array, recognise: "Recognise") -> tuple[str, ...]:
    """Say how a page has to be turned to be read, if it has to be.

    Args:
        candidates: Its characters, as they were found.
        rejected: bool of shape (n,): which of them are no digits.
        recognise: Says what they would be if they were turned.

    Returns:
        One sentence, or none.
    """
    if len(candidates) < _LEAST or rejected.sum() < max(1, _MANY * len(candidates)):
        return ()
    largest = sorted(candidates, key=lambda one: -max(one.box[2:]))[:_LOOKED_AT]
    lies = float(np.mean([one.certainty for one in largest]))
    stands = {}
    for turns in _TURNS:
        inks = [np.ascontiguousarray(np.rot90(one.strength, turns)) for one in largest]
        stands[turns] = 1 - float(recognise(inks).reject_scores.mean())
    best = max(stands, key=lambda turns: stands[turns])
    if stands[best] < max(_SURE, lies + _BETTER):
        return ()
    return (f"More of it would be digits if the page were turned {_TURNS[best]}",)

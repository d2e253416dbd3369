"""The smallest change of a picture with which a network answers something else.

A network that is right for the right reason should bear a digit a little to the side, a little askew, or with a gap in
a stroke; how little it takes says more than its confidence.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from scribal.data.transforms import rotate, shift
from scribal.explaining.image_network import Array, ImageNetwork
from scribal.explaining.strokes import pieces_of_ink

__all__ = ["Change", "smallest_changes"]

_FARTHEST_OF_28 = 8
_LARGEST_ANGLE = 90
_AT_A_TIME = 96


@dataclass(frozen=True)
class Change:
    """One kind of change, and the smallest of it that gives another answer.

    Attributes:
        kind: ``"shift"``, ``"rotation"`` or ``"erased stroke"``.
        description: What was done, or what was tried in vain.
        picture: The changed picture, raw pixels (height, width, channels); ``None`` if nothing gave another answer.
        answer: Number of the class that it is then taken for; ``None`` likewise.
        confidence: Of that answer, 0 to 1; ``None`` likewise.
    """

    kind: str
    description: str
    picture: Array | None = None
    answer: int | None = None
    confidence: float | None = None


def smallest_changes(network: ImageNetwork, picture: Array, answer: int) -> tuple[Change, ...]:
    """Try shifts, rotations and erased pieces of strokes, smallest first.

    Args:
        network: What is asked.
        picture: Raw pixels, shape (height, width, channels).
        answer: Number of the class that the network takes it for.
    """
    farthest = max(1, round(min(picture.shape[:2]) * _FARTHEST_OF_28 / 28))
    return (
        _first(network, answer, "shift", _shifts(picture, farthest), f"no shift of up to {farthest} pixels"),
        _first(network, answer, "rotation", _rotations(picture), f"no rotation of up to {_LARGEST_ANGLE}°"),
        _first(network, answer, "erased stroke", _erasures(picture), "no connected piece of ink"),
    )


def _first(
    network: ImageNetwork, answer: int, kind: str, candidates: Iterable[tuple[str, Array]], in_vain: str
) -> Change:
    remaining = iter(candidates)
    while some := list(islice(remaining, _AT_A_TIME)):
        pictures = np.stack([changed for _, changed in some])
        scores = network.scores(pictures)
        for place in np.flatnonzero(scores.argmax(axis=1) != answer)[:1]:
            row = network.probabilities(scores[place : place + 1])[0]
            number = int(scores[place].argmax())
            return Change(kind, some[place][0], pictures[place], number, float(row[number]))
    return Change(kind, in_vain)


def _shifts(picture: Array, farthest: int) -> Iterator[tuple[str, Array]]:
    """By whole pixels, in order of distance."""
    steps = range(-farthest, farthest + 1)
    ways = [(rows, columns) for rows in steps for columns in steps if 0 < math.hypot(rows, columns) <= farthest]
    for rows, columns in sorted(ways, key=lambda way: (math.hypot(*way), way)):
        yield _told(rows, columns), shift(picture[np.newaxis], rows, columns)[0]


def _rotations(picture: Array) -> Iterator[tuple[str, Array]]:
    for degrees in range(1, _LARGEST_ANGLE + 1):
        for way, sign in (("to the left", 1), ("to the right", -1)):
            yield f"{degrees}° {way}", rotate(picture[np.newaxis], degrees * sign)[0]


def _erasures(picture: Array) -> Iterator[tuple[str, Array]]:
    ink = picture.max(axis=-1) > 0
    pixels = np.count_nonzero(ink)
    for piece in pieces_of_ink(picture.max(axis=-1)):
        size = np.count_nonzero(piece)
        yield f"{size} of {pixels} pixels of ink", np.where(piece[..., np.newaxis], 0, picture).astype(picture.dtype)


def _told(rows: int, columns: int) -> str:
    """A shift in words: ``2 pixels down, 1 to the right``."""
    parts = [
        (abs(rows), "down" if rows > 0 else "up"),
        (abs(columns), "to the right" if columns > 0 else "to the left"),
    ]
    told = [f"{pixels} {way}" for pixels, way in parts if pixels]
    first, *rest = told
    pixels, way = first.split(" ", 1)
    return ", ".join([f"{pixels} {'pixel' if pixels == '1' else 'pixels'} {way}", *rest])

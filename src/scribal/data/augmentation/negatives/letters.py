"""Letters and signs, as strokes between a few places: what most often stands beside digits and is none.

Letters that many people write as they write a digit are left out: B, b, D, G, g, i, J, j, l, O, o, Q, q, S,
s, y, Z, z; and so are slashes and brackets, which alone are ones.
"""

import numpy as np

from scribal.data.augmentation.negatives.drawing import blank, draw, smooth
from scribal.data.augmentation.placement import SIDE
from scribal.data.dataset import Array

__all__ = ["LETTERS", "letters"]

LETTERS = "letters and signs"

# Strokes are parted by spaces, places by dashes: column and row, from 0 to 9. A stroke that begins with ~ is a curve.
_SHAPES = (
    "09-40-89 16-76",  # A
    "~80-40-04-29-58-87",  # C
    "80-10-19-89 15-65",  # E
    "80-10-19 15-65",  # F
    "10-19 80-89 15-85",  # H
    "10-19 80-15-89",  # K
    "10-19-89",  # L
    "09-10-46-80-89",  # M
    "19-10-89-80",  # N
    "19-10 ~10-60-83-55-15",  # P
    "19-10 ~10-60-83-55-15 45-89",  # R
    "00-80 40-49",  # T
    "~00-06-29-69-86-80",  # U
    "00-49-80",  # V
    "00-29-44-69-80",  # W
    "00-89 80-09",  # X
    "00-44-80 44-49",  # Y
    "~82-41-05-28-66-82 ~82-87-99",  # a
    "~72-42-15-39-78",  # c
    "~14-74-61-31-05-28-79",  # e
    "~81-50-43-49 15-75",  # f
    "10-19 ~15-43-75-79",  # h
    "10-19 73-16-79",  # k
    "13-19 ~14-33-45-49 ~44-63-75-79",  # m
    "13-19 ~14-43-75-79",  # n
    "13-19 ~14-33-63",  # r
    "~40-48-69-78 13-73",  # t
    "~13-17-39-67-73 73-79",  # u
    "13-49-73",  # v
    "03-29-44-69-83",  # w
    "13-79 73-19",  # x
    "40-49 05-85",  # +
    "05-85",  # -
    "03-83 07-87",  # =
    "60-20-29-69",  # [
    "20-60-69-29",  # ]
    "05-29-80",  # tick
    "30-39 60-69 03-83 06-86",  # hash
    "~10-33-66-89 ~80-63-36-19 40-49",  # *
    "~82-50-12-45-86-59-07 40-49",  # dollar
    "80-05-89",  # <
    "00-84-09",  # >
    "~01-40-73-45-46 48-49",  # ?
    "~05-23-55-83",  # tilde
    "00-80-89-09-00",  # a box
    "09-40-89-09",  # a triangle
    "10-80 30-39 60-69",  # pi
    "~00-05-28-79 ~80-74-29-09",  # alpha, crossed
    "00-09-89-80 00-44-80",  # an envelope
)


def letters(count: int, generator: np.random.Generator) -> Array:
    """Draw letters and signs by unsteady hands, uint8 of shape (count, 28, 28)."""
    chosen = generator.integers(0, len(_SHAPES), count)
    return np.stack([_drawn(_SHAPES[int(number)], generator) for number in chosen])


def _drawn(shape: str, generator: np.random.Generator) -> Array:
    character = blank()
    width = generator.uniform(0.9, 3.2)
    spread = np.array([generator.uniform(1.1, 2.3), generator.uniform(1.6, 2.3)])
    slant = generator.normal(0, 0.15)
    for stroke in shape.split():
        curved = stroke.startswith("~")
        places = np.array([(int(place[0]), int(place[1])) for place in stroke.removeprefix("~").split("-")])
        points = (places - 4.5) * spread + generator.normal(0, 0.6, places.shape)
        points[:, 0] -= slant * points[:, 1]
        if not curved and generator.random() < 0.3:  # noqa: PLR2004 (quick writers round corners)
            curved = True
        draw(character, (smooth(points) if curved else points) + (SIDE - 1) / 2, width)
    return character

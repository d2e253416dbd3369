"""Scribbles: strokes that wander, zigzags, loops, hatching."""

from collections.abc import Callable

import numpy as np

from scribal.data.augmentation.negatives.drawing import Points, blank, draw, smooth
from scribal.data.augmentation.placement import SIDE
from scribal.data.dataset import Array

__all__ = ["SCRIBBLES", "scribbles"]

SCRIBBLES = "scribbles"


def scribbles(count: int, generator: np.random.Generator) -> Array:
    """Draw scribbles, uint8 of shape (count, 28, 28)."""
    pictures = []
    for _ in range(count):
        character = blank()
        width = generator.uniform(0.8, 3)
        kind = _KINDS[int(generator.integers(len(_KINDS)))]
        for points in kind(generator):
            draw(character, points, width, int(generator.integers(150, 256)))
        pictures.append(character)
    return np.stack(pictures)


def _wandering(generator: np.random.Generator) -> list[Points]:
    """One to four curves through random places, together more than a digit has."""
    number = int(generator.integers(1, 5))
    places = int(generator.integers(6, 14)) if number == 1 else int(generator.integers(3, 7))
    return [smooth(generator.uniform(3, SIDE - 4, (places, 2))) for _ in range(number)]


def _zigzag(generator: np.random.Generator) -> list[Points]:
    turns = int(generator.integers(5, 12))
    along = np.linspace(3, SIDE - 4, turns)
    across = np.where(np.arange(turns) % 2, generator.uniform(3, 11), generator.uniform(16, 24))
    across += generator.normal(0, 1, turns)
    points = np.stack([along, across] if generator.random() < 0.5 else [across, along], axis=1)  # noqa: PLR2004
    return [points if generator.random() < 0.5 else smooth(points)]  # noqa: PLR2004


def _loops(generator: np.random.Generator) -> list[Points]:
    """A spiral, or loops in a row as one tries a pen."""
    t = np.linspace(0, generator.uniform(3.2, 6) * 2 * np.pi, 90)
    radius = np.full(len(t), generator.uniform(3, 6))
    if generator.random() < 0.5:  # noqa: PLR2004
        radius = np.linspace(0.5, 10, len(t))
        travel = np.zeros_like(t)
    else:
        travel = np.linspace(-8, 8, len(t))
    columns = (SIDE - 1) / 2 + travel + radius * np.cos(t)
    rows = (SIDE - 1) / 2 + generator.uniform(0.6, 1.6) * radius * np.sin(t)
    return [np.stack([columns, rows], axis=1)]


def _hatching(generator: np.random.Generator) -> list[Points]:
    angle, gap = generator.uniform(0, np.pi), generator.uniform(2.5, 6)
    strokes = []
    for turn in (0, np.pi / 2)[: int(generator.integers(1, 3))]:
        along = np.array([np.cos(angle + turn), np.sin(angle + turn)])
        across = np.array([-along[1], along[0]])
        for offset in np.arange(-9, 9.1, gap):
            middle = (SIDE - 1) / 2 + across * offset + generator.normal(0, 0.5, 2)
            half = generator.uniform(6, 11)
            strokes.append(np.stack([middle - half * along, middle + half * along]))
    return strokes


def _sticks(generator: np.random.Generator) -> list[Points]:
    """Straight strokes between random places, three to seven of them."""
    number = int(generator.integers(3, 8))
    return [generator.uniform(3, SIDE - 4, (2, 2)) for _ in range(number)]


_KINDS: tuple[Callable[[np.random.Generator], list[Points]], ...] = (_wandering, _zigzag, _loops, _hatching, _sticks)

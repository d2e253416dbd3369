"""No digits, made of digits: halves, pieces, two or three of them as one mark, mirrored and turned ones."""

import numpy as np

from scribal.data.augmentation.placement import SIDE
from scribal.data.augmentation.tiles import place
from scribal.data.dataset import Array

__all__ = ["HALVES", "MERGED", "TURNED", "halves", "merged", "turned"]

HALVES, MERGED, TURNED = "halves of digits", "several digits as one", "mirrored and turned digits"
# What is no digit any more when it is mirrored, stands on its head or lies on its side.
_MIRRORED, _UPSIDE_DOWN, _LYING = (3, 4, 7, 9), (4, 7), (2, 3, 4, 5, 6, 7, 9)
_INK = 90


def halves(images: Array, labels: Array, count: int, generator: np.random.Generator) -> Array:
    """Cut digits in two and enlarge what is on one side of the cut.

    Ones are left out, whose halves are ones; so are pieces that are hardly wider than a stroke.
    """
    found: list[Array] = []
    grid = np.arange(SIDE) - (SIDE - 1) / 2
    whole = np.flatnonzero(~np.isin(labels, (0, 1, 8)))
    while len(found) < count:
        picture = images[int(generator.choice(whole))]
        angle, off = generator.uniform(0, 2 * np.pi), generator.uniform(-1.5, 1.5)
        side = np.cos(angle) * grid[None, :] + np.sin(angle) * grid[:, None] > off
        piece = np.where(side, picture, 0).astype(np.uint8)
        columns, rows = np.flatnonzero((piece > _INK).any(axis=0)), np.flatnonzero((piece > _INK).any(axis=1))
        if len(columns) > 5 and len(rows) > 5:  # noqa: PLR2004 (more than a stroke)
            found.append(piece)
    return np.stack(found)


def merged(images: Array, labels: Array, count: int, generator: np.random.Generator) -> Array:  # noqa: ARG001
    """Put two or three digits beside each other, touching, into the place of one."""
    pictures = []
    for _ in range(count):
        number = 2 if generator.random() < 0.8 else 3  # noqa: PLR2004 (mostly two)
        chosen = images[generator.integers(0, len(images), number)]
        sheet = np.zeros((SIDE, SIDE * number), np.uint8)
        at = 0
        for picture in chosen:
            columns = np.flatnonzero((picture > _INK).any(axis=0))
            own = picture[:, columns[0] : columns[-1] + 1]
            if at:
                at = max(at - int(generator.integers(-1, 4)), 4)
            end = min(at + own.shape[1], sheet.shape[1])
            np.maximum(sheet[:, at:end], own[:, : end - at], out=sheet[:, at:end])
            at = end
        # As wide as it is, or pressed together until it is as wide as high.
        width = max(at * generator.uniform(0.55, 1), 18)
        pictures.append(_into_square(sheet[:, :at], width))
    return np.stack(pictures)


def turned(images: Array, labels: Array, count: int, generator: np.random.Generator) -> Array:
    """Mirror digits, stand them on their heads, lay them on their sides, where that makes no other digit of them."""
    kinds = generator.integers(0, 4, count)
    pictures = np.zeros((count, SIDE, SIDE), np.uint8)
    for kind, digits in enumerate((_MIRRORED, _UPSIDE_DOWN, _LYING, _LYING)):
        places = np.flatnonzero(kinds == kind)
        chosen = images[generator.choice(np.flatnonzero(np.isin(labels, digits)), len(places))]
        if kind == 0:
            pictures[places] = chosen[:, :, ::-1]
        elif kind == 1:
            pictures[places] = chosen[:, ::-1]
        else:
            pictures[places] = np.rot90(chosen, 1 if kind == 2 else 3, axes=(1, 2))  # noqa: PLR2004 (either side)
    return pictures


def _into_square(sheet: Array, width: float) -> Array:
    """Scale a sheet of 28 rows to a width, and both down until it fits into 26 pixels."""
    factor = min(1.0, (SIDE - 2) / width)
    middle = (SIDE - 1) / 2
    grid = np.arange(SIDE) - middle
    columns = grid * (sheet.shape[1] / (width * factor)) + (sheet.shape[1] - 1) / 2
    rows = grid / factor + middle
    shape = (1, SIDE, SIDE)
    placed = place(
        sheet[None],
        np.broadcast_to(columns.astype(np.float32), shape),
        np.broadcast_to(rows.astype(np.float32)[:, None], shape),
    )
    pressed: Array = placed[0]
    return pressed

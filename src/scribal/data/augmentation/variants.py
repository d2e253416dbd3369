"""Digits as MNIST's writers hardly wrote them: crossed sevens, slashed zeros, ones with flags, hooked nines."""

from collections.abc import Callable

import numpy as np

from scribal.data.dataset import Array

__all__ = ["add_variants"]

_SHARES = {0: 0.08, 1: 0.25, 7: 0.25, 9: 0.12}
_INK = 90
_FEWEST_ROWS = 8
_EDGE, _LEAST_REACH = 4, 3  # pixels from the side, and of a hook
_FINE = 4  # cv2 draws with so many fractional bits
_UPRIGHT = 0.62  # a one is wider than this share of its height when it lies aslant too far for a foot


def add_variants(characters: Array, labels: Array, generator: np.random.Generator) -> Array:
    """Give some zeros a slash, some ones a flag and a foot, some sevens a bar, some nines a hook.

    Args:
        characters: uint8 of shape (n, 28, 28), digits as MNIST's.
        labels: Which digits, of shape (n,).
        generator: Decides what is random.

    Returns:
        uint8 of the same shape; a copy.
    """
    characters = characters.copy()
    chances = generator.random(len(characters))
    for digit, share in _SHARES.items():
        for index in np.flatnonzero((labels == digit) & (chances < share)):
            ink = characters[index] > _INK
            rows = np.flatnonzero(ink.any(axis=1))
            if len(rows) >= _FEWEST_ROWS:
                _DRAWN[digit](characters[index], ink, rows, generator)
    return characters


def _slash(character: Array, ink: Array, rows: Array, generator: np.random.Generator) -> None:
    columns = np.flatnonzero(ink.any(axis=0))
    low, high = generator.uniform(-1.5, 3, 2)
    _stroke(
        character,
        [(columns[0] + low, rows[-1] - low), (columns[-1] - high, rows[0] + high)],
        _width(ink, generator),
    )


def _flag(character: Array, ink: Array, rows: Array, generator: np.random.Generator) -> None:
    columns = np.flatnonzero(ink.any(axis=0))
    if len(columns) > _UPRIGHT * len(rows):
        return
    width = _width(ink, generator)
    if generator.random() < 0.85:  # noqa: PLR2004 (nearly all have the flag)
        top = (float(np.flatnonzero(ink[rows[0]]).mean()), float(rows[0]))
        length = generator.uniform(0.2, 0.85) * len(rows)
        angle = np.deg2rad(generator.uniform(25, 55))
        _stroke(character, [top, (top[0] - length * np.sin(angle), top[1] + length * np.cos(angle))], width)
    if generator.random() < 0.6:  # noqa: PLR2004 (and many the foot)
        bottom = float(np.flatnonzero(ink[rows[-1]]).mean())
        left, right = generator.uniform(2, 5, 2)
        _stroke(character, [(bottom - left, rows[-1]), (bottom + right, rows[-1] + generator.uniform(-1, 1))], width)


def _bar(character: Array, ink: Array, rows: Array, generator: np.random.Generator) -> None:
    row = int(rows[0] + generator.uniform(0.42, 0.65) * len(rows))
    stem = np.flatnonzero(ink[min(row, len(ink) - 1)])
    if not len(stem):
        return
    middle, tilt = float(stem.mean()), generator.uniform(-1.5, 1)
    left, right = generator.uniform(2.5, 5.5, 2)
    _stroke(character, [(middle - left, row - tilt), (middle + right, row + tilt)], _width(ink, generator))


def _hook(character: Array, ink: Array, rows: Array, generator: np.random.Generator) -> None:
    """The stem ends in a curve to the left, as a five's or a three's does."""
    end, row = float(np.flatnonzero(ink[rows[-1]]).mean()), float(rows[-1])
    reach, rise = min(generator.uniform(4, 9), end - _EDGE), generator.uniform(0.5, 4)
    if reach < _LEAST_REACH:
        return
    turn = np.linspace(0, np.pi, 9)
    points = [(end - reach * (1 - np.cos(t)) / 2, row + 1.5 * np.sin(t) - rise * (t / np.pi) ** 2) for t in turn]
    _stroke(character, points, _width(ink, generator))


def _width(ink: Array, generator: np.random.Generator) -> int:
    """About as thick as the character's own strokes: twice its area over its outline."""
    edges = (ink[1:] != ink[:-1]).sum() + (ink[:, 1:] != ink[:, :-1]).sum()
    own = 1.8 * ink.sum() / max(int(edges), 1)
    return max(1, round(float(own + generator.uniform(-0.6, 0.6))))


def _stroke(character: Array, points: list[tuple[float, float]], width: int) -> None:
    import cv2

    fine = np.rint(np.array(points) * 2**_FINE).astype(np.int32)
    layer = np.zeros(character.shape, np.uint8)
    cv2.polylines(layer, [fine], isClosed=False, color=255, thickness=width, lineType=cv2.LINE_AA, shift=_FINE)
    np.maximum(character, cv2.GaussianBlur(layer, (3, 3), 0.5), out=character)


_DRAWN: dict[int, Callable[[Array, Array, Array, np.random.Generator], None]] = {
    0: _slash,
    1: _flag,
    7: _bar,
    9: _hook,
}

"""Crooked, small or off the centre: the ink is whole, its place is not."""

import math
from collections.abc import Callable

import numpy as np

from scribal.data import transforms
from scribal.data.dataset import Array
from scribal.data.transforms import Coordinates

__all__ = ["rotate", "scale", "shear", "translate"]


def shear(images: Array, radians: float, generator: np.random.Generator) -> Array:
    """Slant by an angle to the left or to the right, with equal chance."""
    middle_row, _ = transforms.centre(images)

    def slanted(side: int, chosen: Array) -> Array:
        def source(row: Coordinates, column: Coordinates) -> tuple[Coordinates, Coordinates]:
            down = row - middle_row
            return middle_row + math.cos(radians) * down, column - side * math.sin(radians) * down

        return transforms.warp(chosen, source)

    return _to_either_side(images, generator, slanted)


def rotate(images: Array, radians: float, generator: np.random.Generator) -> Array:
    """Turn by an angle clockwise or anticlockwise, with equal chance."""
    degrees = math.degrees(radians)
    return _to_either_side(images, generator, lambda side, chosen: transforms.rotate(chosen, side * degrees))


def scale(images: Array, factor: float, generator: np.random.Generator) -> Array:  # noqa: ARG001 - nothing is drawn
    """Make the ink smaller about the centre."""
    return transforms.scale(images, factor)


def translate(images: Array, pixels: int, generator: np.random.Generator) -> Array:
    """Move as many pixels up or down and as many to the left or right, with equal chance."""
    moved = _to_either_side(images, generator, lambda side, chosen: transforms.shift(chosen, side * pixels, 0))
    return _to_either_side(moved, generator, lambda side, chosen: transforms.shift(chosen, 0, side * pixels))


def _to_either_side(images: Array, generator: np.random.Generator, change: Callable[[int, Array], Array]) -> Array:
    """Change each image with the side -1 or 1."""
    sides = generator.choice((-1, 1), len(images))
    changed = np.empty_like(images)
    for side in (-1, 1):
        chosen = sides == side
        changed[chosen] = change(side, images[chosen])
    return changed

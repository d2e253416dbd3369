"""Pens: their colour, width, how well they cover, and their grain."""

from dataclasses import dataclass

import cv2
import numpy as np

from tools.synthetic_pages.writing import Array

__all__ = ["PENS", "Pen", "grain"]


@dataclass(frozen=True)
class Pen:
    """What a pen leaves.

    Attributes:
        colour: Red, green, blue, 0 to 255.
        stroke: Least and largest width as a share of a digit's height; None for the strokes that MNIST has.
        cover: How much of the paper full ink hides, 0 to 1.
        grain: How much the paper's grain lets through, 0 to 1.
    """

    colour: tuple[int, int, int]
    stroke: tuple[float, float] | None
    cover: float = 0.9
    grain: float = 0.0


PENS = {
    "black": Pen((25, 25, 30), None),
    "blue": Pen((30, 40, 140), (0.05, 0.09), cover=0.85, grain=0.1),
    "red": Pen((190, 30, 40), (0.05, 0.09), cover=0.85, grain=0.1),
    "faint red": Pen((200, 70, 80), (0.05, 0.08), cover=0.5, grain=0.15),
    "pencil": Pen((70, 70, 75), (0.05, 0.08), cover=0.6, grain=0.4),
    "felt": Pen((20, 20, 25), (0.14, 0.17), cover=0.97),
    "chalk": Pen((235, 235, 225), (0.08, 0.12), cover=0.9, grain=0.45),
    "screen": Pen((0, 0, 0), (0.05, 0.14), cover=1.0),
    "light screen": Pen((255, 255, 255), (0.06, 0.14), cover=1.0),
}


def grain(shape: tuple[int, int], strength: float, generator: np.random.Generator) -> Array:
    """Make a factor of cover for each pixel, float32 of ``shape``: 1 but where the grain lets the paper through."""
    noise = cv2.GaussianBlur(generator.standard_normal(shape, dtype=np.float32), (0, 0), 0.8)
    return 1 - strength * np.clip(noise * 2, 0, 1)

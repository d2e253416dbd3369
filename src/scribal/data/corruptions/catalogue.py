"""The table of corruptions: what each does, how much at each severity, and the severity that MNIST-C is made with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scribal.data.corruptions.blur import glass_blur, motion_blur
from scribal.data.corruptions.edges import canny_edges
from scribal.data.corruptions.geometry import rotate, scale, shear, translate
from scribal.data.corruptions.light import brightness, fog, stripe
from scribal.data.corruptions.noise import impulse_noise, shot_noise
from scribal.data.corruptions.spatter import spatter
from scribal.data.corruptions.strokes import dotted_line, zigzag
from scribal.data.dataset import Array

__all__ = ["CORRUPTIONS", "Change", "Corruption"]

Change = Callable[[Array, Any, np.random.Generator], Array]
"""From float32 of shape (n, height, width) within 0 and 1, an amount and a generator to the same shape."""


@dataclass(frozen=True)
class Corruption:
    """One way in which images are corrupted.

    Attributes:
        name: As MNIST-C names it.
        meaning: What happens to an image, in a few words.
        change: Does it.
        amounts: What ``change`` is given at severity 1, 2, …
        severity: The one that MNIST-C is made with.
    """

    name: str
    meaning: str
    change: Change
    amounts: tuple[Any, ...]
    severity: int


_ALL = (
    Corruption("shot_noise", "grain of few counted photons", shot_noise, (60, 25, 12, 5, 3), 5),
    Corruption("impulse_noise", "black and white dots", impulse_noise, (0.03, 0.06, 0.09, 0.17, 0.27), 4),
    Corruption(
        "glass_blur",
        "seen through uneven glass",
        glass_blur,
        ((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2)),
        1,
    ),
    Corruption(
        "motion_blur", "moved while it was taken", motion_blur, ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15)), 1
    ),
    Corruption("shear", "slanted to either side", shear, (0.2, 0.4, 0.6, 0.8, 1.0), 2),
    Corruption("scale", "smaller", scale, (0.9, 0.8, 0.7, 0.6, 0.5), 3),
    Corruption("rotate", "turned to either side", rotate, (0.2, 0.4, 0.6, 0.8, 1.0), 2),
    Corruption("brightness", "lighter throughout", brightness, (0.1, 0.2, 0.3, 0.4, 0.5), 5),
    Corruption("translate", "moved along both axes", translate, (1, 2, 3, 4, 5), 3),
    Corruption("stripe", "inverted at its left and right", stripe, (0.25,), 1),
    Corruption("fog", "behind fog", fog, ((1.5, 2.0), (2.0, 2.0), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4)), 5),
    Corruption(
        "spatter",
        "spots of mud",
        spatter,
        ((4, 0.69, 0.6, 0.3), (3, 0.68, 0.6, 0.3), (2, 0.68, 0.5, 0.3), (1, 0.65, 1.5, 0.3), (1, 0.65, 1.5, 0.4)),
        4,
    ),
    Corruption("dotted_line", "crossed by a dotted line", dotted_line, (2,), 1),
    Corruption("zigzag", "crossed by a zigzag", zigzag, (2,), 1),
    Corruption("canny_edges", "only its edges", canny_edges, (1.0,), 1),
)

CORRUPTIONS: dict[str, Corruption] = {corruption.name: corruption for corruption in _ALL}
"""The corruptions of MNIST-C by name, in the paper's order."""

"""What a network is trained on, prepared for it."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Samples"]


@dataclass(frozen=True)
class Samples:
    """What a network is trained on, prepared for it.

    Attributes:
        x: Inputs, shape (n, *input_shape), float32.
        y: Targets as the loss wants them, shape (n, …).
        validation: The same for validation, or ``None``.
    """

    x: np.ndarray
    y: np.ndarray
    validation: tuple[np.ndarray, np.ndarray] | None

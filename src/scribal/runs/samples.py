"""What a network is trained on, prepared for it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Pair", "Samples"]

Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Samples:
    """What a network is trained on, prepared for it.

    Attributes:
        x: Inputs, shape (n, *input_shape), float32.
        y: Targets as the loss wants them, shape (n, …).
        validation: The same for validation, or ``None``.
        renew: Makes the inputs and targets of an epoch, by its number, always as many; ``None`` where every epoch has
            the same. It is given what to call now and then, and stops when that raises.
        added: Samples that an epoch has beyond ``x``, where it is renewed.
    """

    x: np.ndarray
    y: np.ndarray
    validation: Pair | None
    renew: Callable[[int, Callable[[], None]], Pair] | None = None
    added: int = 0

    @property
    def count(self) -> int:
        """Samples in an epoch."""
        return len(self.x) + self.added

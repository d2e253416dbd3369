"""L1 and L2 penalties on weights, as ``keras.regularizers`` defines them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_PENALTY", "Regularizer"]


@dataclass(frozen=True)
class Regularizer:
    """A penalty ``l1 * sum(|w|) + l2 * sum(w ** 2)`` added to the loss; zero by default.

    Raises:
        ValueError: A factor is negative.
    """

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        if self.l1 < 0 or self.l2 < 0:
            raise ValueError(f"Regularizer factors must not be negative. Received: l1={self.l1}, l2={self.l2}")

    def __bool__(self) -> bool:
        return bool(self.l1 or self.l2)

    def penalty(self, weights: NDArray[np.floating]) -> float:
        """The penalty on an array of weights."""
        return float(self.l1 * np.abs(weights).sum() + self.l2 * np.square(weights).sum())

    def slope(self, weights: NDArray[np.floating]) -> NDArray[np.floating]:
        """The gradient of the penalty; that of ``|w|`` is one at zero, as JAX has it."""
        return self.l1 * np.where(weights >= 0, 1, -1) + 2 * self.l2 * weights


NO_PENALTY = Regularizer()

"""L1 and L2 penalties on weights, as ``keras.regularizers`` defines them."""

from dataclasses import dataclass

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


NO_PENALTY = Regularizer()

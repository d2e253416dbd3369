"""Memory set aside before a program runs: one run of vectors for each thread, one for each group of the batch."""

from dataclasses import dataclass, field
from typing import Literal

from scribal.engine.layout import Layout, dense_layout

__all__ = ["Buffer", "Memory", "Place"]

Place = Literal["thread", "batch"]


@dataclass(frozen=True)
class Buffer:
    """Vectors set aside for one group of images.

    Attributes:
        where: ``"thread"``: one for each thread. ``"batch"``: one for each group of the batch.
        offset: Position in the thread's memory or in the batch's (for each group before it), in vectors.
        layout: How values lie in it.
    """

    where: Place
    offset: int
    layout: Layout


@dataclass
class Memory:
    """Counts what has been set aside.

    Attributes:
        vectors: Vectors for each thread, and for each group of the batch.
    """

    vectors: dict[Place, int] = field(default_factory=lambda: {"thread": 0, "batch": 0})

    def take(self, where: Place, layout: Layout) -> Buffer:
        """Set aside room for values of a layout."""
        buffer = Buffer(where, self.vectors[where], layout)
        self.vectors[where] += layout.size
        return buffer

    def take_vectors(self, count: int) -> Buffer:
        """Set aside a number of vectors for each thread."""
        return self.take("thread", dense_layout((count,)))

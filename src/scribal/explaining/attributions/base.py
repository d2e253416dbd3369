"""What all methods of attribution give."""

from dataclasses import dataclass

from scribal.explaining.image_network import Array

__all__ = ["Attribution"]


@dataclass(frozen=True)
class Attribution:
    """How much each pixel counts for a class's score.

    Attributes:
        method: The method's name in the literature.
        values: Shape (height, width), float32; above 0 speaks for the class, below 0 against it.
        unit: What one number means.
        source: Who described the method, and where.
    """

    method: str
    values: Array
    unit: str
    source: str

"""Where digits stand: lines of numbers of digits, in units of a digit's height."""

from dataclasses import dataclass

import numpy as np

__all__ = ["LAYOUTS", "Layout", "draw_layout"]

LAYOUTS = ("number", "lines", "columns", "boxes")


@dataclass(frozen=True)
class Layout:
    """Lines of numbers, as texts, and the room between them.

    Attributes:
        lines: For each line its numbers, strings of digits.
        pitch: From line to line, in heights of a digit.
        column: Width of a column in heights of a digit; None where numbers follow one another.
    """

    lines: tuple[tuple[str, ...], ...]
    pitch: float
    column: float | None = None


def draw_layout(name: str, generator: np.random.Generator) -> Layout:
    """Draw numbers and where they stand.

    Args:
        name: ``number`` (one), ``lines``, ``columns`` (as in a table) or ``boxes`` (each digit in one of its own).
        generator: Where chance comes from.
    """

    def number(fewest: int, most: int) -> str:
        return "".join(str(digit) for digit in generator.integers(0, 10, generator.integers(fewest, most + 1)))

    if name == "number":
        return Layout(((number(3, 7),),), pitch=2.0)
    if name == "columns":
        rows, columns = generator.integers(3, 7), generator.integers(2, 5)
        lines = tuple(tuple(number(1, 3) for _ in range(columns)) for _ in range(rows))
        return Layout(lines, pitch=generator.uniform(1.7, 2.1), column=5.0)
    if name == "boxes":
        return Layout(tuple((number(4, 8),) for _ in range(generator.integers(2, 5))), pitch=2.3)
    lines = tuple(tuple(number(2, 5) for _ in range(generator.integers(1, 4))) for _ in range(generator.integers(2, 6)))
    return Layout(lines, pitch=generator.uniform(1.7, 2.3))

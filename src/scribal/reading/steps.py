"""Which steps of the way from picture to digits are done: all, except where the worth of one is measured."""

from dataclasses import dataclass

__all__ = ["Steps"]


@dataclass(frozen=True)
class Steps:
    """The steps that can be left out.

    Attributes:
        ruling: Lines, squares and frames are taken out.
        grouping: Strokes that belong to one digit are joined, and what is beside the digits left out.
        splitting: Digits that touch are parted.
        rejecting: What is no digit is left out of the text.
    """

    ruling: bool = True
    grouping: bool = True
    splitting: bool = True
    rejecting: bool = True

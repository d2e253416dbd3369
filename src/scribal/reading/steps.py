"""Which steps of the way from picture to digits are done, and how: the usual way, unless their worth is measured.

``tools/measure_ablation.py`` leaves each of them out in turn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scribal.data.dataset import Array
from scribal.reading.characters import to_characters
from scribal.reading.paper import Ink, find_ink
from scribal.reading.single import SingleMark, find_single

__all__ = ["Steps"]


@dataclass(frozen=True)
class Steps:
    """The steps that can be left out or done in another way.

    Attributes:
        find_ink: Tells ink from paper.
        find_single: Finds the digit on a picture of one.
        ruling: Lines, squares and frames are taken out.
        joining: Strokes that belong to one digit are joined.
        splitting: Digits that touch are parted.
        to_characters: Makes images such as MNIST's of the ink of single characters.
        context: What is around a mark decides, too, whether it is a digit.
        rejecting: What is no digit is left out of the text.
    """

    find_ink: Callable[[Array], Ink] = find_ink
    find_single: Callable[[Array], SingleMark] = find_single
    ruling: bool = True
    joining: bool = True
    splitting: bool = True
    to_characters: Callable[[Sequence[Array]], Array] = to_characters
    context: bool = True
    rejecting: bool = True

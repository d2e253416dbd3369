"""Pages of handwritten numbers made from MNIST's digits, with the truth about them: text and boxes.

A page goes the way that a photo goes: digits are written (``writing``) in numbers and lines (``layouts``) with a pen on
a paper (``pens``, ``papers``), light falls on it (``lights``), and a camera takes it (``cameras``). ``kinds`` has the
catalogue of what pages are like; ``pages`` makes them; ``scoring`` compares what was read with what was written. The
same kind and seed always give the same page.

Pages of the part ``train`` (the last 5,000 training images) are for developing, those of ``test`` for what is told.
"""

from tools.synthetic_pages.kinds import KINDS, Style, draw_style
from tools.synthetic_pages.pages import SyntheticPage, WrittenDigit, make_page
from tools.synthetic_pages.scoring import Score, score_reading
from tools.synthetic_pages.touching import write_touching
from tools.synthetic_pages.writing import Hand

__all__ = [
    "KINDS",
    "Hand",
    "Score",
    "Style",
    "SyntheticPage",
    "WrittenDigit",
    "draw_style",
    "make_page",
    "score_reading",
    "write_touching",
]

"""A sheet for samples of handwriting: drawn, printed, filled in, photographed, found again and cut into its cells.

::

    layout.py      where everything is on a page, in millimetres, and what its marks say
    marks.py       the four marks: drawn, and found on a photo
    drawing.py     the PDF
    finding.py     photo -> page -> straightened page
    settling.py    where the boxes are on paper that is not flat
    printing.py    what is printed falls away
    cutting.py     straightened page -> cells, each with its ink
"""

from scribal.reading.sheet.cutting import CellState, CutCell, cut_cells
from scribal.reading.sheet.drawing import SAMPLES, draw_page, pages_for, write_sheet
from scribal.reading.sheet.finding import FoundPage, find_pages, marks_seen
from scribal.reading.sheet.layout import PAPERS, PageCode, cells_of

__all__ = [
    "PAPERS",
    "SAMPLES",
    "CellState",
    "CutCell",
    "FoundPage",
    "PageCode",
    "cells_of",
    "cut_cells",
    "draw_page",
    "find_pages",
    "marks_seen",
    "pages_for",
    "write_sheet",
]

"""The sheet as a PDF to print, and each page as a Matplotlib figure.

Boxes and their digits are printed in a light orange. It falls away when a photo is read: pens are blue, black, green
or red, and each of them is far darker in one of the colours than orange is.
"""

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.exceptions import ArgumentError, RunError, UnknownNameError
from scribal.files import whole_file
from scribal.reading.sheet.layout import (
    BOX_LINE,
    FRAME_HEIGHT,
    FRAME_WIDTH,
    LABEL_HEIGHT,
    MARK_SIDE,
    MOST_PAGES,
    MOST_ROWS,
    PAPERS,
    Box,
    PageCode,
    cells_of,
    mark_boxes,
)
from scribal.reading.sheet.marks import mark_bits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SAMPLES", "draw_page", "pages_for", "write_sheet"]

SAMPLES = 10
"""How often each digit is written, if nothing else is asked for: one page."""

LINE_COLOUR = "#f6b48c"
_LABEL_COLOUR = "#ee9460"
_INK = "#1f2328"
_FAINT_INK = "#59636e"
_FONT = "DejaVu Sans"
_MILLIMETRES_PER_INCH = 25.4
_POINTS_PER_MILLIMETRE = 72 / _MILLIMETRES_PER_INCH
_TEXT_LEFT = MARK_SIDE + 5.0
_INSTRUCTIONS = (
    "1   Write into each box the small digit above it, the way you always write, with any dark pen.",
    "2   A slip? Cross the box out with a large X, from corner to corner. Boxes may stay empty.",
    "3   Photograph or scan the whole page, with all four black squares on it.",
)


def write_sheet(
    path: str | os.PathLike[str], *, paper: str = "a4", samples: int = SAMPLES, overwrite: bool = False
) -> Path:
    """Write a sheet for samples of handwriting as a PDF to print.

    Args:
        path: The PDF file.
        paper: ``"a4"`` or ``"letter"``.
        samples: How often each digit is to be written. Ten fit on a page; there are at most 250.
        overwrite: Whether a file that exists may be replaced.

    Returns:
        The file.

    Raises:
        ArgumentError: The name does not end in ``.pdf``, the file exists, or there are too few or too many samples.
        UnknownNameError: There is no paper of that name.
        RunError: The file cannot be written.
    """
    target = Path(path)
    codes = pages_for(samples)
    if target.suffix.lower() != ".pdf":
        raise ArgumentError(
            "A sheet is a PDF file", received=str(target), advice="Give it a name that ends in .pdf, as in sheet.pdf"
        )
    if target.is_dir():
        raise RunError("A sheet must go to a file", received=f"{target}: a folder", advice="Choose another name")
    if target.exists() and not overwrite:
        raise ArgumentError(
            "A sheet must not replace what exists",
            received=f"{target} exists",
            advice="Choose another name, or replace it with --force (overwrite=True)",
        )
    from matplotlib.backends.backend_pdf import PdfPages

    facts: dict[str, Any] = {"Title": "Sheet for samples of handwriting", "Creator": "scribal", "CreationDate": None}
    with whole_file(target) as temporary, PdfPages(temporary, metadata=facts) as file:
        for code in codes:
            file.savefig(draw_page(code, len(codes), paper))
    return target


def pages_for(samples: int) -> tuple[PageCode, ...]:
    """The pages on which each digit can be written so many times.

    Raises:
        ArgumentError: They are fewer than 1 or more than 250.
    """
    if not 1 <= samples <= MOST_PAGES * MOST_ROWS:
        raise ArgumentError(
            f"Samples must be from 1 to {MOST_PAGES * MOST_ROWS} of each digit",
            received=f"samples={samples}",
            advice=f"Ten fit on a page: give --samples {SAMPLES}",
        )
    pages = math.ceil(samples / MOST_ROWS)
    return tuple(PageCode(page + 1, min(MOST_ROWS, samples - page * MOST_ROWS)) for page in range(pages))


def draw_page(code: PageCode, pages: int, paper: str = "a4") -> "Figure":
    """Draw one page in its true size.

    Args:
        code: Which page it is, and its rows.
        pages: How many the sheet has.
        paper: ``"a4"`` or ``"letter"``.

    Raises:
        UnknownNameError: There is no paper of that name.
    """
    from matplotlib.figure import Figure

    if paper.lower() not in PAPERS:
        raise UnknownNameError("paper", paper, PAPERS)
    width, height = PAPERS[paper.lower()]
    left, top = (width - FRAME_WIDTH) / 2, (height - FRAME_HEIGHT) / 2
    figure = Figure(figsize=(width / _MILLIMETRES_PER_INCH, height / _MILLIMETRES_PER_INCH), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    # One unit is a millimetre, from the frame's upper left corner, y down.
    axes.set_xlim(-left, width - left)
    axes.set_ylim(height - top, -top)
    for number, box in zip(code.mark_numbers, mark_boxes(), strict=True):
        _draw_mark(axes, number, box)
    _write(axes, _TEXT_LEFT, 2.3, "Your handwriting", size=13, weight="bold")
    for line, text in enumerate(_INSTRUCTIONS):
        _write(axes, _TEXT_LEFT, 6.7 + 3.5 * line, text, size=8)
    for cell in cells_of(code.rows):
        _draw_box(axes, cell.box)
        middle = cell.box.x + cell.box.width / 2
        _write(
            axes,
            middle,
            cell.box.y - LABEL_HEIGHT / 2 - 0.2,
            str(cell.digit),
            size=8.5,
            colour=_LABEL_COLOUR,
            align="center",
        )
    _write_footer(axes, code, pages)
    return figure


def _write_footer(axes: "Axes", code: PageCode, pages: int) -> None:
    bottom = FRAME_HEIGHT - 2.2
    which = f"Page {code.page} of {pages}" if pages > 1 else "One page"
    _write(axes, _TEXT_LEFT, bottom, f"{which}, {10 * code.rows} boxes", size=8, colour=_FAINT_INK)
    right = FRAME_WIDTH - _TEXT_LEFT
    _write(axes, right, bottom, "then: scribal score PHOTO", size=8, colour=_FAINT_INK, align="right")


def _draw_box(axes: "Axes", box: Box) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (box.x, box.y),
            box.width,
            box.height,
            facecolor="none",
            edgecolor=LINE_COLOUR,
            linewidth=BOX_LINE * _POINTS_PER_MILLIMETRE,
            joinstyle="miter",
        )
    )


def _draw_mark(axes: "Axes", number: int, box: Box) -> None:
    """A black square with its white modules, those side by side in one piece."""
    from matplotlib.patches import Rectangle

    bits = mark_bits(number)
    side = box.width / len(bits)
    axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, facecolor="black", linewidth=0))
    for row, values in enumerate(bits):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], values, [0]])))
        for start, end in edges.reshape(-1, 2):
            place = (box.x + start * side, box.y + row * side)
            axes.add_patch(Rectangle(place, (end - start) * side, side, facecolor="white", linewidth=0))


def _write(
    axes: "Axes",
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    colour: str = _INK,
    weight: str = "normal",
    align: str = "left",
) -> None:
    """Write a line whose middle is at ``y``."""
    axes.text(
        x,
        y,
        text,
        fontsize=size,
        fontfamily=_FONT,
        fontweight=weight,
        color=colour,
        ha=align,
        va="center_baseline",
    )

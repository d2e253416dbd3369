"""Sheets for samples of handwriting, filled in with MNIST's digits and photographed, with the truth about every box."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import cv2
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from scribal.reading.sheet import PAPERS, PageCode, cells_of, draw_page
from scribal.reading.sheet.layout import FRAME_HEIGHT, FRAME_WIDTH, Cell
from tools.synthetic_pages.cameras import expose, find_view, take
from tools.synthetic_pages.kinds import Style
from tools.synthetic_pages.lights import make_light
from tools.synthetic_pages.pens import PENS, grain
from tools.synthetic_pages.writing import Array, Hand

__all__ = ["PHOTO", "FilledSheet", "fill_sheet", "print_page"]

PHOTO = Style(
    size=(2000, 1500),
    pens=("black", "blue", "red", "pencil", "felt"),
    light="shadow",
    turn=8.0,
    perspective=0.04,
    table=True,
    blur=0.8,
    noise=4.0,
    quality=80,
)
"""A telephone's photo of a page on a table."""

_DOTS_PER_INCH = 150
_PER_MILLIMETRE = _DOTS_PER_INCH / 25.4
_HEIGHTS = (8.0, 11.5)  # millimetres of a digit
_CROSS = 0.5  # millimetres: the pen's width
_WIDEST = 12.5


@dataclass(frozen=True)
class FilledSheet:
    """A photo of a page, and what was written on it.

    Attributes:
        pixels: uint8 of shape (rows, columns, 3).
        boxes: By row and digit, x, y, width and height of the ink in the photo.
    """

    pixels: Array
    boxes: dict[tuple[int, int], tuple[int, int, int, int]]


def fill_sheet(
    code: PageCode,
    hand: Hand,
    style: Style = PHOTO,
    seed: int = 0,
    *,
    paper: str = "a4",
    empty: Collection[tuple[int, int]] = (),
    crossed_out: Collection[tuple[int, int]] = (),
    bend: float = 0.0,
    manner: Callable[[Array, int], Array] = lambda covered, _: covered,
) -> FilledSheet:
    """Fill in a page and photograph it.

    Args:
        code: Which page.
        hand: Who writes the digits.
        style: Pens, light and camera.
        seed: Another one gives other digits and another photo.
        paper: ``"a4"`` or ``"letter"``.
        empty: Row and digit of boxes that stay empty.
        crossed_out: Row and digit of boxes that are crossed out.
        bend: Millimetres by which the middle of the page is moved against its edges.
        manner: What is peculiar about the writing: given how each pixel is covered and the digit, it says it anew.
    """
    generator = np.random.default_rng(seed)
    sheet, origin = print_page(code, paper)
    hulls = {}
    for cell in cells_of(code.rows):
        place = (cell.row, cell.digit)
        if place in empty:
            continue
        pen = PENS[str(generator.choice(style.pens))]
        stroke = None if pen.stroke is None else generator.uniform(*pen.stroke)
        height = generator.uniform(*_HEIGHTS) * _PER_MILLIMETRE
        covered = manner(hand.write(hand.pick(cell.digit, generator), height, stroke), cell.digit)
        part, corner = _place_in(sheet, covered, cell, origin, generator)
        ink = (covered * pen.cover * grain(covered.shape, pen.grain, generator))[..., None]
        part += (np.array(pen.colour, np.float32) - part) * ink
        hulls[place] = cv2.convexHull(np.argwhere(covered > 0.5)[:, ::-1].astype(np.int32))[:, 0] + corner
        if place in crossed_out:
            _cross_out(sheet, cell, origin, pen.colour)
    corners = np.array([[0, 0], [sheet.shape[1], 0], [sheet.shape[1], sheet.shape[0]], [0, sheet.shape[0]]], float)
    if bend:
        most, shape = bend * _PER_MILLIMETRE, sheet.shape[:2]
        sheet = _bent(sheet, most)
        hulls = {
            place: hull - np.stack(_moves(hull[:, 0].astype(float), hull[:, 1].astype(float), shape, most), 1)
            for place, hull in hulls.items()
        }
    view = find_view(sheet.shape[:2], style.size, corners, style, generator)
    picture = take(sheet, view, style.size, style, generator)
    picture = expose(picture * make_light(style.light, style.size, generator)[..., None], style, generator)
    seen = {place: cv2.perspectiveTransform(hull[None].astype(float), view)[0] for place, hull in hulls.items()}
    return FilledSheet(picture, {place: _around(hull) for place, hull in seen.items()})


def _around(hull: Array) -> tuple[int, int, int, int]:
    x, y, width, height = cv2.boundingRect(hull.astype(np.float32))
    return x, y, width, height


def print_page(code: PageCode, paper: str = "a4") -> tuple[Array, tuple[float, float]]:
    """Print a page: float32 of shape (rows, columns, 3), and where its frame begins, in millimetres."""
    figure = draw_page(code, code.page, paper)
    figure.set_dpi(_DOTS_PER_INCH)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = PAPERS[paper]
    origin = ((width - FRAME_WIDTH) / 2, (height - FRAME_HEIGHT) / 2)
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(np.float32), origin


def _place_in(
    sheet: Array, covered: Array, cell: Cell, origin: tuple[float, float], generator: np.random.Generator
) -> tuple[Array, Array]:
    """Find a place in a box: the part of the sheet there, and its corner in pixels."""
    box = cell.box
    room = np.array([box.width, box.height]) * _PER_MILLIMETRE - covered.shape[::-1]
    corner = (np.array([box.x, box.y]) + origin) * _PER_MILLIMETRE + room * generator.uniform(0.2, 0.8, 2)
    x, y = np.rint(corner).astype(int)
    return sheet[y : y + covered.shape[0], x : x + covered.shape[1]], np.array([x, y])


def _cross_out(sheet: Array, cell: Cell, origin: tuple[float, float], colour: tuple[int, int, int]) -> None:
    left, top = (np.array([cell.box.x, cell.box.y]) + origin) * _PER_MILLIMETRE
    right, bottom = left + cell.box.width * _PER_MILLIMETRE, top + cell.box.height * _PER_MILLIMETRE
    ends = [(left + 4, top + 7, right - 8, bottom - 3), (right + 2, top + 2, left + 7, bottom - 8)]
    for x, y, to_x, to_y in ends:
        width = round(_CROSS * _PER_MILLIMETRE)
        cv2.line(sheet, (round(x), round(y)), (round(to_x), round(to_y)), colour, width, cv2.LINE_AA)


def _bent(sheet: Array, most: float) -> Array:
    """Paper that is curved: its middle is seen elsewhere than it would be on a flat page."""
    down, across = np.mgrid[: sheet.shape[0], : sheet.shape[1]].astype(np.float32)
    to_right, to_bottom = _moves(across, down, sheet.shape[:2], most)
    return cv2.remap(sheet, across + to_right, down + to_bottom, cv2.INTER_LINEAR, borderValue=(255, 255, 255))


def _moves(across: Array, down: Array, shape: tuple[int, ...], most: float) -> tuple[Array, Array]:
    """How far from a place, to the right and down, stands what is seen there."""
    rows, columns = shape
    bow, sag = np.sin(np.pi * down / rows), np.sin(np.pi * across / columns)
    return np.float32(most / 2) * bow, np.float32(most) * sag

"""Sheets: PNG files of small pictures side by side, each with a caption, under one title.

Pillow draws them in milliseconds, pixels kept square and sharp.
"""

import functools
import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scribal.explaining.colours import Pixels
from scribal.files import whole_file

__all__ = ["Tile", "write_sheet"]

_PAPER, _INK, _FAINT, _EDGE = "#ffffff", "#1f2328", "#59636e", "#c8ced4"
_TITLE_SIZE, _CAPTION_SIZE = 16, 12
_MARGIN, _GAP = 16, 12
_LEAST_SIDE = 96
_WIDEST = 1440
_LINE = 18


@dataclass(frozen=True)
class Tile:
    """One picture of a sheet.

    Attributes:
        pixels: Shape (height, width) or (height, width, 3).
        caption: Stands below it; each of its lines is one.
    """

    pixels: Pixels
    caption: str = ""


def write_sheet(path: Path, title: str, tiles: Sequence[Tile], least_side: int = _LEAST_SIDE) -> None:
    """Write a sheet, whole or not at all.

    Args:
        path: The PNG file.
        title: Heads it.
        tiles: All of one size, or nearly.
        least_side: Pixels are enlarged evenly until the longer side of a tile has at least so many.
    """
    from PIL import Image, ImageDraw, ImageFont

    title_font, caption_font = (ImageFont.truetype(_font_file(), size) for size in (_TITLE_SIZE, _CAPTION_SIZE))
    pictures = [Image.fromarray(_enlarged(tile.pixels, least_side)) for tile in tiles]
    captions = [tile.caption.split("\n") if tile.caption else [] for tile in tiles]
    letters = max((caption_font.getlength(line) for lines in captions for line in lines), default=0)
    cell_width = math.ceil(max([letters, *(picture.width for picture in pictures)]))
    cell_height = max(picture.height for picture in pictures) + _LINE * max(map(len, captions)) + _GAP
    columns = max(1, min(len(tiles), (_WIDEST - 2 * _MARGIN + _GAP) // (cell_width + _GAP)))
    rows = math.ceil(len(tiles) / columns)
    width = max(columns * (cell_width + _GAP) - _GAP, math.ceil(title_font.getlength(title))) + 2 * _MARGIN
    top = _MARGIN + _TITLE_SIZE + _GAP
    sheet = Image.new("RGB", (width, top + rows * cell_height + _MARGIN - _GAP), _PAPER)
    drawing = ImageDraw.Draw(sheet)
    drawing.text((_MARGIN, _MARGIN - 4), title, fill=_INK, font=title_font)
    for number, (picture, lines) in enumerate(zip(pictures, captions, strict=True)):
        row, column = divmod(number, columns)
        left, upper = _MARGIN + column * (cell_width + _GAP), top + row * cell_height
        sheet.paste(picture, (left, upper))
        drawing.rectangle((left - 1, upper - 1, left + picture.width, upper + picture.height), outline=_EDGE)
        for index, line in enumerate(lines):
            place = (left, upper + picture.height + 3 + index * _LINE)
            drawing.text(place, line, fill=_FAINT if index else _INK, font=caption_font)
    with whole_file(path) as temporary:
        sheet.save(temporary, "PNG", compress_level=3)


@functools.cache
def _font_file() -> str:
    """DejaVu Sans, which Matplotlib brings; to find it, Matplotlib need not be loaded."""
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf")


def _enlarged(pixels: Pixels, least_side: int) -> Pixels:
    times = max(1, math.ceil(least_side / max(pixels.shape[:2])))
    return np.ascontiguousarray(pixels.repeat(times, axis=0).repeat(times, axis=1))

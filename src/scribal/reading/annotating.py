"""A picture with what was read in it: a box and the answer for each mark.

The colours are those of M. Okabe and K. Ito that people tell apart who see fewer of them
(https://jfly.uni-koeln.de/color/): blue for what is sure, orange for what is in doubt or was changed, and a dashed
reddish box, crossed out, for what is no digit.
"""

from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.result import Reading

if TYPE_CHECKING:
    from PIL import ImageDraw

__all__ = ["annotate"]

_SURE = (0, 90, 170)
_DOUBTFUL = (205, 110, 0)
_REJECTED = (190, 60, 110)
_GROUND = (255, 255, 255, 215)
_SMALLEST_SIDE = 480  # pixels: smaller pictures are enlarged, so that letters have room
_LABEL = 0.5  # of the height of most boxes
_SMALLEST_LABEL, _LARGEST_LABEL = 13, 64  # pixels
_DASH = 4  # lines' widths

Corners = tuple[float, float, float, float]


def annotate(pixels: Array, reading: Reading) -> Array:
    """Draw what was read onto a picture.

    Args:
        pixels: uint8 of shape (rows, columns, 3), RGB; the picture that was read, upright, of any size.
        reading: What was read in it.

    Returns:
        uint8 of shape (rows, columns, 3), no smaller than the picture.
    """
    from PIL import Image, ImageDraw

    image = Image.fromarray(pixels)
    factor = max(1, -(-_SMALLEST_SIDE // max(image.size)))
    image = image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)
    across, down = image.width / reading.size[0], image.height / reading.size[1]
    layer = Image.new("RGBA", image.size)
    pen = ImageDraw.Draw(layer)
    width = max(2, round(max(image.size) / 700))
    heights = [digit.box[3] * down for digit in reading.digits if not digit.rejected]
    letters = min(max(float(np.median(heights or [0])) * _LABEL, _SMALLEST_LABEL), _LARGEST_LABEL)
    labels = []
    for digit in reading.digits:
        x, y, wide, high = digit.box
        corners = (x * across - width, y * down - width, (x + wide) * across + width, (y + high) * down + width)
        if digit.rejected:
            _dash(pen, corners, width)
            pen.line((corners[0], corners[3], corners[2], corners[1]), _REJECTED, width)
            continue
        colour = _DOUBTFUL if digit.is_doubtful or digit.read_as else _SURE
        pen.rectangle(corners, outline=colour, width=width)
        text = digit.digit + ("*" if digit.read_as else "?" if digit.is_doubtful else "")
        labels.append((_place(pen, text, corners, image.size, letters), text, colour))
    # No label's ground hides what another says.
    for (ground, _), _, _ in labels:
        pen.rectangle(ground, fill=_GROUND)
    for (_, place), text, colour in labels:
        pen.text(place, text, fill=colour, font_size=letters)
    drawn: Array = np.asarray(Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB"))
    return drawn


def _place(
    pen: "ImageDraw.ImageDraw", text: str, corners: Corners, size: tuple[int, int], letters: float
) -> tuple[Corners, tuple[float, float]]:
    """Find the place of an answer above its box or, at the picture's top, below it: its ground, and its origin."""
    left, top, _, bottom = corners
    ink = pen.textbbox((0, 0), text, font_size=letters)
    margin = (ink[3] - ink[1]) / 5
    wide, high = ink[2] - ink[0] + 2 * margin, ink[3] - ink[1] + 2 * margin
    x = max(min(max(left, 0), size[0] - wide), 0)
    y = top - high if top >= high else max(min(bottom, size[1] - high), 0)
    return (x, y, x + wide, y + high), (x + margin - ink[0], y + margin - ink[1])


def _dash(pen: "ImageDraw.ImageDraw", corners: Corners, width: int) -> None:
    left, top, right, bottom = corners
    step = _DASH * width
    for start in np.arange(left, right, 2 * step):
        for y in (top, bottom):
            pen.line((start, y, min(start + step, right), y), _REJECTED, width)
    for start in np.arange(top, bottom, 2 * step):
        for x in (left, right):
            pen.line((x, start, x, min(start + step, bottom)), _REJECTED, width)

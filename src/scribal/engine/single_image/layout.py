"""Where the numbers of one image lie: pixel after pixel, the channels of a pixel side by side.

``[row][column][channel]``, counted in floats. The channels of a pixel are worked on in *runs*: whole vectors first, and
a narrower one for what is left, so that few lanes stay empty. A layout keeps room for the last vector's empty lanes
and, around the image, for the zeros that a convolution's window reaches over the edge for.
"""

from dataclasses import dataclass
from math import prod

from scribal.engine.layout import Layout
from scribal.engine.operations import Shape

__all__ = ["NO_BORDER", "Border", "Run", "image_layout", "pixels_of", "room_for", "runs_of", "widths_of"]

# Zeros above, below, left and right of an image.
Border = tuple[int, int, int, int]
NO_BORDER: Border = (0, 0, 0, 0)

_NARROWEST = 4


@dataclass(frozen=True)
class Run:
    """Vectors of one width, side by side: ``count`` of them from channel ``first`` on."""

    first: int
    width: int
    count: int


def widths_of(channels: int, lanes: int) -> tuple[int, ...]:
    """Widths of the vectors that hold so many channels.

    >>> widths_of(36, 16), widths_of(10, 16), widths_of(3, 8)
    ((16, 16, 4), (16,), (4,))
    """
    whole, rest = divmod(channels, lanes)
    narrow = min(max(1 << (rest - 1).bit_length(), _NARROWEST), lanes) if rest else 0
    return (lanes,) * whole + ((narrow,) if narrow else ())


def runs_of(channels: int, lanes: int) -> tuple[Run, ...]:
    """The same vectors as runs: those that are full, and the one behind them."""
    widths, full = widths_of(channels, lanes), channels // lanes
    runs = [Run(0, lanes, full)] if full else []
    return (*runs, *[Run(full * lanes, width, 1) for width in widths[full:]])


def room_for(channels: int, lanes: int) -> int:
    """Floats that a pixel takes with the last vector's empty lanes."""
    return sum(widths_of(channels, lanes))


def pixels_of(shape: Shape) -> tuple[int, int, int]:
    """See any shape as rows, columns and channels; the last axis gives the channels.

    >>> pixels_of((28, 28, 3)), pixels_of((7, 5)), pixels_of((10,))
    ((28, 28, 3), (1, 7, 5), (1, 1, 10))
    """
    if len(shape) == 3:  # noqa: PLR2004 - an image
        return shape
    return 1, prod(shape[:-1]), shape[-1]


def image_layout(shape: Shape, column_step: int, border: Border = NO_BORDER) -> Layout:
    """Lay out an image.

    Args:
        shape: Of the image.
        column_step: Floats from a pixel to the next.
        border: Zeros around the image.
    """
    rows, columns, channels = pixels_of(shape)
    above, below, left, right = border
    row_step = (left + columns + right) * column_step
    first = above * row_step + left * column_step
    return Layout((rows, columns, channels), row_step, column_step, first, (above + rows + below) * row_step)

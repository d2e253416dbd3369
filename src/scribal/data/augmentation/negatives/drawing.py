"""Strokes of a pen that writes nothing in particular, on 28x28 pixels."""

import numpy as np
import numpy.typing as npt

from scribal.data.augmentation.placement import SIDE
from scribal.data.dataset import Array

__all__ = ["Points", "blank", "draw", "smooth"]

Points = npt.NDArray[np.float64]
"""Columns and rows, of shape (n, 2)."""

_FINE = 4  # cv2 draws with so many fractional bits
_STEPS = 8  # points between two of a curve


def blank() -> Array:
    """A character of no ink."""
    return np.zeros((SIDE, SIDE), np.uint8)


def draw(character: Array, points: Points, width: float, ink: int = 255) -> None:
    """Draw a stroke along points, with soft edges, onto what is there.

    Args:
        character: uint8 of shape (28, 28).
        points: Where it goes.
        width: Of the stroke, in pixels.
        ink: Its strength.
    """
    import cv2

    # Twice as large first: OpenCV's strokes have whole widths.
    layer = np.zeros((2 * SIDE, 2 * SIDE), np.uint8)
    fine = np.rint((2 * points + 0.5) * 2**_FINE).astype(np.int32)
    thickness = max(1, round(2 * width))
    cv2.polylines(layer, [fine], isClosed=False, color=ink, thickness=thickness, lineType=cv2.LINE_AA, shift=_FINE)
    small = cv2.resize(layer, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    np.maximum(character, small, out=character)


def smooth(points: Points) -> Points:
    """A curve through points: E. Catmull and R. Rom's spline (Computer Aided Geometric Design, 1974)."""
    if len(points) < 3:  # noqa: PLR2004 (two make a line)
        return points
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    before, first, second, after = ends[:-3], ends[1:-2], ends[2:-1], ends[3:]
    t = (np.arange(_STEPS) / _STEPS)[:, None, None]
    curve = 0.5 * (
        2 * first
        + (second - before) * t
        + (2 * before - 5 * first + 4 * second - after) * t**2
        + (3 * first - before - 3 * second + after) * t**3
    )
    return np.concatenate([curve.swapaxes(0, 1).reshape(-1, 2), points[-1:]])

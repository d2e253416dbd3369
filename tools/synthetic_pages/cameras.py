"""What a camera makes of a sheet: a view from an angle, blur, noise, and a JPEG."""

import cv2
import numpy as np

from tools.synthetic_pages.kinds import Style
from tools.synthetic_pages.writing import Array

__all__ = ["expose", "find_view", "take"]

_LEAST_MARGIN = 4  # pixels between a digit and the picture's edge
_SHRINK = 0.95


def find_view(
    sheet: tuple[int, int], picture: tuple[int, int], points: Array, style: Style, generator: np.random.Generator
) -> Array:
    """Find a view of a sheet that has all the writing in the picture.

    Args:
        sheet: Rows and columns of the sheet.
        picture: Rows and columns of the picture.
        points: Of all the writing, (x, y) on the sheet, shape (points, 2).
        style: Says how much the page is turned and seen from the side.
        generator: Where chance comes from.

    Returns:
        The homography from sheet to picture, shape (3, 3).
    """
    rows, columns = picture
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    moved = corners + generator.uniform(-1, 1, (4, 2)) * style.perspective * max(picture)
    slant = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    scale = 0.88 * min(rows / sheet[0], columns / sheet[1]) if style.table else 1.0
    while True:
        turn = np.vstack([cv2.getRotationMatrix2D((columns / 2, rows / 2), style.turn, scale), [0, 0, 1]])
        middle = np.array([[1, 0, (columns - sheet[1]) / 2], [0, 1, (rows - sheet[0]) / 2], [0, 0, 1]])
        view: Array = slant @ turn @ middle
        seen = cv2.perspectiveTransform(points[None].astype(np.float64), view)[0]
        room = np.array([columns, rows]) - 1 - _LEAST_MARGIN
        if (seen >= _LEAST_MARGIN).all() and (seen <= room).all():
            return view
        scale *= _SHRINK


def take(sheet: Array, view: Array, picture: tuple[int, int], style: Style, generator: np.random.Generator) -> Array:
    """Take the view of a sheet, float32 of shape (rows, columns, 3); around it is a table, or more of the paper."""
    size = picture[::-1]
    # On a table a sheet ends; else the picture is of its inside, and what is missing continues it.
    if not style.table:
        return cv2.warpPerspective(sheet, view, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    wood = ((70, 50, 38), (38, 38, 42), (120, 85, 55))[generator.integers(3)]
    table = np.empty((*picture, 3), np.float32)
    table[:] = wood
    fibres = cv2.GaussianBlur(generator.standard_normal(picture, dtype=np.float32), (0, 0), sigmaX=25, sigmaY=1.5)
    table += (fibres * 40)[:, :, None]
    taken = cv2.warpPerspective(sheet, view, size, flags=cv2.INTER_AREA)
    on = cv2.warpPerspective(np.ones(sheet.shape[:2], np.float32), view, size)[:, :, None]
    return taken * on + table * (1 - on)


def expose(picture: Array, style: Style, generator: np.random.Generator) -> Array:
    """Blur, add the sensor's noise, and store as the style's JPEG: uint8 of the same shape."""
    if style.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), style.blur)
    if style.noise:
        grey = generator.standard_normal((*picture.shape[:2], 1), dtype=np.float32)
        picture = picture + style.noise * grey
    pixels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    if style.quality is None:
        return pixels
    _, stored = cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, style.quality])
    decoded: Array = np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR))
    return np.ascontiguousarray(decoded[:, :, ::-1])

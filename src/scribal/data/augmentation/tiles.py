"""Many small pictures worked on at once: laid one below the other they are one tall picture to OpenCV.

A call of OpenCV on one character takes longer to begin than to end. The tall picture is the same memory seen in another
shape; nothing is copied. Characters stay apart because the ground around each is wider than what a filter looks at, or
because, in :func:`place`, a pixel is only taken from its own picture.
"""

import numpy as np
import numpy.typing as npt

from scribal.data.dataset import Array

__all__ = ["Floats", "apart", "place", "tall"]

Floats = npt.NDArray[np.float32]

_MARGIN = 2  # pixels of ground that cubic interpolation may look at


def tall(pictures: Array) -> Array:
    """See pictures of shape (n, height, width) as one of shape (n * height, width)."""
    count, height, width = pictures.shape
    return np.ascontiguousarray(pictures).reshape(count * height, width)


def apart(picture: Array, count: int) -> Array:
    """See a tall picture as ``count`` pictures again."""
    return picture.reshape(count, -1, picture.shape[1])


def place(pictures: Array, columns: Floats, rows: Floats, *, cubic: bool = False) -> Array:
    """Take every new pixel from a place of its own picture, between old pixels; what lies outside is 0.

    Args:
        pictures: uint8 of shape (n, height, width).
        columns: float32 of shape (n, new height, new width): the old column each new pixel comes from.
        rows: The same for its row.
        cubic: Whether to interpolate by cubic splines, which keeps edges sharp where pictures are enlarged.

    Returns:
        uint8 of shape (n, new height, new width).
    """
    import cv2

    count, height, width = pictures.shape
    padded = np.zeros((count, height + 2 * _MARGIN, width + 2 * _MARGIN), dtype=np.uint8)
    padded[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = pictures
    tops = (np.arange(count, dtype=np.float32) * padded.shape[1])[:, None, None]
    map_columns = np.clip(columns, -1, width) + np.float32(_MARGIN)
    map_rows = np.clip(rows, -1, height) + (tops + np.float32(_MARGIN))
    moved = cv2.remap(tall(padded), tall(map_columns), tall(map_rows), cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR)
    return apart(moved, count)

"""The ArUco marks in the corners of a page: what they look like, and where they are on a photo."""

from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array

if TYPE_CHECKING:
    import cv2

__all__ = ["find_marks", "mark_bits"]

_MODULES = 5
_BORDER = 1
# Marks are 1/23 of a page's height; on a page that fills a third of the photo they are still larger than this share.
_LEAST_PERIMETER = 0.015


def mark_bits(number: int) -> Array:
    """The modules of a mark with its black border, uint8 of shape (7, 7): 1 white, 0 black."""
    import cv2

    side = _MODULES + 2 * _BORDER
    return np.asarray(cv2.aruco.generateImageMarker(_dictionary(), number, side) > 0, np.uint8)


def find_marks(grey: Array) -> dict[int, Array]:
    """Find the marks on a photo.

    Args:
        grey: uint8 of shape (rows, columns).

    Returns:
        By the number of each mark its corners, float64 of shape (4, 2) with x and y in pixels: upper left, upper
        right, lower right, lower left, as the mark is printed. A number that is there twice is left out.
    """
    import cv2

    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.minMarkerPerimeterRate = _LEAST_PERIMETER
    corners, numbers, _ = cv2.aruco.ArucoDetector(_dictionary(), parameters).detectMarkers(grey)
    if numbers is None:
        return {}
    listed = [int(number) for number in numbers.ravel()]
    return {
        number: np.asarray(place, np.float64).reshape(4, 2)
        for number, place in zip(listed, corners, strict=True)
        if listed.count(number) == 1
    }


def _dictionary() -> "cv2.aruco.Dictionary":
    import cv2

    return cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_1000)

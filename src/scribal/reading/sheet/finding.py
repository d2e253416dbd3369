"""A page of the sheet on a photo: found by its marks, and straightened as if it had been scanned."""

from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.sheet.layout import FRAME_HEIGHT, FRAME_WIDTH, MARKS, PageCode, mark_boxes
from scribal.reading.sheet.marks import find_marks

__all__ = ["MARGIN", "RESOLUTION", "FoundPage", "find_pages", "marks_seen", "straighten"]

RESOLUTION = 8
"""Pixels for a millimetre of a straightened page: a telephone's photo of a whole page has about as many."""

MARGIN = 3.0
"""Millimetres around the frame that belong to a straightened page."""

_FEWEST_MARKS = 3
# A page that is not quite flat has its marks a little off; those of two different pages are far off.
_MOST_OFF = 3.0


@dataclass(frozen=True)
class FoundPage:
    """A page on a photo.

    Attributes:
        code: Which page it is, and its rows.
        to_photo: float64 of shape (3, 3): the homography from millimetres in the page's frame to pixels of the photo.
        marks: How many of its four marks were seen.
    """

    code: PageCode
    to_photo: Array = field(repr=False)
    marks: int


def find_pages(pixels: Array) -> tuple[FoundPage, ...]:
    """Find the pages of a sheet on a photo, turned and tilted in whatever way.

    Three of a page's four marks are enough.

    Args:
        pixels: uint8 of shape (rows, columns, 3), RGB.

    Returns:
        The pages, in the order of their numbers; usually one.
    """
    by_code: dict[PageCode, dict[int, Array]] = {}
    for number, corners in _marks_on(pixels).items():
        code, corner = PageCode.of_mark(number)
        by_code.setdefault(code, {})[corner] = corners
    found = [_page(code, marks) for code, marks in by_code.items()]
    return tuple(sorted((page for page in found if page is not None), key=lambda page: page.code.page))


def marks_seen(pixels: Array) -> int:
    """How many marks there are on a photo, whatever they belong to; for the message where no page was found."""
    return len(_marks_on(pixels))


def straighten(pixels: Array, page: FoundPage) -> Array:
    """Bring a page into the form it was printed in.

    Args:
        pixels: The photo, uint8 of shape (rows, columns, 3).
        page: Where the page is on it.

    Returns:
        uint8 of shape (rows, columns, 3): the frame with a margin of ``MARGIN``, ``RESOLUTION`` pixels to a millimetre.
    """
    import cv2

    size = (round((FRAME_WIDTH + 2 * MARGIN) * RESOLUTION), round((FRAME_HEIGHT + 2 * MARGIN) * RESOLUTION))
    # From the middles of straightened pixels to millimetres.
    offset = 0.5 / RESOLUTION - MARGIN
    to_frame = np.array([[1 / RESOLUTION, 0, offset], [0, 1 / RESOLUTION, offset], [0, 0, 1]])
    return np.asarray(
        cv2.warpPerspective(
            pixels,
            page.to_photo @ to_frame,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def _marks_on(pixels: Array) -> dict[int, Array]:
    import cv2

    return find_marks(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def _page(code: PageCode, marks: dict[int, Array]) -> FoundPage | None:
    """The page to which most of these marks belong, or none."""
    if len(marks) < _FEWEST_MARKS:
        return None
    to_photo = _homography(marks)
    if to_photo is not None:
        return FoundPage(code, to_photo, len(marks))
    if len(marks) < MARKS:
        return None
    # One of them is another page's, or was seen where there is none.
    for left_out in marks:
        others = {corner: place for corner, place in marks.items() if corner != left_out}
        to_photo = _homography(others)
        if to_photo is not None:
            return FoundPage(code, to_photo, len(others))
    return None


def _homography(marks: dict[int, Array]) -> Array | None:
    """The homography that brings these marks to their places, if there is one."""
    import cv2

    boxes = mark_boxes()
    corners = [
        [(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)]
        for box in (boxes[corner] for corner in marks)
    ]
    printed = np.array(corners, np.float64).reshape(-1, 2)
    seen = np.concatenate(list(marks.values()))
    to_photo, _ = cv2.findHomography(printed, seen)
    to_page, _ = cv2.findHomography(seen, printed)
    if to_photo is None or to_page is None:
        return None
    back = cv2.perspectiveTransform(seen[None], to_page)[0]
    off = np.linalg.norm(back - printed, axis=1).max()
    return np.asarray(to_photo) if off <= _MOST_OFF else None

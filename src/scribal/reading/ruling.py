"""Lines that were on the paper before anybody wrote: ruled and squared paper, boxes of forms, frames, sudoku grids.

A straight line is printed when it goes over much of the page, or when it meets others at its ends, as the sides of a
box do. It is taken out but where a stroke crosses it; ink that is much stronger than the line stays.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.comb_fields import find_teeth
from scribal.reading.paper import Ink
from scribal.reading.straight_lines import StraightLine, find_level_lines, meet
from scribal.reading.table_cells import find_cells

__all__ = ["Ruling", "find_ruling", "without_ruling"]

_PALE = 45  # of 255: how strong a line has to be
_DASHES, _FAINT = 25, 85  # pixels, and of 255
_MANY_PIECES = 400  # are left where lines were not found
_THICKEST = 2.0  # of a stroke's width, and some pixels: no line is thicker
_ACROSS_PAGE = 0.3  # of the page's width: a level line so long is printed
_SEVERAL, _ALL_ACROSS = 3, 0.85  # fewer of them have to be that long
_MARGIN_LINE = 0.7  # of the page's height: an upright one so long that reaches the page's edge
_AT_EDGE = 0.06  # of the page's side
_LEAST_MEETINGS = 2
_CLEARLY_INSIDE = 0.05  # of the ink of a frame's lines: what is in it, away from them
_STRONGER = 1.5  # times as strong as the line: a stroke
_FULL_STRENGTH = 160  # of 255: lines as strong as this are as strong as strokes
_STRONG = 100  # of 255: a stroke that crosses such a line
_ON_LINE = 0.95  # of a mark
_AROUND = 30  # pixels along a line, both ways, in which it is somewhere without a stroke on it
_ALIKE = 3  # printed lines make a fourth that is parallel to them printed
_PARALLEL = 0.02  # pixels down for each across
_PIECE, _PIECE_SLIM = 0.04, 18.0  # of the page's width, and times as long as thick: the least of such a line


@dataclass(frozen=True, eq=False)
class Ruling:
    """The lines that are printed on the paper.

    Attributes:
        mask: bool of shape (rows, columns): the pixels of the lines, without the strokes that cross them.
        cells: int32 of shape (rows, columns, 4), the boxes x, y, width, height of a grid's cells in rows from top to
            bottom, a width of 0 for a cell that was not found; ``None`` where there is no grid.
    """

    mask: Array = field(repr=False)
    cells: Array | None = field(default=None, repr=False)


def find_ruling(ink: Ink) -> Ruling:
    """Find the lines that are printed on the paper."""
    if not ink.mask.any():
        return Ruling(np.zeros_like(ink.mask))
    ruling = _ruling(ink, faint=False)
    pieces = _pieces(ink, ruling)
    if not ruling.mask.any() or pieces < _MANY_PIECES:
        return ruling
    other = _ruling(ink, faint=True)
    return other if _pieces(ink, other) < pieces else ruling


def _pieces(ink: Ink, ruling: Ruling) -> int:
    """Count the marks that are left without the lines."""
    import cv2

    count, _ = cv2.connectedComponents((ink.mask & ~ruling.mask).view(np.uint8), connectivity=8)
    return count


def _ruling(ink: Ink, *, faint: bool) -> Ruling:
    import cv2

    from scribal.engine.threads import Workers

    along = down = (ink.strength > _PALE).view(np.uint8)
    if faint:  # lines that come in dashes; their mean along their way is even
        along = along | (cv2.blur(ink.strength, (_DASHES, 1)) > _FAINT)
        down = down | (cv2.blur(ink.strength, (1, _DASHES)) > _FAINT)
    thickest = _THICKEST * ink.stroke_width + 10
    with Workers(1) as workers:  # most of it is OpenCV's, which lets other threads run
        found_level = workers.begin(find_level_lines, along, thickest)
        upright = find_level_lines(np.ascontiguousarray(down.T), thickest)
        level = found_level()
    combs = [(line, teeth) for line in level if (teeth := find_teeth(line, ink.mask)) is not None]
    level, upright = _printed(level, upright, ink)
    level += [line for line, _ in combs if not any(line is other for other in level)]
    found = np.zeros_like(ink.mask)
    for _, (rows, columns) in combs:
        found[rows, columns] = True
    for _ in range(2):  # a line that crosses another is no stroke on it
        rest = np.where(found, 0, ink.strength)
        for line in level:
            _mark(line, rest, found)
        rest = np.where(found, 0, ink.strength).T
        for line in upright:
            _mark(line, rest, found.T)
    found |= _stubs(ink.mask & ~found, level, upright)
    return Ruling(found, find_cells(level, upright, ink.mask & ~found))


def _stubs(left: Array, level: list[StraightLine], upright: list[StraightLine]) -> Array:
    """Find marks that lie wholly on a line: pieces of it, as at its ends where the paper ends."""
    import cv2

    if not level and not upright:
        return np.zeros_like(left)
    band = np.zeros(left.shape, dtype=np.uint8)
    for line in level:
        _draw(line, band)
    for line in upright:
        _draw(line, band.T)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(left.view(np.uint8), connectivity=8)
    on_line = np.bincount(labels[band > 0], minlength=count) >= _ON_LINE * statistics[:, cv2.CC_STAT_AREA]
    on_line[0] = False
    stubs: Array = on_line[labels]
    return stubs


def without_ruling(ink: Ink, ruling: Ruling | None = None) -> Ink:
    """Give the ink without the lines that are printed on the paper."""
    import cv2

    lines = find_ruling(ink).mask if ruling is None else ruling.mask
    if not lines.any():
        return ink
    mask = ink.mask & ~lines
    # What is left of a line's soft edge stands alone beside it.
    near = cv2.dilate(lines.view(np.uint8), np.ones((5, 5), dtype=np.uint8))
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    beside = np.bincount(labels[near > 0].ravel(), minlength=count)
    areas = statistics[:, cv2.CC_STAT_AREA]
    crumbs = (beside > 0.6 * areas) & (areas < 6 * max(ink.stroke_width, 2) ** 2)
    crumbs[0] = False
    gone = lines | crumbs[labels]
    soft = (cv2.dilate(gone.view(np.uint8), np.ones((3, 3), dtype=np.uint8)) > 0) & ~(mask & ~crumbs[labels])
    return replace(ink, strength=np.where(soft, 0, ink.strength).astype(np.uint8), mask=mask & ~crumbs[labels])


def _printed(
    level: list[StraightLine], upright: list[StraightLine], ink: Ink
) -> tuple[list[StraightLine], list[StraightLine]]:
    """Choose the lines that no hand drew."""
    rows, columns = ink.mask.shape
    meets = np.array([[meet(one, other) for other in upright] for one in level], dtype=bool).reshape(
        len(level), len(upright)
    )
    long_level = np.array([line.length >= _ACROSS_PAGE * columns for line in level], dtype=bool)
    if long_level.sum() < _SEVERAL:  # one or two may be the bars of large digits
        long_level &= np.array([line.length >= _ALL_ACROSS * columns for line in level], dtype=bool)
    long_upright = np.array([_is_margin_line(line, rows) for line in upright], dtype=bool)
    keep_level, keep_upright = np.ones(len(level), dtype=bool), np.ones(len(upright), dtype=bool)
    for _ in range(8):
        keep_level = long_level | (meets[:, keep_upright].sum(axis=1) >= _LEAST_MEETINGS)
        keep_upright = long_upright | (meets[keep_level].sum(axis=0) >= _LEAST_MEETINGS)
    keep_level &= ~_thick_strokes(level, keep_level, columns)
    keep_upright &= ~_thick_strokes(upright, keep_upright, rows)
    keep_level |= _like_printed(level, keep_level, columns)
    keep_upright |= _like_printed(upright, keep_upright, rows)
    has_long = bool((keep_level & long_level).any() or (keep_upright & long_upright).any())
    chosen = [line for line, keep in zip(level, keep_level, strict=True) if keep]
    chosen_upright = [line for line, keep in zip(upright, keep_upright, strict=True) if keep]
    if has_long or _holds_something(chosen, chosen_upright, ink.mask):
        return chosen, chosen_upright
    return [], []


def _like_printed(lines: list[StraightLine], printed: Array, side: int) -> Array:
    """Find pieces of lines that are parallel to printed ones, and as thin."""
    if printed.sum() < _ALIKE:
        return printed
    slopes = np.array([line.slope for line in lines])
    thickness = np.array([line.thickness for line in lines])
    length = np.array([line.length for line in lines])
    alike = np.abs(slopes - np.median(slopes[printed])) < _PARALLEL
    thin = thickness <= 1.5 * np.median(thickness[printed]) + 0.5
    found: Array = alike & thin & (length >= np.maximum(_PIECE * side, _PIECE_SLIM * thickness))
    return found


def _thick_strokes(lines: list[StraightLine], printed: Array, side: int) -> Array:
    """Find strokes of digits on squared paper, which meet its lines as well: short, and thicker than the long lines."""
    length = np.array([line.length for line in lines])
    long = printed & (length >= _ACROSS_PAGE * side) if len(lines) else printed
    if long.sum() < _ALIKE:
        return np.zeros_like(printed)
    thickness = np.array([line.thickness for line in lines])
    strokes: Array = ~long & (thickness > 1.5 * np.median(thickness[long]) + 0.5)
    return strokes


def _is_margin_line(line: StraightLine, rows: int) -> bool:
    at_edge = line.first < _AT_EDGE * rows or line.last > (1 - _AT_EDGE) * rows
    return line.length >= _MARGIN_LINE * rows and at_edge


def _holds_something(level: list[StraightLine], upright: list[StraightLine], mask: Array) -> bool:
    """Whether there is ink within the lines: a frame has something in it, a square zero has not."""
    import cv2

    lines = np.zeros(mask.shape, dtype=np.uint8)
    for line in level:
        _draw(line, lines)
    for line in upright:
        _draw(line, lines.T)
    if not lines.any():
        return False
    away = cv2.dilate(lines, np.ones((9, 9), dtype=np.uint8)) == 0
    x, y, width, height = cv2.boundingRect(lines)
    box = np.s_[y : y + height, x : x + width]
    own = np.count_nonzero(mask & (lines > 0))
    return bool(np.count_nonzero(mask[box] & away[box]) > _CLEARLY_INSIDE * own)


def _draw(line: StraightLine, lines: Array) -> None:
    half = line.thickness / 2 + 1
    columns = np.arange(line.first, line.last + 1)
    for offset in np.arange(-np.ceil(half), np.ceil(half) + 1):
        rows = np.rint(line.middles + offset).astype(np.int64)
        inside = (rows >= 0) & (rows < len(lines))
        lines[rows[inside], columns[inside]] = 1


def _mark(line: StraightLine, strength: Array, found: Array) -> None:
    """Mark the pixels of a line, but for the strokes that cross it."""
    import cv2

    half = int(np.ceil(line.thickness / 2 + 1))
    reach = half + 2
    columns = np.arange(line.first, line.last + 1)
    offsets = np.arange(-reach, reach + 1)
    rows = np.rint(line.middles).astype(np.int64) + offsets[:, None]
    outside = (rows < 0) | (rows >= len(strength))
    rows = rows.clip(0, len(strength) - 1)
    band = np.where(outside, 0, strength[rows, columns])
    inside = np.abs(offsets) <= half
    peak = band[inside].max(axis=0)
    own = _own_strength(peak)
    dark = band > np.where(own >= _FULL_STRENGTH, _STRONG, _PALE)
    above, below = dark[0] & dark[1], dark[-2] & dark[-1]
    crossing = _spread(above, half + 1) & _spread(below, half + 1)
    either: Array = (above | below).astype(np.uint8).reshape(1, -1)
    bridge = cv2.morphologyEx(either, cv2.MORPH_CLOSE, np.ones((1, 2 * half + 1), dtype=np.uint8))[0] > 0
    erased = inside[:, None] & ~(crossing & bridge) & ~outside
    erased &= (own >= _FULL_STRENGTH) | (band < np.minimum(_STRONGER * own + 30, 250))
    found[rows[erased], np.broadcast_to(columns, rows.shape)[erased]] = True


def _own_strength(peak: Array) -> Array:
    """How strong a line is in each column, without the strokes on it: the least of the means nearby."""
    import cv2

    level = np.ascontiguousarray(peak, dtype=np.uint8).reshape(1, -1)
    means = cv2.blur(cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((1, 9), dtype=np.uint8)), (_AROUND // 2, 1))
    own: Array = cv2.erode(means, np.ones((1, 2 * _AROUND + 1), dtype=np.uint8))[0].astype(np.float32)
    return own


def _spread(flags: Array, reach: int) -> Array:
    import cv2

    spread: Array = cv2.dilate(flags.astype(np.uint8)[None], np.ones((1, 2 * reach + 1), dtype=np.uint8))[0] > 0
    return spread

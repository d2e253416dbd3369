"""Digits come into reading order: lines from the top, numbers in a line and digits in a number from the left.

Lines are followed from digit to digit, along the direction that most digits share, so that a tilted or curved page and
one seen from the side have lines too. Where a line parts into numbers its own gaps tell: a row of evenly spaced digits
is one number, however wide it is spaced.
"""

import itertools

import numpy as np

from scribal.data.dataset import Array

__all__ = ["arrange", "skew"]

_LEAST_ROWS = 2  # of a grid; one row of boxes holds the digits of numbers
_MOST_BESIDE = 0.15  # of the digits: more of them beside a grid's cells, in its height, and it was found in part only
_STEEPEST = 20.0  # degrees that a page may be tilted
_SKEW_STEP = 0.5  # degrees
_LINE_WIDTH = 0.15  # of a height: how well the centres of one line's digits line up
_FAR = 10.0  # heights: what is farther apart tells nothing of a common line
_UPRIGHT_FIRST = 0.2  # of the agreement at 0: how much more the steepest angle has to show
_SAME_LINE = 0.5  # of a height: a digit may stand that much beside the line's course
_COURSE = 4  # digits before that tell a line's course
_ALIKE = 2.2  # times as high: one line does not hold digits whose sizes differ more
_STRAY = 0.6  # of a height: a digit alone may stand that much beside a line, ...
_STRAY_SLOPE = 0.15  # ... and by so much more for each height of distance
_STRAY_REACH = 4.0  # heights
_SLACK = 0.2  # of a height, put on every gap, so that touching digits have gaps that compare
_CLEARLY_LARGER = 1.8  # times the line's next smaller gap
_MUCH_LARGER = 3.0  # times other lines' gaps: even a row of evenly spaced digits is then one of numbers
_LEAST_GAP = 0.6  # of a height: what is narrower never parts numbers
_WIDEST_GAP = 5.0  # heights: what is wider always does
_SIGN, _SIGN_LEVEL = 0.3, 0.35  # of a height: larger than a dot, and not as low as a comma
_FEW = 2  # gaps of a line that are too few to tell by themselves


def arrange(boxes: Array, cells: Array | None = None, between: Array | None = None) -> list[list[list[int]]]:
    """Arrange digits in reading order.

    Args:
        boxes: Of shape (n, 4): x, y, width, height of each digit, in pixels.
        cells: Of shape (rows, columns, 4): the boxes of a grid's cells, a width of 0 for one that was not found. Each
            cell is a number of its own, and its row a line. Where there is but one row, as in a form, its cells are
            places for the digits of numbers, and only gaps between cells part them.
        between: Of shape (m, 4): boxes of what is no digit. It parts numbers where it stands between two digits, unless
            it is as small as a dot or as low as a comma.

    Returns:
        Lines of numbers of places in ``boxes``; lines outside a grid before or after its own.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    if len(boxes) <= 1:
        return [[[place]] for place in range(len(boxes))]
    other = np.asarray([] if between is None else between, dtype=np.float64).reshape(-1, 4)
    if cells is None or len(cells) < _LEAST_ROWS:
        return _free(boxes, np.arange(len(boxes)), other)
    row, column = _places(boxes, np.asarray(cells, dtype=np.float64))
    middle, outside = np.flatnonzero(row >= 0), np.flatnonzero(row < 0)
    heights = boxes[:, 1] + boxes[:, 3] / 2
    first, last = heights[middle].min(initial=np.inf), heights[middle].max(initial=-np.inf)
    above = heights[outside] < first
    if (~above & (heights[outside] < last)).sum() > _MOST_BESIDE * len(boxes):
        return _free(boxes, np.arange(len(boxes)), other)
    lines = _free(boxes[outside[above]], outside[above], other)
    for one in np.unique(row[middle]):
        line = middle[row[middle] == one]
        lines.append(
            [
                sorted((int(i) for i in line[column[line] == cell]), key=lambda i: float(boxes[i, 0]))
                for cell in np.unique(column[line])
            ]
        )
    return lines + _free(boxes[outside[~above]], outside[~above], other)


def _places(boxes: Array, cells: Array) -> tuple[Array, Array]:
    """Find the cell in which each digit's centre lies: its row and column, -1 for none."""
    centres = boxes[:, None, None, :2] + boxes[:, None, None, 2:] / 2
    apart = centres - cells[None, :, :, :2]
    inside = ((apart >= 0) & (apart < cells[None, :, :, 2:])).all(axis=-1).reshape(len(boxes), -1)
    row, column = np.divmod(inside.argmax(axis=1), cells.shape[1])
    found = inside.any(axis=1)
    return np.where(found, row, -1), np.where(found, column, -1)


def _free(boxes: Array, names: Array, other: Array) -> list[list[list[int]]]:
    """Arrange digits that stand in no grid."""
    if not len(boxes):
        return []
    centres = boxes[:, :2] + boxes[:, 2:] / 2
    heights = _line_heights(boxes)
    angle = np.deg2rad(skew(boxes))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centres = centres @ turn
    lines = _adopt_strays(_follow(centres, heights), centres, heights)
    lines.sort(key=lambda line: float(np.mean(centres[line, 1])))
    widths = boxes[:, 2] * np.cos(angle)
    gaps = [_gaps(line, centres[:, 0], widths, heights) for line in lines]
    signs = (other[:, :2] + other[:, 2:] / 2) @ turn, other[:, 2:].max(axis=1)
    parted = [_is_parted(line, centres, heights, signs) for line in lines]
    return [
        [[int(names[place]) for place in number] for number in _part(line, own, gaps, by_sign)]
        for line, own, by_sign in zip(lines, gaps, parted, strict=True)
    ]


def skew(boxes: Array) -> float:
    """Estimate by how much the lines of a page fall to the right.

    Every angle is asked how well the centres line up: pairs of near digits count by how close their distance across
    the lines is to 0. Upright is preferred where others show no more.

    Args:
        boxes: Of shape (n, 4): x, y, width, height of each digit.

    Returns:
        Degrees, negative where lines rise to the right; 0 for fewer than three digits.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    if len(boxes) < 3:  # noqa: PLR2004 - two digits make a line of any slope
        return 0.0
    centres, heights = boxes[:, :2] + boxes[:, 2:] / 2, _line_heights(boxes)
    first, second = _near_pairs(centres, heights)
    if not len(first):
        return 0.0
    apart = centres[second] - centres[first]
    scale = (heights[first] + heights[second]) / 2
    angles = np.arange(-_STEEPEST, _STEEPEST + _SKEW_STEP / 2, _SKEW_STEP)
    radians = np.deg2rad(angles)[:, None]
    across = (apart[:, 1] * np.cos(radians) - apart[:, 0] * np.sin(radians)) / scale
    agreement = np.exp(-0.5 * (across / _LINE_WIDTH) ** 2).sum(axis=1)
    return float(angles[np.argmax(agreement * (1 - _UPRIGHT_FIRST * (angles / _STEEPEST) ** 2))])


def _line_heights(boxes: Array) -> Array:
    """Give each digit's height; a flat one, as of a lying stroke, counts by its width."""
    heights: Array = np.maximum(boxes[:, 3], boxes[:, 2] / 2)
    return heights


def _near_pairs(centres: Array, heights: Array) -> tuple[Array, Array]:
    first, second = np.triu_indices(len(centres), 1) if len(centres) <= 1500 else _windowed(len(centres), centres)  # noqa: PLR2004
    apart = np.abs(centres[second] - centres[first])
    scale = np.minimum(heights[first], heights[second])
    alike = np.maximum(heights[first], heights[second]) < _ALIKE * scale
    kept = alike & (apart[:, 0] < _FAR * scale) & (apart[:, 1] < apart[:, 0])
    return first[kept], second[kept]


def _windowed(count: int, centres: Array, window: int = 100) -> tuple[Array, Array]:
    """Pair each digit with those next to it from left to right only, where there are too many for all pairs."""
    order = np.argsort(centres[:, 0])
    first, step = np.divmod(np.arange(count * window), window)
    second = first + step + 1
    inside = second < count
    return order[first[inside]], order[second[inside]]


def _follow(centres: Array, heights: Array) -> list[list[int]]:
    """Follow lines from the left: each digit joins the line whose course it stands nearest to, or begins one."""
    lines: list[list[int]] = []
    middles, sizes = np.zeros(len(centres)), np.zeros(len(centres))  # of each line's last digits
    for index in np.argsort(centres[:, 0], kind="stable").tolist():
        middle, height = middles[: len(lines)], sizes[: len(lines)]
        offset = np.abs(centres[index, 1] - middle) / ((height + heights[index]) / 2)
        offset[np.maximum(height, heights[index]) > _ALIKE * np.minimum(height, heights[index])] = np.inf
        best = int(offset.argmin()) if lines and offset.min() < _SAME_LINE else len(lines)
        if best == len(lines):
            lines.append([])
        lines[best].append(index)
        recent = lines[best][-_COURSE:]
        middles[best], sizes[best] = centres[recent, 1].mean(), heights[recent].mean()
    return lines


def _adopt_strays(lines: list[list[int]], centres: Array, heights: Array) -> list[list[int]]:
    """Give digits that stand alone to the line whose end they continue, if there is one."""
    kept = [line for line in lines if len(line) > 1]
    strays = [line for line in lines if len(line) == 1]
    for stray in strays:
        index = stray[0]
        best, nearest = None, 1.0
        for line in kept:
            end = min((line[0], line[-1]), key=lambda one: abs(centres[one, 0] - centres[index, 0]))
            inside = centres[line[0], 0] <= centres[index, 0] <= centres[line[-1], 0]
            height = (heights[end] + heights[index]) / 2
            apart = np.abs(centres[end] - centres[index]) / height
            if inside or apart[0] > _STRAY_REACH or max(heights[end], heights[index]) > _ALIKE * height:
                continue
            offset = float(apart[1] / (_STRAY + _STRAY_SLOPE * apart[0]))
            if offset < nearest:
                best, nearest = line, offset
        if best is None:
            kept.append(stray)
        else:
            best.append(index)
            best.sort(key=lambda one: float(centres[one, 0]))
    return kept


def _gaps(line: list[int], places: Array, widths: Array, heights: Array) -> Array:
    """Measure the gaps between a line's digits, in heights."""
    apart = np.diff(places[line]) - (widths[line[:-1]] + widths[line[1:]]) / 2
    gaps: Array = np.maximum(apart, 0.0) / np.median(heights[line])
    return gaps


def _is_parted(line: list[int], centres: Array, heights: Array, signs: tuple[Array, Array]) -> Array:
    """Tell between which digits of a line there is something else, larger than a dot."""
    places, sizes = signs
    height = float(np.median(heights[line]))
    parted = np.zeros(len(line) - 1, dtype=np.bool_)
    for place, (left, right) in enumerate(itertools.pairwise(line)):
        inside = (places[:, 0] > centres[left, 0]) & (places[:, 0] < centres[right, 0])
        level = np.abs(places[:, 1] - (centres[left, 1] + centres[right, 1]) / 2) < _SIGN_LEVEL * height
        parted[place] = (inside & level & (sizes > _SIGN * height)).any()
    return parted


def _part(line: list[int], own: Array, page: list[Array], by_sign: Array) -> list[list[int]]:
    limit = _break(own)
    if limit == _WIDEST_GAP:
        limit = _break(np.concatenate(page), _CLEARLY_LARGER if len(own) <= _FEW else _MUCH_LARGER)
    numbers = [line[:1]]
    for index, gap, sign in zip(line[1:], own, by_sign, strict=True):
        if sign or gap >= limit:
            numbers.append([])
        numbers[-1].append(index)
    return numbers


def _break(gaps: Array, ratio: float = _CLEARLY_LARGER) -> float:
    """Find the smallest gap that parts numbers: the first that is clearly larger than the next smaller one."""
    ordered = np.sort(gaps)
    for smaller, larger in itertools.pairwise(ordered):
        if larger >= _LEAST_GAP and larger + _SLACK >= ratio * (smaller + _SLACK):
            return float(larger)
    return _WIDEST_GAP

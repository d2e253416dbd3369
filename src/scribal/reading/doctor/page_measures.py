"""What is measured on a page of several digits."""

from collections.abc import Sequence

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.doctor.measures import Measures, Scene
from scribal.reading.doctor.shapes import BOX, fitted, stroke_and_softness
from scribal.reading.result import Line

__all__ = ["measure_page"]

_LARGEST = 1_200  # pixels: larger pages are reduced
_MOST_SHAPES = 24  # digits whose strokes are measured
_LONG_LINE = 3  # digits that tell a slope

Box = tuple[float, float, float, float]


def measure_page(
    pixels: Array, strength: Array, everything: Array, lines: Sequence[Line], scale: tuple[float, float]
) -> Measures:
    """Measure a page.

    Args:
        pixels: uint8 of shape (rows, columns, 3), upright.
        strength: Its ink without ruling, uint8 of shape (rows, columns).
        everything: The same with ruling.
        lines: What was read; boxes are in pixels of the full size.
        scale: Pixels of the full size for each of ``pixels``, across and down.
    """
    scene = Scene(pixels, strength, everything=everything, largest=_LARGEST)
    across, down = (scene.factor / part for part in scale)
    full = [digit.box for line in lines for number in line.numbers for digit in number.digits]
    boxes = [(x * across, y * down, width * across, height * down) for x, y, width, height in full]
    pieces = [_cut_out(scene.ink, box) for box in boxes]
    own = np.zeros_like(scene.ink)
    for (rows, columns), piece in pieces:
        own[rows, columns] |= piece
    lightness = scene.lightness(own) if own.any() else 0.0
    strokes = _strokes((scene.difference / (lightness or 1.0)).clip(0, 1), own, boxes)
    return Measures(
        ink=100 * float(scene.ink.mean()),
        aspect=max(pixels.shape[:2]) / min(pixels.shape[:2]),
        lightness=lightness,
        contrast=abs(lightness),
        cut=_cut(own, boxes),
        resolution=float(np.median([max(box[2:]) for box in full])),
        slope=_slope(lines),
        shade=scene.shade(),
        noise=scene.noise(),
        softness=float(np.median(strokes[:, 1])),
        stroke=float(np.median(strokes[:, 0])),
        colour=scene.colour(own) if own.any() else None,
        lines=float(scene.lines),
        digits=float(len(boxes)),
        touching=float(_touching(scene.ink, boxes)),
    )


def _cut_out(ink: Array, box: Box) -> tuple[tuple[slice, slice], Array]:
    x, y, width, height = box
    rows, columns = slice(int(y), int(np.ceil(y + height))), slice(int(x), int(np.ceil(x + width)))
    return (rows, columns), ink[rows, columns]


def _strokes(strength: Array, own: Array, boxes: Sequence[Box]) -> Array:
    """Measure width and soft edges of the strokes of some digits, evenly taken from all."""
    step = max(1, len(boxes) // _MOST_SHAPES)
    shapes = []
    for box in boxes[::step]:
        (rows, columns), _ = _cut_out(own, box)
        margin = max(2, round(max(box[2:]) / 4))
        around = (
            slice(max(0, rows.start - margin), rows.stop + margin),
            slice(max(0, columns.start - margin), columns.stop + margin),
        )
        inside = np.zeros_like(own[around])
        first = rows.start - around[0].start, columns.start - around[1].start
        here = inside[first[0] : first[0] + rows.stop - rows.start, first[1] : first[1] + columns.stop - columns.start]
        here[...] = own[rows, columns]
        if inside.any():
            shapes.append(stroke_and_softness(fitted(strength[around], inside, (first[1], first[0], *box[2:]))))
    return np.array(shapes or [(0.0, 0.0)])


def _cut(own: Array, boxes: Sequence[Box]) -> float:
    """Measure ink along the page's edges, in pixels of a digit's box of 20."""
    height = float(np.median([max(box[2:]) for box in boxes]))
    along = max(int(side.sum()) for side in (own[0], own[-1], own[:, 0], own[:, -1]))
    return along * BOX / max(height, 1.0)


def _slope(lines: Sequence[Line]) -> float | None:
    """Give the median rise of the lines with some digits, in degrees."""
    slopes = []
    for line in lines:
        places = np.array([digit.box for number in line.numbers for digit in number.digits], dtype=np.float64)
        if len(places) >= _LONG_LINE:
            middles = places[:, :2] + places[:, 2:] / 2
            rise = np.polyfit(middles[:, 0], middles[:, 1], 1)[0]
            slopes.append(float(-np.degrees(np.arctan(rise))))
    return float(np.median(slopes)) if slopes else None


def _touching(ink: Array, boxes: Sequence[Box]) -> int:
    """Count digits whose ink is of one piece with that of another before them."""
    import cv2

    _, labels = cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)
    seen: set[int] = set()
    touching = 0
    for box in boxes:
        (rows, columns), _ = _cut_out(ink, box)
        inside = labels[rows, columns]
        inside = inside[inside > 0]
        if inside.size:
            piece = int(np.bincount(inside).argmax())
            touching += piece in seen
            seen.add(piece)
    return touching

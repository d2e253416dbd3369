"""A synthetic page: written, lit and taken, with the truth about what stands where."""

import zlib
from dataclasses import dataclass

import cv2
import numpy as np

from tools.synthetic_pages.cameras import expose, find_view, take
from tools.synthetic_pages.kinds import Style, draw_style
from tools.synthetic_pages.layouts import Layout, draw_layout
from tools.synthetic_pages.lights import make_light
from tools.synthetic_pages.papers import make_paper, print_boxes, print_table
from tools.synthetic_pages.pens import PENS, Pen, grain
from tools.synthetic_pages.touching import first_touch
from tools.synthetic_pages.writing import Array, Hand

__all__ = ["SyntheticPage", "WrittenDigit", "make_page"]

_LONGEST_SIDE = 1_600  # pixels at which a page is made; larger pictures are enlarged from it, which is quicker
_SHEET = 1.3  # times the picture, so that a tilted view does not see its end
_WRITTEN_SHARE = 0.86  # of the picture at most
_LEAST_HEIGHT, _LARGEST_HEIGHT = 22, 260  # pixels of a digit
_SPACINGS = {"touching": (0.03, 0.08), "tight": (0.06, 0.12), "normal": (0.15, 0.35), "wide": (0.5, 0.9)}
_TOUCHING_SHARE = 0.5  # of the neighbours on a page of touching digits


@dataclass(frozen=True)
class WrittenDigit:
    """One digit: what it is, which line and number it belongs to, and its box (x, y, width, height) in the picture."""

    digit: int
    line: int
    number: int
    box: tuple[int, int, int, int]
    touches: bool


@dataclass(frozen=True)
class SyntheticPage:
    """A picture, uint8 of shape (rows, columns, 3), and what is written on it."""

    kind: str
    seed: int
    style: Style
    pixels: Array
    text: str
    digits: tuple[WrittenDigit, ...]


@dataclass
class _Stroke:
    """A digit on the sheet: how its pixels are covered, and where its upper left corner is."""

    covered: Array
    x: float
    y: float
    digit: int
    line: int
    number: int
    touches: bool = False

    def outline(self) -> Array:
        points = np.argwhere(self.covered > 0.5)[:, ::-1].astype(np.int32)
        hull: Array = cv2.convexHull(points)[:, 0] + (round(self.x), round(self.y))
        return hull


def make_page(kind: str, seed: int, hand: Hand) -> SyntheticPage:
    """Make a page.

    Args:
        kind: A name of ``KINDS``.
        seed: Another one gives another page of the kind.
        hand: Who writes the digits.
    """
    generator = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    style = draw_style(kind, generator)
    enlarged = max(1.0, max(style.size) / _LONGEST_SIDE)
    picture = (round(style.size[0] / enlarged), round(style.size[1] / enlarged))
    layout = draw_layout(style.layout, generator)
    height = _digit_height(layout, style, picture, generator)
    sheet_shape = (round(picture[0] * _SHEET), round(picture[1] * _SHEET))
    strokes, pens = _write(layout, style, height, hand, generator)
    _move_to_middle(strokes, sheet_shape)
    sheet = make_paper(style.paper, sheet_shape, height, generator)
    _print_form(sheet, strokes, style, layout, height)
    for stroke, pen in zip(strokes, pens, strict=True):
        _ink(sheet, stroke, pen, generator)
    points = np.concatenate([stroke.outline() for stroke in strokes])
    view = find_view(sheet_shape, picture, points, style, generator)
    taken = take(sheet, view, picture, style, generator)
    taken *= make_light(style.light, picture, generator)[:, :, None]
    if enlarged > 1:
        taken = cv2.resize(taken, style.size[::-1], interpolation=cv2.INTER_CUBIC)
    full = np.diag([enlarged, enlarged, 1]) @ view
    text = "\n".join(" ".join(line) for line in layout.lines)
    digits = tuple(_truth(stroke, full) for stroke in strokes)
    return SyntheticPage(kind, seed, style, expose(taken, style, generator), text, digits)


def _digit_height(layout: Layout, style: Style, picture: tuple[int, int], generator: np.random.Generator) -> float:
    """Find a height with which all fits, but for the turn."""
    advance = 0.8 + _SPACINGS[style.spacing][1]
    widest = max(sum(len(number) * advance + 1.6 for number in line) for line in layout.lines)
    if layout.column is not None:
        widest = layout.column * max(len(line) for line in layout.lines)
    if style.layout == "boxes":
        widest = 1.6 * max(len(line[0]) for line in layout.lines)
    largest = min(picture[1] / widest, picture[0] / (len(layout.lines) * layout.pitch)) * _WRITTEN_SHARE
    return float(np.clip(largest * generator.uniform(0.6, 1.1), _LEAST_HEIGHT, _LARGEST_HEIGHT))


def _write(
    layout: Layout, style: Style, height: float, hand: Hand, generator: np.random.Generator
) -> tuple[list[_Stroke], list[Pen]]:
    strokes: list[_Stroke] = []
    pens: list[Pen] = []
    space = height * generator.uniform(*_SPACINGS[style.spacing])
    waver, phase = 0.12 * style.uneven * height, generator.uniform(0, 6)
    for line, numbers in enumerate(layout.lines):
        x = generator.uniform(0, height) if layout.column is None and len(layout.lines) > 1 else 0.0
        for index, number in enumerate(numbers):
            pen = PENS[str(generator.choice(style.pens))]
            stroke = None if pen.stroke is None else generator.uniform(*pen.stroke)
            size = height * (1 - 0.25 * style.uneven * generator.random())
            if layout.column is not None:
                x = index * layout.column * height + generator.uniform(0, 0.4) * height
            for place, character in enumerate(number):
                own = size * (1 + style.uneven * generator.uniform(-0.15, 0.1))
                covered = hand.write(hand.pick(int(character), generator), own, stroke)
                baseline = line * layout.pitch * height + waver * np.sin(phase + x / height)
                baseline += generator.normal(0, 0.03) * style.uneven * height
                if style.layout == "boxes":
                    x = place * 1.5 * height + (1.3 * height - covered.shape[1]) / 2
                written = _Stroke(covered, x, baseline - covered.shape[0], int(character), line, index)
                if place and style.spacing == "touching" and generator.random() < _TOUCHING_SHARE:
                    _push(written, strokes[-1], generator)
                strokes.append(written)
                pens.append(pen)
                x = written.x + covered.shape[1] + max(space * generator.uniform(0.8, 1.2), 3)
            x += 1.5 * space + height * generator.uniform(0.9, 1.4)
    return strokes, pens


def _push(written: _Stroke, before: _Stroke, generator: np.random.Generator) -> None:
    """Push a digit to the left until it touches the one before, and a little further."""
    x = first_touch(before.covered, written.covered, round(written.y - before.y))
    if x is not None:
        overlap = generator.uniform(0, 0.03) * before.covered.shape[0]
        written.x, written.touches, before.touches = before.x + x - round(overlap), True, True


def _move_to_middle(strokes: list[_Stroke], sheet: tuple[int, int]) -> None:
    left, top = min(stroke.x for stroke in strokes), min(stroke.y for stroke in strokes)
    right = max(stroke.x + stroke.covered.shape[1] for stroke in strokes)
    bottom = max(stroke.y + stroke.covered.shape[0] for stroke in strokes)
    for stroke in strokes:
        stroke.x += (sheet[1] - left - right) / 2
        stroke.y += (sheet[0] - top - bottom) / 2


def _print_form(sheet: Array, strokes: list[_Stroke], style: Style, layout: Layout, height: float) -> None:
    """Print boxes or a table around what will be written."""
    width = max(1.0, 0.03 * height)
    if style.paper == "boxes":
        boxes = []
        for stroke in strokes:
            middle = stroke.x + stroke.covered.shape[1] / 2
            base = max(s.y + s.covered.shape[0] for s in strokes if s.line == stroke.line)
            boxes.append((middle - 0.65 * height, base - 1.3 * height, 1.3 * height, 1.55 * height))
        print_boxes(sheet, boxes, width)
    elif style.paper == "table" and layout.column is not None:
        left = min(stroke.x for stroke in strokes) - 0.9 * height
        bottoms = [
            max(s.y + s.covered.shape[0] for s in strokes if s.line == line) for line in range(len(layout.lines))
        ]
        down = [bottoms[0] - 1.5 * height, *(bottom + 0.3 * height for bottom in bottoms)]
        across = [left + k * layout.column * height for k in range(len(layout.lines[0]) + 1)]
        print_table(sheet, across, down, width)


def _ink(sheet: Array, stroke: _Stroke, pen: Pen, generator: np.random.Generator) -> None:
    rows, columns = stroke.covered.shape
    x, y = max(0, round(stroke.x)), max(0, round(stroke.y))
    part = sheet[y : y + rows, x : x + columns]
    covered = stroke.covered[: part.shape[0], : part.shape[1]] * pen.cover
    if pen.grain:
        covered = covered * grain(covered.shape, pen.grain, generator)
    part += (np.array(pen.colour, np.float32) - part) * covered[:, :, None]


def _truth(stroke: _Stroke, view: Array) -> WrittenDigit:
    seen = cv2.perspectiveTransform(stroke.outline()[None].astype(np.float64), view)[0]
    (left, top), (right, bottom) = np.floor(seen.min(axis=0)).astype(int), np.ceil(seen.max(axis=0)).astype(int)
    box = (int(left), int(top), int(right - left + 1), int(bottom - top + 1))
    return WrittenDigit(stroke.digit, stroke.line, stroke.number, box, stroke.touches)

"""Papers and other grounds: colour, texture, and the lines printed on them."""

from collections.abc import Callable

import cv2
import numpy as np

from tools.synthetic_pages.writing import Array

__all__ = ["PAPERS", "make_paper", "print_boxes", "print_table"]

_Painter = Callable[[tuple[int, int], float, np.random.Generator], Array]


def make_paper(name: str, shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:
    """Make a sheet.

    Args:
        name: A name of ``PAPERS``.
        shape: Rows and columns.
        height: Of a digit, in pixels; what is printed is as large as suits it.
        generator: Where chance comes from.

    Returns:
        Levels from 0 to 255, float32 of shape (rows, columns, 3): red, green, blue.
    """
    return PAPERS[name](shape, height, generator)


def _plain(shape: tuple[int, int], colour: tuple[float, ...], fibre: float, generator: np.random.Generator) -> Array:
    """One colour, with a texture of fibres and slow clouds."""
    sheet = np.empty((*shape, 3), np.float32)
    sheet[:] = colour
    if fibre:
        texture = fibre * _clouds(shape, max(shape) / 4, generator)
        texture += fibre * cv2.GaussianBlur(generator.standard_normal(shape, dtype=np.float32), (0, 0), 1.2) * 2
        sheet += texture[:, :, None]
    return sheet


def _clouds(shape: tuple[int, int], size: float, generator: np.random.Generator) -> Array:
    """Slow noise of standard deviation 1, with features of about ``size`` pixels."""
    rows, columns = (max(3, round(2 * side / size)) for side in shape)
    coarse = generator.standard_normal((rows, columns)).astype(np.float32)
    return cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)


def _white(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:  # noqa: ARG001
    return _plain(shape, (250, 250, 248), 0.5, generator)


def _screen(level: int) -> _Painter:
    def paint(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:  # noqa: ARG001
        return _plain(shape, (level, level, level), 0, generator)

    return paint


def _grey(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:  # noqa: ARG001
    level = generator.uniform(165, 235)
    return _plain(shape, (level, level, level * generator.uniform(0.93, 1.04)), 2, generator)


def _coloured(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:  # noqa: ARG001
    colours = ((250, 230, 110), (245, 170, 190), (165, 220, 160), (150, 200, 235), (250, 190, 110), (205, 170, 125))
    return _plain(shape, colours[generator.integers(len(colours))], 2, generator)


def _recycled(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:  # noqa: ARG001
    sheet = _plain(shape, (200, 192, 176), 5, generator)
    flecks = cv2.GaussianBlur((generator.random(shape, dtype=np.float32) < 0.0015).astype(np.float32), (0, 0), 1.3)
    return sheet - np.minimum(flecks * 350, 45)[:, :, None]


def _crumpled(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:  # noqa: ARG001
    """Creases: at each fold the paper's slope, and with it the light, changes at once."""
    rows, columns = shape[0] // 3, shape[1] // 3
    down, across = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : columns * 1j].astype(np.float32)
    tilt = np.zeros((rows, columns), np.float32)
    for _ in range(14):
        angle, offset = generator.uniform(0, np.pi), generator.uniform(0.1, 0.9)
        place = (across - 0.5) * np.cos(angle) + (down - 0.5) * np.sin(angle) - (offset - 0.5)
        place += 0.02 * _clouds((rows, columns), max(rows, columns) / 6, generator)
        tilt += generator.normal(0, 7) * np.sign(place) * np.exp(-np.abs(place) * generator.uniform(3, 12))
    light = cv2.resize(tilt, shape[::-1], interpolation=cv2.INTER_LINEAR)
    return _plain(shape, (228, 226, 220), 2, generator) + light[:, :, None]


def _ruled(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:
    sheet = _plain(shape, (242, 242, 238), 1, generator)
    step, width = height * generator.uniform(1.2, 1.8), max(1.0, height * 0.025)
    _print_lines(sheet, step, width, (150, 175, 215), horizontal=True)
    _print_line(sheet[:, :, :], sheet.shape[1] * 0.17, width, (225, 130, 130), horizontal=False)
    return sheet


def _squared(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:
    sheet = _plain(shape, (244, 244, 240), 1, generator)
    step, width = height * generator.uniform(0.5, 1.0), max(1.0, height * 0.02)
    colour = ((165, 190, 220), (185, 185, 190), (170, 205, 175))[generator.integers(3)]
    for horizontal in (True, False):
        _print_lines(sheet, step, width, colour, horizontal=horizontal)
    return sheet


def _print_lines(sheet: Array, step: float, width: float, colour: tuple[int, ...], *, horizontal: bool) -> None:
    for place in np.arange(step / 2, sheet.shape[0 if horizontal else 1], step):
        _print_line(sheet, place, width, colour, horizontal=horizontal)


def _print_line(sheet: Array, place: float, width: float, colour: tuple[int, ...], *, horizontal: bool) -> None:
    """Print a line across the whole sheet, with soft edges where it covers a part of a pixel."""
    strips = sheet if horizontal else sheet.transpose(1, 0, 2)
    first, last = max(0, int(place - width - 1)), min(len(strips), int(place + width + 2))
    middles = np.arange(first, last)
    covered = np.clip(width / 2 - np.abs(middles - place) + 0.5, 0, 1)[:, None, None]
    strips[first:last] += (np.array(colour, np.float32) - strips[first:last]) * covered


def _blackboard(shape: tuple[int, int], height: float, generator: np.random.Generator) -> Array:
    board = ((45, 60, 52), (40, 42, 45))[generator.integers(2)]
    sheet = _plain(shape, board, 1.5, generator)
    smears = cv2.GaussianBlur(_clouds(shape, height * 2, generator), (0, 0), height / 3)
    return sheet + 7 * np.clip(smears, 0, 2)[:, :, None]


PAPERS: dict[str, _Painter] = {
    "white": _white,
    "grey": _grey,
    "coloured": _coloured,
    "recycled": _recycled,
    "crumpled": _crumpled,
    "ruled": _ruled,
    "squared": _squared,
    "boxes": _white,
    "table": _white,
    "blackboard": _blackboard,
    "black screen": _screen(0),
}


def print_boxes(sheet: Array, boxes: list[tuple[float, float, float, float]], width: float) -> None:
    """Print the frames of boxes, (x, y, width, height) in pixels, onto a sheet."""
    for x, y, box_width, box_height in boxes:
        first, last = (round(x), round(y)), (round(x + box_width), round(y + box_height))
        cv2.rectangle(sheet, first, last, (110, 110, 115), max(1, round(width)), cv2.LINE_AA)


def print_table(sheet: Array, across: list[float], down: list[float], width: float) -> None:
    """Print the lines of a table whose columns end at ``across`` and rows at ``down``, in pixels."""
    for y in down:
        cv2.line(sheet, (round(across[0]), round(y)), (round(across[-1]), round(y)), (90, 90, 95), max(1, round(width)))
    for x in across:
        cv2.line(sheet, (round(x), round(down[0])), (round(x), round(down[-1])), (90, 90, 95), max(1, round(width)))

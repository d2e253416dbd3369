"""What is measured on a picture, in units that mean something to a network that learned MNIST.

Places and sizes are in pixels of the network's 28x28, as they would be if the whole picture was resized to it;
lightness is in levels from 0 to 255; strokes are measured on the digit alone, fitted into MNIST's box of 20x20.
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.doctor.ground import core_of, deviation, grown, spread, surface
from scribal.reading.doctor.shapes import FRAME, fitted, stroke_and_softness

if TYPE_CHECKING:
    from scribal.reading.single import SingleMark

__all__ = ["Measures", "Scene", "measure_digit"]

_LARGEST = 448  # pixels: larger pictures are reduced, to 16 of theirs for one of the network's
_INK = 127  # of the ink's strength
_SURELY = 0.8  # of full ink: a stroke that ends at an edge is softer there, one that is cut is not
_FULL = 90  # per cent of the ink is fainter than full ink
_HALO = 2  # of the network's pixels: as far from ink the ground is not trusted
_LEAST_GROUND = 0.05  # of the picture
_SPECK = 0.4  # of a network's pixel, squared: what is smaller is no mark
_ACROSS = 0.85  # of the picture's side: straight lines of that length are ruling, no strokes
_LINE_WIDTH = 0.04  # of the side at most
_LINE_CONTRAST = 8  # levels
_DECIMALS = 2


@dataclass(frozen=True)
class Measures:
    """A picture in numbers; ``None`` for what cannot be measured on it, as on blank paper.

    Attributes:
        ink: How much of the picture is ink, in per cent.
        transparency: How much of it is transparent, in per cent.
        turn: By how many degrees the camera says it has to be turned.
        aspect: Its longer side by its shorter one.
        lightness: How much lighter the ink is than its ground, in levels; below 0 for dark ink.
        contrast: The same without its sign.
        size: The longer side of the digit in the picture resized to 28x28; MNIST's is 20.
        offset: How far its centre of mass is from the middle, there.
        cut: The length of ink along the picture's edge, there.
        resolution: The longer side of the digit, or the usual height of several, in pixels of the picture itself.
        tilt: By how many degrees the digit leans to the right, by how it has to be turned for the network to be surest.
        slope: By how many degrees the lines of several digits rise.
        shade: How far light and dark parts of the ground are apart, in levels.
        noise: The standard deviation of the ground around its local mean, in levels.
        softness: How wide the soft edge of a stroke is, in pixels of the digit in its box of 20x20.
        stroke: How wide a stroke is, in the same.
        colour: How far red, green and blue are apart in ink or ground, in levels.
        lines: How many straight lines cross the picture.
        clutter: Ink beside the digit, in per cent of the digit's.
        digits: How many digits there are.
        touching: How many of them touch the one before.
    """

    ink: float
    aspect: float
    transparency: float = 0.0
    turn: float = 0.0
    lightness: float | None = None
    contrast: float | None = None
    size: float | None = None
    offset: float | None = None
    cut: float | None = None
    resolution: float | None = None
    tilt: float | None = None
    slope: float | None = None
    shade: float | None = None
    noise: float | None = None
    softness: float | None = None
    stroke: float | None = None
    colour: float | None = None
    lines: float | None = None
    clutter: float | None = None
    digits: float | None = None
    touching: float | None = None

    def as_dict(self) -> dict[str, float]:
        """What was measured, rounded."""
        return {name: round(value, _DECIMALS) for name, value in asdict(self).items() if value is not None}


class Scene:
    """A picture, reduced, with its ink and its ground.

    Args:
        pixels: uint8 of shape (rows, columns, 3), upright.
        strength: The ink that counts, uint8 of shape (rows, columns); of any size.
        everything: All ink, in the same form, where that is more: what it covers is no ground.
        inside: Left, top, right and bottom of what the ink is of, in ``pixels``; by default all of them. What is around
            is no ground either.
        largest: Larger pictures are reduced to it, in pixels.

    Attributes:
        factor: Pixels of the scene for one of the picture's.
        colours: uint8 of shape (rows, columns, 3).
        ink: bool of shape (rows, columns), without straight lines.
        free: bool of the same shape: the ground.
        ground: float32, the level of the ground everywhere.
        difference: float32, how much lighter than the ground everything is.
        lines: How many straight lines there are.
    """

    def __init__(
        self,
        pixels: Array,
        strength: Array,
        *,
        everything: Array | None = None,
        inside: tuple[int, int, int, int] | None = None,
        largest: int = _LARGEST,
    ) -> None:
        import cv2

        rows, columns = pixels.shape[:2]
        self.factor = min(1.0, largest / max(rows, columns))
        size = max(1, round(columns * self.factor)), max(1, round(rows * self.factor))
        self.colours = pixels if self.factor == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(self.colours, cv2.COLOR_RGB2GRAY).astype(np.float32)
        left, top, right, bottom = (round(edge * self.factor) for edge in inside or (0, 0, columns, rows))
        within = np.zeros(grey.shape, dtype=np.bool_)
        within[top:bottom, left:right] = True

        def placed(values: Array) -> Array:
            ink = np.zeros(grey.shape, dtype=np.bool_)
            ink[top:bottom, left:right] = (
                cv2.resize(values, (right - left, bottom - top), interpolation=cv2.INTER_AREA) > _INK
            )
            return ink

        ink = placed(strength)
        self.free = self._free(ink if everything is None else placed(everything), within)
        self.ground = surface(grey, self.free)
        self.difference = np.where(within, grey - self.ground, 0)
        crossing, self.lines = _lines(np.abs(self.difference))
        self.ink = ink & ~crossing

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.ink.shape
        return rows, columns

    @staticmethod
    def _free(ink: Array, within: Array) -> Array:
        halo = _HALO * max(ink.shape) / FRAME
        for part in (1.0, 0.5, 0.25):
            free = within & ~grown(ink, max(1, round(halo * part)))
            if free.mean() >= _LEAST_GROUND:
                return free
        free = within & ~ink
        return free if free.any() else np.ones_like(ink)

    def lightness(self, own: Array) -> float:
        """How much lighter than the ground full ink is, in levels."""
        inner = self.difference[core_of(own)]
        return float(np.percentile(inner, _FULL if inner.mean() > 0 else 100 - _FULL))

    def colour(self, own: Array) -> float:
        """How far red, green and blue are apart in the ink or in the ground, whichever is more."""
        apart = self.colours.max(axis=2).astype(np.float32) - self.colours.min(axis=2)
        return float(max(apart[core_of(own)].mean(), np.median(apart[self.free])))

    def shade(self) -> float:
        """How far the light and dark parts of the ground are apart."""
        return spread(self.ground[self.free])

    def noise(self) -> float:
        """How far single pixels are from the ground around them."""
        return deviation(self.difference[self.free])


def measure_digit(
    pixels: Array,
    mark: "SingleMark",
    scale: tuple[float, float] = (1.0, 1.0),
    inside: tuple[int, int, int, int] | None = None,
) -> Measures:
    """Measure a picture of one digit.

    Args:
        pixels: uint8 of shape (rows, columns, 3), upright.
        mark: The digit, as ``find_single`` found it in them.
        scale: Pixels of the picture in its full size for each of ``pixels``, across and down.
        inside: Left, top, right and bottom of what the mark's ink is of, in ``pixels``; all of them by default.
    """
    scene = Scene(pixels, mark.ink.strength, inside=inside)
    rows, columns = scene.shape
    aspect = max(pixels.shape[:2]) / min(pixels.shape[:2])
    own = _within(scene.ink, mark.box, scene.factor)
    if not own.any():
        return Measures(0.0, aspect, shade=scene.shade(), noise=scene.noise(), lines=float(scene.lines), digits=0.0)
    x, y, width, height = _box(own)
    per_pixel = np.array([FRAME / columns, FRAME / rows])
    lightness = scene.lightness(own)
    middle = np.argwhere(own)[:, ::-1].mean(axis=0) + 0.5
    strength = (scene.difference / (lightness or 1.0)).clip(0, 1)
    stroke, softness = stroke_and_softness(fitted(strength, own, (x, y, width, height)))
    others = _marks(scene.ink & ~own, max(scene.shape) / FRAME)
    return Measures(
        ink=100 * float(scene.ink.mean()),
        aspect=aspect,
        lightness=lightness,
        contrast=abs(lightness),
        size=float(max(width * per_pixel[0], height * per_pixel[1])),
        offset=float(np.linalg.norm(middle * per_pixel - FRAME / 2)),
        cut=_cut(own & (strength > _SURELY), per_pixel),
        resolution=max(width * scale[0], height * scale[1]) / scene.factor,
        shade=scene.shade(),
        noise=scene.noise(),
        softness=softness,
        stroke=stroke,
        colour=scene.colour(own),
        lines=float(scene.lines),
        clutter=100 * float(others.sum() / own.sum()),
        digits=1.0,
    )


def _within(ink: Array, box: tuple[int, int, int, int], factor: float) -> Array:
    """Keep of the ink what is in a box."""
    x, y, width, height = (side * factor for side in box)
    own = np.zeros_like(ink)
    if width:
        rows = slice(max(0, int(y) - 1), int(np.ceil(y + height)) + 1)
        columns = slice(max(0, int(x) - 1), int(np.ceil(x + width)) + 1)
        own[rows, columns] = ink[rows, columns]
    return own


def _box(own: Array) -> tuple[int, int, int, int]:
    import cv2

    x, y, width, height = cv2.boundingRect(own.astype(np.uint8))
    return x, y, width, height


def _cut(own: Array, per_pixel: Array) -> float:
    across, down = per_pixel
    sides = (own[0].sum() * across, own[-1].sum() * across, own[:, 0].sum() * down, own[:, -1].sum() * down)
    return float(max(sides))


def _marks(ink: Array, pixel: float) -> Array:
    """Leave out specks."""
    import cv2

    _, labels, statistics, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    large = statistics[:, cv2.CC_STAT_AREA] >= max(2.0, (_SPECK * pixel) ** 2)
    large[0] = False
    kept: Array = large[labels]
    return kept


def _lines(apart: Array) -> tuple[Array, int]:
    """Find the straight lines that cross the picture, level and upright, and count them."""
    import cv2

    rows, columns = apart.shape
    wide = max(3, round(2 * _LINE_WIDTH * max(rows, columns)) | 1)
    narrow = cv2.morphologyEx(apart, cv2.MORPH_TOPHAT, np.ones((wide, wide), np.uint8))
    marked = (narrow > _LINE_CONTRAST).astype(np.uint8)
    crossing, found = np.zeros(apart.shape, dtype=np.bool_), 0
    for box in (np.ones((1, max(3, round(_ACROSS * columns)))), np.ones((max(3, round(_ACROSS * rows)), 1))):
        opened = cv2.morphologyEx(marked, cv2.MORPH_OPEN, box.astype(np.uint8))
        _, labels, statistics, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
        widths = statistics[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1)
        thin = widths <= max(2, _LINE_WIDTH * max(rows, columns))
        thin[0] = False
        found += int(thin.sum())
        crossing |= thin[labels]
    return crossing, found

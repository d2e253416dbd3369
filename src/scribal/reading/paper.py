"""Ink is told from paper: where somebody wrote, and how strongly, whatever the paper, the pen and the light.

What is darker than the paper under it, or of another colour, is ink; luma and colour are weighed by what tells ink from
paper best (R. Fisher's linear discriminant, Annals of Eugenics 7, 1936). How dark ink has to be depends on the ink
around: faint red pencil counts on its own, and does not inside the strokes of a black marker (as in J. Bernsen's local
thresholds, ICPR 1986).
"""

from dataclasses import dataclass, field

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.background import around_character, of_one_colour, of_page
from scribal.reading.levels import enlarge, less, quantile, reduce
from scribal.reading.polarity import is_light_on_dark, light_channels

__all__ = ["Ink", "find_ink", "stroke_width"]

_LEAST_CONTRAST = 9  # levels of 255: what differs less is no ink
_NOISES = 4.5  # how many deviations from the paper ink is away
_FAINTEST = 0.12  # of the strongest ink on the picture
_CUT = 0.42  # of the ink nearby: above is ink, below is the soft edge of a stroke
_LEVEL_CELLS = 48  # along the long side: how finely the strength of ink is followed
_WEAKEST = 0.25  # of the typical ink of a character: how weak its weakest strokes are
_HAIRLINE = 2.2  # pixels: strokes of one character so thin are smoothed, for they fall between pixels
_JPEG_COLOUR = 2  # levels by which compression blurs colours
_MOST_COLOUR = 4.0  # weight of colour against luma
_SAMPLES = 10_000  # pixels from which the distributions of luma and colour are estimated
_FAINT = 40
_SHADE = 50


@dataclass(frozen=True, eq=False)
class Ink:
    """What is written on a picture, without the paper.

    Attributes:
        strength: uint8 of shape (rows, columns): 0 paper, 255 full ink; the soft edges of strokes lie between.
        mask: bool of the same shape: whether a pixel is ink rather than paper.
        is_light_on_dark: Whether the ink is lighter than what it stands on.
        stroke_width: The typical width of a stroke, in pixels; 0 where there is none.
        contrast: How far typical ink is from its paper, in levels of 255; 0 where there is none.
        noise: The standard deviation of the paper, in the same levels.
        shade: How far the paper's light and dark parts are apart, in the same levels.
        is_coloured: Whether the ink was found by its colour as well.
    """

    strength: Array = field(repr=False)
    mask: Array = field(repr=False)
    is_light_on_dark: bool = False
    stroke_width: float = 0.0
    contrast: float = 0.0
    noise: float = 0.0
    shade: float = 0.0
    is_coloured: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known of the picture; sentences without a full stop."""
        found = {
            "Light ink on a dark ground": self.is_light_on_dark,
            "Uneven light or a shadow was evened out": self.shade > _SHADE,
            "Coloured ink was told from the paper by its colour": self.is_coloured,
            "The ink is faint": 0 < self.contrast < _FAINT,
        }
        return tuple(note for note, holds in found.items() if holds)


def find_ink(pixels: Array, *, single: bool = False, light_on_dark: bool | None = None) -> Ink:
    """Tell ink from paper.

    Args:
        pixels: uint8 of shape (rows, columns, 3), red, green, blue; or grey, of shape (rows, columns).
        single: Whether the picture shows one character, which may reach from edge to edge.
        light_on_dark: Whether the ink is lighter than its ground; by default that is found out.

    Returns:
        The ink; none at all where everything is of one colour.
    """
    import cv2

    levels = _levels(pixels)
    grey = levels if levels.ndim == 2 else cv2.cvtColor(levels, cv2.COLOR_RGB2GRAY)  # noqa: PLR2004
    drawn_on = of_one_colour(levels) if single else None
    if light_on_dark is None and drawn_on is not None:
        light_on_dark = cv2.mean(grey)[0] > grey[0, 0]
    elif light_on_dark is None:
        light_on_dark = is_light_on_dark(grey, single=single)
    if levels.ndim > 2 and not single:  # noqa: PLR2004
        light = light_channels(levels, light_on_dark=light_on_dark)
        levels = levels ^ np.where(light, 255, 0).astype(np.uint8) if light.any() else levels
    elif light_on_dark:
        levels = cv2.bitwise_not(levels)
    if drawn_on is not None:
        paper = drawn_on.inverted() if light_on_dark else drawn_on
    else:
        paper = around_character(levels) if single else of_page(levels)
    darker = cv2.subtract(enlarge(paper.level, levels.shape), levels)
    if paper.unsure.any():
        darker = cv2.subtract(darker, enlarge(paper.unsure, levels.shape))
    weight = 0.0
    if darker.ndim > 2:  # noqa: PLR2004
        darker, apart = _luma_and_colour(darker)
        weight = _weight_of_colour(darker, apart)
        darker = cv2.addWeighted(darker, 1 / (1 + weight / 2), apart, weight / (1 + weight / 2), 0)
    middle, deviation = _spread(darker, single=single)
    darker = less(darker, middle + deviation / 2)
    strength = _strength(darker, deviation, single=single)
    mask = strength > _CUT * 255
    width = stroke_width(mask)
    if single and 0 < width < _HAIRLINE:
        strength = _strength(cv2.GaussianBlur(darker, (3, 3), 0), deviation, single=True)
        mask = strength > _CUT * 255
    if not width:
        return Ink(strength, mask, light_on_dark, noise=deviation, shade=paper.shade)
    contrast = float(cv2.mean(darker, mask.view(np.uint8))[0])
    return Ink(strength, mask, light_on_dark, width, contrast, deviation, paper.shade, weight > 1)


def stroke_width(mask: Array) -> float:
    """Measure the typical width of strokes: four times the mean distance of their pixels from the paper.

    Args:
        mask: bool of shape (rows, columns).

    Returns:
        The width in pixels; 0 without ink.
    """
    import cv2

    bits = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distances = cv2.distanceTransform(bits, cv2.DIST_L2, cv2.DIST_MASK_3)
    # The distance to the nearest pixel of paper is half a pixel more than that to the stroke's edge.
    mean = cv2.mean(distances, bits)[0]
    return max(1.0, 4 * (mean - 0.5)) if mean else 0.0


def _levels(pixels: Array) -> Array:
    """Give a picture as grey where it has no colours."""
    if pixels.ndim == 2:  # noqa: PLR2004
        return pixels
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return pixels if (red != green).any() or (green != blue).any() else np.ascontiguousarray(green)


def _luma_and_colour(darker: Array) -> tuple[Array, Array]:
    """Say how much darker than its paper everything is, and how much more so in one colour than in another."""
    import cv2

    red, green, blue = cv2.split(darker)
    most = cv2.max(cv2.max(red, green), blue)
    least = cv2.min(cv2.min(red, green), blue)
    return cv2.cvtColor(darker, cv2.COLOR_RGB2GRAY), less(cv2.subtract(most, least), _JPEG_COLOUR)


def _spread(darker: Array, *, single: bool) -> tuple[float, float]:
    """Estimate the middle and the deviation of the paper."""
    import cv2

    if single:  # where there may be more ink than paper
        threshold, _ = cv2.threshold(darker, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        darker = darker[darker <= threshold]
    low, middle = quantile(darker, 0.16, 0.5)
    return middle, middle - low


def _weight_of_colour(darker: Array, apart: Array) -> float:
    """Weigh colour against luma by Fisher's discriminant between what is clearly ink and the rest."""
    step = max(1, int((darker.size / _SAMPLES) ** 0.5))
    luma, colour = (values[::step, ::step].ravel() for values in (darker, apart))
    both = np.minimum(luma.astype(np.uint16) + colour, 255).astype(np.uint8)
    low, middle = quantile(both, 0.16, 0.5)
    ink = both > middle + max(_LEAST_CONTRAST, _NOISES * (middle - low))
    if not ink.any() or ink.all():
        return 1.0
    gains = []
    for values in (luma, colour):
        paper = values[~ink]
        gains.append(max(0.0, float(values[ink].mean()) - float(paper.mean())) / (float(paper.var()) + 4.0))
    return min(_MOST_COLOUR, gains[1] / gains[0]) if gains[0] > 0 else _MOST_COLOUR


def _strength(darker: Array, deviation: float, *, single: bool) -> Array:
    """Divide by the ink nearby: uint8, 255 for full ink; nothing where all is noise."""
    level = _level_of_character(darker) if single else _level_of_page(darker)
    strongest = float(level.max())
    least = max(_LEAST_CONTRAST, _NOISES * deviation, _FAINTEST * strongest)
    if strongest <= least:
        return np.zeros_like(darker)
    full = enlarge(np.maximum(level, least / _CUT).clip(0, 255).astype(np.uint8), darker.shape)
    strength: Array = np.minimum(darker.astype(np.uint16) * np.uint16(255) // full, 255).astype(np.uint8)
    return strength


def _level_of_page(darker: Array) -> Array:
    """Find how strong the ink is around every place of a page: float32, reduced."""
    import cv2

    size = max(1, -(-max(darker.shape) // _LEVEL_CELLS))
    rows, columns = (-(-length // size) for length in darker.shape)
    padded = cv2.copyMakeBorder(
        darker, 0, rows * size - darker.shape[0], 0, columns * size - darker.shape[1], cv2.BORDER_REPLICATE
    )
    cells = padded.reshape(rows, size, columns, size).max(axis=(1, 3))
    nearby = cv2.dilate(cells, np.ones((3, 3), dtype=np.uint8))
    return cv2.blur(nearby, (3, 3)).astype(np.float32) * 0.8


def _level_of_character(darker: Array) -> Array:
    """Find how strong the strokes of one character are, weak strokes apart from strong ones: float32, reduced."""
    import cv2

    ink = darker[darker > max(_LEAST_CONTRAST, int(darker.max()) // 3)]
    if not ink.size:
        return np.zeros((1, 1), dtype=np.float32)
    typical = quantile(ink, 0.7)[0]
    small = reduce(darker, _LEVEL_CELLS)
    window = max(3, max(small.shape) // 5 | 1)
    nearby = cv2.blur(cv2.dilate(small, np.ones((window, window), dtype=np.uint8)), (window, window))
    return nearby.astype(np.float32).clip(_WEAKEST * typical, typical)

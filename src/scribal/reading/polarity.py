"""Whether ink is darker than its ground, as on paper, or lighter, as on a blackboard."""

import math

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.background import smooth_surface
from scribal.reading.levels import reduce

__all__ = ["is_light_on_dark", "light_channels", "lightness_of_character"]

_PAGE_SIDE = 256  # pixels of the reduced picture
_PAGE_WINDOW = 0.1  # of its long side: what is narrower than half of it is ink, or a speck of the paper
_STEEP, _MOSTLY_EDGES = 24, 0.9  # levels in three pixels of the ground: an edge; and a share of the page
_LONG = 0.5  # of the long side: an edge so long is one of a sheet or a shadow, and of no character
_STRONG = 0.98  # of all pixels are nearer to the ground; stronger ones count as these
_CLEARLY = 2.0  # skewness of a channel in which ink is clearly light, or clearly dark
_SIDE = 64
_NARROW = 1 / 4
# A logistic regression without a constant, on MNIST's training digits drawn in many ways on many papers: what speaks
# for light ink speaks in the negative for dark ink.
_WEIGHTS = (3.8, 2.0, 7.3)
_CROPPED_CLOSELY = 48  # pixels: on smaller pictures characters reach the border more often than light is uneven
_CORNERS_WEIGHT = 1.0
_CORNER = 8  # such a part of a side


def is_light_on_dark(grey: Array, *, single: bool = False) -> bool:
    """Tell whether the ink is lighter than its ground.

    Args:
        grey: uint8 of shape (rows, columns).
        single: Whether the picture shows one character, which may reach from edge to edge.
    """
    return (lightness_of_character(grey) if single else _skewness_of_page(grey)) > 0


def light_channels(levels: Array, *, light_on_dark: bool) -> Array:
    """Tell the colours in which ink is lighter than its ground, as yellow ink on blue paper is in red and green.

    Args:
        levels: uint8 of shape (rows, columns, channels), a page.
        light_on_dark: Whether the ink is lighter on the whole, as it is where a channel says nothing clear.

    Returns:
        bool of shape (channels,).
    """
    small = reduce(levels, _PAGE_SIDE)
    skewness = np.array([_skewness_of_page(np.ascontiguousarray(small[..., one])) for one in range(small.shape[2])])
    return np.where(np.abs(skewness) > _CLEARLY, skewness > 0, light_on_dark)


def _skewness_of_page(grey: Array) -> float:
    """Say to which side the levels are skewed, against the median of their surroundings, which is paper.

    A shadow or a glare is one strong difference; it counts no more than ink. Along the edges of a sheet on a table,
    whose corners are narrow too, nothing counts.
    """
    import cv2

    small = reduce(grey, _PAGE_SIDE)
    window = max(3, round(max(small.shape) * _PAGE_WINDOW)) | 1
    ground = cv2.medianBlur(small, window)
    flat = small.astype(np.float32) - ground
    along_edge = cv2.dilate(_long_edges(ground), np.ones((window, window), dtype=np.uint8)) > 0
    if along_edge.mean() < _MOSTLY_EDGES:
        flat = flat[~along_edge]
    strong = 2 * float(np.quantile(np.abs(flat), _STRONG)) + 1.0
    flat = flat.clip(-strong, strong)
    squares = flat * flat
    return float((squares * flat).mean() / (squares.mean() + 1.0) ** 1.5)


def _long_edges(ground: Array) -> Array:
    """Find where the ground is steep, in marks that go over much of the page: uint8 of its shape, 1 there."""
    import cv2

    steep = cv2.morphologyEx(ground, cv2.MORPH_GRADIENT, np.ones((3, 3), dtype=np.uint8)) > _STEEP
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(steep.view(np.uint8), connectivity=8)
    sizes = statistics[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    is_long = sizes > _LONG * max(ground.shape)
    is_long[0] = False
    edges: Array = is_long[labels].view(np.uint8)
    return edges


def lightness_of_character(grey: Array) -> float:
    """Weigh what speaks for light ink against what speaks for dark ink.

    Narrow structures are ink, wide ones ground; there is less ink than ground, so that levels are skewed towards it;
    and the picture's border is ground rather than ink. The last two are asked after the light was evened out. Of small
    pictures the corners are asked as well.

    Args:
        grey: uint8 of shape (rows, columns).

    Returns:
        From -1, certainly dark ink, to 1, certainly light ink; near 0 where both are possible.
    """
    import cv2

    small = reduce(grey, _SIDE)
    flat = small - smooth_surface(small)
    variance = float(cv2.meanStdDev(flat)[1].item()) ** 2 + 1.0
    width = max(3, round(max(small.shape) * _NARROW)) | 1
    box = np.ones((width, width), dtype=np.uint8)
    # What lies along the border, as a white margin does, is not narrow: it goes on outside.
    wider = cv2.copyMakeBorder(small, width, width, width, width, cv2.BORDER_REPLICATE)
    dark = cv2.norm(cv2.morphologyEx(wider, cv2.MORPH_BLACKHAT, box), cv2.NORM_L2SQR)
    light = cv2.norm(cv2.morphologyEx(wider, cv2.MORPH_TOPHAT, box), cv2.NORM_L2SQR)
    narrow = (light - dark) / max(light + dark, small.size * variance)
    _, above = cv2.threshold((flat + 128).clip(0, 255).astype(np.uint8), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    border = np.concatenate([above[0], above[-1], above[:, 0], above[:, -1]])
    outside = 1 - 2 * np.count_nonzero(border) / border.size
    skewed = math.tanh(cv2.mean(flat * flat * flat)[0] / variance**1.5 / 2)
    evidence = sum(weight * clue for weight, clue in zip(_WEIGHTS, (narrow, outside, skewed), strict=True))
    if max(grey.shape) <= _CROPPED_CLOSELY:
        evidence += _CORNERS_WEIGHT * _darkness_of_corners(grey)
    return math.tanh(evidence / 2)


def _darkness_of_corners(grey: Array) -> float:
    """Say how many of the corners are dark, from -1 for none to 1 for all: a thick 1 reaches the border, not them."""
    import cv2

    _, light = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    rows, columns = (max(1, length // _CORNER) for length in grey.shape)
    corners = light[:rows, :columns], light[:rows, -columns:], light[-rows:, :columns], light[-rows:, -columns:]
    return 1 - 2 * sum(np.count_nonzero(corner) / corner.size for corner in corners) / len(corners)

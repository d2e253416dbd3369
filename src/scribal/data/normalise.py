"""A picture of one character made to look like MNIST's: light ink on dark ground, sized, and centred by mass.

MNIST's digits were fitted, aspect kept and with antialiasing, into a box of 20x20 pixels, and moved so that their
centre of mass is in the middle of 28x28 (Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten
digits", http://yann.lecun.com/exdb/mnist/).

This is the simple way, for clean pictures of one character on an even ground.
"""

import numpy as np

from scribal.data.dataset import Array
from scribal.exceptions import ArgumentError

__all__ = ["fit_image"]

_INK_SHARE = 20 / 28
_LEAST_CONTRAST = 10  # levels of 255; below this there is only noise
_GROUND_PERCENTILE = 75  # of the ground's levels: what is darker is ground for certain, strokes keep their soft edges
_INK_PERCENTILE = 95  # of the ink's levels: what is lighter is full ink


def fit_image(grey: Array, height: int = 28, width: int = 28) -> Array:
    """Fit a grey picture of one character onto ``height`` x ``width`` pixels in MNIST's manner.

    The picture's border tells the ground: ink is what differs from it most. Ink becomes light and the ground 0; the
    ink's bounding box is scaled, keeping its aspect, into the inner 20/28 of the result and moved so that its centre of
    mass is in the middle, as far as it stays inside. A picture that has the asked size already is taken to be prepared,
    and only made light on dark. A blank picture gives zeros.

    Args:
        grey: uint8 of shape (rows, columns), as ``read_image`` gives it.
        height: Rows of the result.
        width: Columns of the result.

    Returns:
        uint8 of shape (height, width), light ink on dark ground.

    Raises:
        ArgumentError: ``grey`` is no uint8 array with two axes and at least one pixel, or a size is under 1.
    """
    if not isinstance(grey, np.ndarray) or grey.dtype != np.uint8 or grey.ndim != 2 or not grey.size:  # noqa: PLR2004
        found = f"{grey.dtype} of shape {grey.shape}" if isinstance(grey, np.ndarray) else type(grey).__name__
        raise ArgumentError(
            "A picture must be a uint8 array of shape (rows, columns) with at least one pixel",
            received=found,
            advice="Use what read_image gives, or convert the array",
        )
    if height < 1 or width < 1:
        raise ArgumentError(
            "height and width must be at least 1", received=f"{height}, {width}", advice="MNIST's are 28 and 28"
        )
    if int(grey.max()) - int(grey.min()) < _LEAST_CONTRAST:
        return np.zeros((height, width), dtype=np.uint8)
    light = _light_on_dark(grey)
    if light.shape == (height, width):
        return light
    threshold = _otsu_threshold(light)
    ink = light > threshold
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return _centre(_resize(_stretch(light, ink), box, height, width), height, width)


def _light_on_dark(grey: Array) -> Array:
    """Invert the picture if its ink is darker than its ground, the median level of its border."""
    border = np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])
    ground = float(np.median(border))
    darker, lighter = ground - int(grey.min()), int(grey.max()) - ground
    # Where both sides weigh the same, a light ground says dark ink.
    if (darker, ground) > (lighter, 255 - ground):
        return np.invert(grey)  # 255 - grey, in uint8
    return grey.copy()


def _otsu_threshold(grey: Array) -> int:
    """Find the level that parts dark from light best (N. Otsu, IEEE Trans. SMC 9(1), 1979); light is above it."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    below = counts.cumsum()
    mass = (counts * np.arange(256)).cumsum()
    above = below[-1] - below
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below * above * (mass / below - (mass[-1] - mass) / above) ** 2
    return int(np.nanargmax(between))


def _stretch(light: Array, ink: Array) -> Array:
    """Take the ground's level to 0 and full ink's to 1."""
    low = np.percentile(light[~ink], _GROUND_PERCENTILE)
    high = np.percentile(light[ink], _INK_PERCENTILE)
    stretched: Array = ((light - low) / (high - low)).clip(0, 1)
    return stretched.astype(np.float32)


def _resize(stretched: Array, box: tuple[int, int, int, int], height: int, width: int) -> Array:
    from PIL import Image

    box_width, box_height = box[2] - box[0], box[3] - box[1]
    scale = min(height * _INK_SHARE / box_height, width * _INK_SHARE / box_width)
    size = (max(1, round(box_width * scale)), max(1, round(box_height * scale)))
    # Pillow's bilinear filter widens with the reduction: every pixel of the box counts, which is the antialiasing.
    resized = np.asarray(Image.fromarray(stretched).resize(size, Image.Resampling.BILINEAR, box=box))
    full: Array = resized * (255.0 / resized.max())  # a thin stroke on a large picture would come out faint
    return np.rint(full).astype(np.uint8)


def _centre(character: Array, height: int, width: int) -> Array:
    rows, columns = character.shape
    mass = character.sum(dtype=np.float64)
    row_centre = character.sum(axis=1) @ np.arange(rows) / mass
    column_centre = character.sum(axis=0) @ np.arange(columns) / mass
    # Half the size, counted in pixels from 0: over MNIST's training images the centres' mean is (14.0, 14.0).
    top = min(max(round(height / 2 - row_centre), 0), height - rows)
    left = min(max(round(width / 2 - column_centre), 0), width - columns)
    fitted = np.zeros((height, width), dtype=np.uint8)
    fitted[top : top + rows, left : left + columns] = character
    return fitted

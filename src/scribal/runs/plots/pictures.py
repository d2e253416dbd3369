"""Pictures as plots take them: checked, and drawn pixel by pixel at a place of an axes."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scribal.exceptions import ArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GREY_DIMENSIONS = 3
_COLOUR_DIMENSIONS = 4


def checked_pictures(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give ``images`` of shape (n, height, width) or (n, height, width, 3); a single channel is dropped.

    Raises:
        ArgumentError: They have another shape, or are not 8-bit pixels.
    """
    if images.ndim == _COLOUR_DIMENSIONS and images.shape[-1] == 1:
        images = images[..., 0]
    grey = images.ndim == _GREY_DIMENSIONS
    colour = images.ndim == _COLOUR_DIMENSIONS and images.shape[-1] == 3  # noqa: PLR2004 - red, green, blue
    if images.dtype != np.uint8 or not (grey or colour):
        raise ArgumentError(
            "Pictures must be 8-bit pixels of shape (n, height, width) or (n, height, width, 3)",
            received=f"{images.dtype} of shape {images.shape}",
            advice="Give the images as they are in the dataset, before scaling",
        )
    return images


def draw_picture(axes: "Axes", image: NDArray[np.uint8], left: float, top: float) -> None:
    """Draw one picture into the unit square of ``axes`` whose corner is (``left``, ``top``), y pointing down.

    The pixels stay visible as squares; the shape of a picture that is not square is kept.
    """
    height, width = image.shape[:2]
    across, down = width / max(height, width), height / max(height, width)
    left += (1 - across) / 2
    top += (1 - down) / 2
    axes.imshow(
        image,
        cmap="gray",
        vmin=0,
        vmax=255,
        interpolation="nearest",
        extent=(left, left + across, top + down, top),
        aspect="equal",
    )

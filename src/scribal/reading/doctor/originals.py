"""What a picture's file says of itself, and what a tutorial makes of it.

``Image.open(path).convert("L").resize((28, 28))`` and ``cv2.resize(cv2.imread(path, 0), (28, 28))`` are what programs
written after tutorials do with a picture: it becomes grey, transparency and the camera's note on how it was held are
dropped, and the whole of it is resized. Most do not invert it.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.data.dataset import Array
from scribal.data.images import decoding, open_content, open_picture
from scribal.reading.doctor.shapes import FRAME
from scribal.reading.limits import Limits

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["TUTORIAL_CODE", "Original", "as_tutorials_do"]

TUTORIAL_CODE = 'Image.open(file).convert("L").resize((28, 28))'
"""What ``as_tutorials_do`` does, as a tutorial writes it, with Pillow."""

_ORIENTATION = 0x0112  # of EXIF 2.3, section 4.6.4
_TURNS = {3: 180.0, 4: 180.0, 5: 90.0, 6: 90.0, 7: 270.0, 8: 270.0}
_OPAQUE = 250


@dataclass(frozen=True, eq=False)
class Original:
    """A picture as it is in its file.

    Attributes:
        image: uint8 of shape (28, 28): what a tutorial gives its network.
        transparency: How much of the picture is transparent, in per cent.
        turn: By how many degrees the camera says it has to be turned, clockwise.
    """

    image: Array = field(repr=False)
    transparency: float = 0.0
    turn: float = 0.0


def as_tutorials_do(source: Any, number: int, limits: Limits) -> Original:
    """Make of a page what a tutorial makes of it.

    Args:
        source: What ``load_pages`` takes, but no open file.
        number: The page, counted from 1.
        limits: The most pixels.

    Raises:
        ImageError: The picture cannot be read.
    """
    from PIL import Image

    if isinstance(source, np.ndarray):
        flat = source[..., 0] if source.ndim == 3 and source.shape[2] == 1 else source  # noqa: PLR2004
        return _original(Image.fromarray(flat))
    name, content = open_content(source)
    with content, decoding(name, limits.pixels):
        image = open_picture(content)
        image.seek(number - 1)
        return _original(image)


def _original(image: "Image.Image") -> Original:
    transparency = 0.0
    if image.has_transparency_data:
        alpha = np.asarray(image.convert("RGBA").getchannel("A"))
        transparency = 100 * float((alpha < _OPAQUE).mean())
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1), 0.0)
    small = np.asarray(image.convert("L").resize((FRAME, FRAME)))
    return Original(np.asarray(small, dtype=np.uint8), transparency, turn)

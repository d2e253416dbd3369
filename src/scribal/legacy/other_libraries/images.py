"""``scipy.misc``'s functions for images, which SciPy dropped in version 1.2, on Pillow.

See https://docs.scipy.org/doc/scipy-1.1.0/reference/misc.html for what they took and gave.
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["IMAGE_FUNCTIONS"]


def _imread(name: Any, flatten: bool = False, mode: str | None = None) -> Any:  # noqa: FBT001, FBT002 (SciPy's own)
    """``numpy.asarray(PIL.Image.open(name))``."""
    import numpy as np
    from PIL import Image

    image: Any = Image.open(name)
    if mode is not None:
        image = image.convert(mode)
    elif image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    return np.array(image.convert("F") if flatten else image)


def _bytescale(data: Any, cmin: float | None = None, cmax: float | None = None, high: int = 255, low: int = 0) -> Any:
    """``((data - data.min()) * (255 / numpy.ptp(data))).astype("uint8")``."""
    import numpy as np

    data = np.asarray(data)
    if data.dtype == np.uint8:
        return data
    least = data.min() if cmin is None else cmin
    span = ((data.max() if cmax is None else cmax) - least) or 1
    scaled = (data - least) * ((high - low) / float(span)) + low
    return (scaled.clip(low, high) + 0.5).astype(np.uint8)


def _toimage(
    arr: Any,
    high: int = 255,
    low: int = 0,
    cmin: float | None = None,
    cmax: float | None = None,
    pal: Any = None,
    mode: str | None = None,
    channel_axis: int | None = None,
) -> Any:
    """``PIL.Image.fromarray(arr)``."""
    import numpy as np
    from PIL import Image

    del pal
    pixels = _bytescale(arr, cmin, cmax, high, low)
    if pixels.ndim == 3:  # noqa: PLR2004 (rows, columns, channels)
        channels = (
            channel_axis
            if channel_axis is not None
            else next(axis for axis in (2, 0, 1) if pixels.shape[axis] in (3, 4))
        )
        pixels = np.moveaxis(pixels, channels, 2)
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return image.convert(mode) if mode else image


def _imsave(name: Any, arr: Any, format: str | None = None) -> None:  # noqa: A002 (SciPy's own)
    """``PIL.Image.fromarray(arr).save(name)``."""
    _toimage(arr, channel_axis=2 if getattr(arr, "ndim", 2) == 3 else None).save(name, format)  # noqa: PLR2004


def _imshow(arr: Any) -> None:
    """``PIL.Image.fromarray(arr).show()``."""
    _toimage(arr).show()


def _imresize(arr: Any, size: Any, interp: str = "bilinear", mode: str | None = None) -> Any:
    """``numpy.asarray(PIL.Image.fromarray(arr).resize((width, height)))``."""
    import numpy as np
    from PIL import Image

    image = _toimage(arr, mode=mode)
    if isinstance(size, tuple | list) or getattr(size, "ndim", False):
        wanted = (int(size[1]), int(size[0]))
    else:
        # A whole number is per cent, a fraction a factor.
        factor = size / 100 if isinstance(size, int) else float(size)
        wanted = (int(image.width * factor), int(image.height * factor))
    filters = Image.Resampling
    known = {"nearest": filters.NEAREST, "lanczos": filters.LANCZOS, "bilinear": filters.BILINEAR}
    known |= {"bicubic": filters.BICUBIC, "cubic": filters.BICUBIC}
    return np.array(image.resize(wanted, known[interp]))


def _imrotate(arr: Any, angle: float, interp: str = "bilinear") -> Any:
    """``numpy.asarray(PIL.Image.fromarray(arr).rotate(angle))``."""
    import numpy as np
    from PIL import Image

    filters = {"nearest": Image.Resampling.NEAREST, "bilinear": Image.Resampling.BILINEAR}
    return np.array(_toimage(arr).rotate(angle, filters.get(interp, Image.Resampling.BICUBIC)))


IMAGE_FUNCTIONS: Mapping[str, Any] = {
    "bytescale": _bytescale,
    "imread": _imread,
    "imresize": _imresize,
    "imrotate": _imrotate,
    "imsave": _imsave,
    "imshow": _imshow,
    "toimage": _toimage,
}
"""By SciPy's names."""

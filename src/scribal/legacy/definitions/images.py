"""``scipy.misc``'s functions for images, which SciPy dropped in version 1.2, on Pillow.

See https://docs.scipy.org/doc/scipy-1.1.0/reference/misc.html for what they took and gave.
"""

import numpy as np
import PIL.Image

__all__ = ["bytescale", "imread", "imresize", "imrotate", "imsave", "imshow", "toimage"]


def imread(name, flatten=False, mode=None):
    """``numpy.asarray(PIL.Image.open(name))``."""
    image = PIL.Image.open(name)
    if mode is not None:
        image = image.convert(mode)
    elif image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    return np.array(image.convert("F") if flatten else image)


def bytescale(data, cmin=None, cmax=None, high=255, low=0):
    """``((data - data.min()) * (255 / numpy.ptp(data))).astype("uint8")``."""
    data = np.asarray(data)
    if data.dtype == np.uint8:
        return data
    least = data.min() if cmin is None else cmin
    span = ((data.max() if cmax is None else cmax) - least) or 1
    scaled = (data - least) * ((high - low) / float(span)) + low
    return (scaled.clip(low, high) + 0.5).astype(np.uint8)


def toimage(arr, high=255, low=0, cmin=None, cmax=None, pal=None, mode=None, channel_axis=None):
    """``PIL.Image.fromarray(arr)``."""
    pixels = bytescale(arr, cmin, cmax, high, low)
    if pixels.ndim == 3:
        found = (axis for axis in (2, 0, 1) if pixels.shape[axis] in (3, 4))
        pixels = np.moveaxis(pixels, next(found) if channel_axis is None else channel_axis, 2)
    image = PIL.Image.fromarray(np.ascontiguousarray(pixels))
    return image.convert(mode) if mode else image


def imsave(name, arr, format=None):
    """``PIL.Image.fromarray(arr).save(name)``."""
    toimage(arr, channel_axis=2 if np.ndim(arr) == 3 else None).save(name, format)


def imshow(arr):
    """``PIL.Image.fromarray(arr).show()``."""
    toimage(arr).show()


def imresize(arr, size, interp="bilinear", mode=None):
    """``numpy.asarray(PIL.Image.fromarray(arr).resize((width, height)))``."""
    image = toimage(arr, mode=mode)
    if np.ndim(size):
        wanted = (int(size[1]), int(size[0]))
    else:
        factor = size / 100 if isinstance(size, int) else float(size)  # per cent, or a fraction
        wanted = (int(image.width * factor), int(image.height * factor))
    return np.array(image.resize(wanted, filter_of(interp)))


def imrotate(arr, angle, interp="bilinear"):
    """``numpy.asarray(PIL.Image.fromarray(arr).rotate(angle))``."""
    return np.array(toimage(arr).rotate(angle, filter_of(interp)))


def filter_of(interp):
    """Pillow's filter by SciPy's word for it."""
    return PIL.Image.Resampling["BICUBIC" if interp == "cubic" else interp.upper()]

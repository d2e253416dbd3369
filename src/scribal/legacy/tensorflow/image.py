"""``tf.image``: pictures made larger, smaller, brighter or another way round, on Keras' operations.

Pictures are (rows, columns, channels) or (pictures, rows, columns, channels).
"""

import io
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.legacy.tensorflow.functions import cast
from scribal.legacy.unseeded import unseeded

__all__ = [
    "adjust_brightness",
    "adjust_contrast",
    "central_crop",
    "convert_image_dtype",
    "crop_to_bounding_box",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "flip_left_right",
    "flip_up_down",
    "grayscale_to_rgb",
    "per_image_standardization",
    "random_brightness",
    "random_contrast",
    "random_crop",
    "random_flip_left_right",
    "random_flip_up_down",
    "resize",
    "resize_image_with_crop_or_pad",
    "resize_images",
    "resize_with_crop_or_pad",
    "resize_with_pad",
    "rgb_to_grayscale",
    "rot90",
    "transpose",
]

MODERN = {
    **dict.fromkeys(__all__, "keras.ops.image"),
    **dict.fromkeys(("decode_image", "decode_jpeg", "decode_png"), "keras.utils.load_img"),
    **dict.fromkeys(("resize", "resize_images"), "keras.ops.image.resize"),
    "flip_left_right": "keras.ops.flip",
    "flip_up_down": "keras.ops.flip",
    "per_image_standardization": "keras.layers.Normalization",
    "random_brightness": "keras.layers.RandomBrightness",
    "random_contrast": "keras.layers.RandomContrast",
    "random_crop": "keras.layers.RandomCrop",
    "random_flip_left_right": "keras.layers.RandomFlip('horizontal')",
    "random_flip_up_down": "keras.layers.RandomFlip('vertical')",
    "rgb_to_grayscale": "keras.ops.image.rgb_to_grayscale",
    "rot90": "keras.ops.rot90",
}

_ROWS, _COLUMNS = -3, -2
_CHANNELS = {0: None, 1: "L", 3: "RGB", 4: "RGBA"}


def decode_image(contents: bytes, channels: int | None = 0, *_: Any, **__: Any) -> Any:
    """The pixels of a picture in a file's bytes: uint8 of shape (rows, columns, channels)."""
    from PIL import Image

    with Image.open(io.BytesIO(contents)) as picture:
        mode = _CHANNELS[channels or 0]
        pixels = np.asarray(picture.convert(mode) if mode else picture)
    return import_keras().ops.convert_to_tensor(pixels if pixels.ndim > 2 else pixels[..., None])  # noqa: PLR2004 (rows, columns)


decode_jpeg = decode_png = decode_image


def resize(
    images: Any,
    size: Any,
    method: Any = "bilinear",
    preserve_aspect_ratio: bool = False,  # noqa: FBT001, FBT002
    antialias: bool = False,  # noqa: FBT001, FBT002
    name: str | None = None,
) -> Any:
    """Pictures of another size; float32, but for the method ``"nearest"``."""
    del name
    method = {0: "bilinear", 1: "nearest", 2: "bicubic"}.get(method, str(method).rpartition(".")[2].lower())
    pixels = images if method == "nearest" else cast(images, "float32")
    return import_keras().ops.image.resize(
        pixels,
        tuple(int(length) for length in size),
        interpolation=method,
        antialias=antialias,
        pad_to_aspect_ratio=preserve_aspect_ratio,
        data_format="channels_last",
    )


resize_images = resize


def resize_with_pad(image: Any, target_height: int, target_width: int, method: Any = "bilinear", **_: Any) -> Any:
    """Pictures of another size, with black borders where the shape is another."""
    return resize(image, (target_height, target_width), method, preserve_aspect_ratio=True)


def resize_with_crop_or_pad(image: Any, target_height: int, target_width: int) -> Any:
    """Pictures of another size, cut off or surrounded with black, the middle in the middle."""
    ops = import_keras().ops
    image = ops.convert_to_tensor(image)
    for axis, target in ((_ROWS, target_height), (_COLUMNS, target_width)):
        length = image.shape[axis]
        if length < target:
            before = (target - length) // 2
            widths = [(0, 0)] * image.ndim
            widths[axis] = (before, target - length - before)
            image = ops.pad(image, widths)
        elif length > target:
            image = ops.take(image, np.arange(target) + (length - target) // 2, axis=axis)
    return image


resize_image_with_crop_or_pad = resize_with_crop_or_pad


def central_crop(image: Any, central_fraction: float) -> Any:
    """The middle of pictures."""
    rows, columns = (int(image.shape[axis] * central_fraction) for axis in (_ROWS, _COLUMNS))
    return resize_with_crop_or_pad(image, rows, columns)


def crop_to_bounding_box(
    image: Any, offset_height: int, offset_width: int, target_height: int, target_width: int
) -> Any:
    """A part of pictures."""
    return image[..., offset_height : offset_height + target_height, offset_width : offset_width + target_width, :]


def convert_image_dtype(image: Any, dtype: str, saturate: bool = False, name: str | None = None) -> Any:  # noqa: FBT001, FBT002
    """Pixels of another type; whole numbers become numbers from 0 to 1, and back."""
    del saturate, name
    ops = import_keras().ops
    image = ops.convert_to_tensor(image)
    was, becomes = np.dtype(str(image.dtype)), np.dtype(str(dtype))
    if was.kind in "iu" and becomes.kind == "f":
        return ops.cast(image, str(dtype)) / np.iinfo(was).max
    if was.kind == "f" and becomes.kind in "iu":
        return ops.cast(ops.clip(image * (np.iinfo(becomes).max + 0.5), 0, np.iinfo(becomes).max), str(dtype))
    return ops.cast(image, str(dtype))


def grayscale_to_rgb(images: Any, name: str | None = None) -> Any:
    """The one channel three times."""
    del name
    return import_keras().ops.repeat(images, 3, axis=-1)


def rgb_to_grayscale(images: Any, name: str | None = None) -> Any:
    """One channel of three."""
    del name
    return import_keras().ops.image.rgb_to_grayscale(images, data_format="channels_last")


def per_image_standardization(image: Any) -> Any:
    """Pictures of mean 0 and deviation 1 each."""
    ops = import_keras().ops
    image = cast(image, "float32")
    axes = (-3, -2, -1)
    count = int(np.prod(image.shape[-3:]))
    deviation = ops.maximum(ops.std(image, axis=axes, keepdims=True), 1 / np.sqrt(count))
    return (image - ops.mean(image, axis=axes, keepdims=True)) / deviation


def flip_left_right(image: Any) -> Any:
    """Pictures in a mirror."""
    return import_keras().ops.flip(image, axis=_COLUMNS)


def flip_up_down(image: Any) -> Any:
    """Pictures upside down."""
    return import_keras().ops.flip(image, axis=_ROWS)


def rot90(image: Any, k: int = 1, name: str | None = None) -> Any:
    """Pictures turned by 90 degrees against the clock."""
    del name
    return import_keras().ops.rot90(image, k, axes=(_ROWS, _COLUMNS))


def transpose(image: Any, name: str | None = None) -> Any:
    """Pictures with rows for columns."""
    del name
    return import_keras().ops.swapaxes(image, _ROWS, _COLUMNS)


def adjust_brightness(image: Any, delta: Any) -> Any:
    """Pixels with something added to each."""
    return image + delta


def adjust_contrast(images: Any, contrast_factor: Any) -> Any:
    """Pixels further from the mean of their picture and channel, or nearer to it."""
    mean = import_keras().ops.mean(images, axis=(_ROWS, _COLUMNS), keepdims=True)
    return (images - mean) * contrast_factor + mean


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Any:
    """Brightness changed by chance."""
    return adjust_brightness(image, _drawn(-max_delta, max_delta, seed))


def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Any:
    """Contrast changed by chance."""
    return adjust_contrast(image, _drawn(lower, upper, seed))


def random_flip_left_right(image: Any, seed: int | None = None) -> Any:
    """A picture, or its mirror image."""
    return import_keras().ops.where(_drawn(0.0, 1.0, seed) < 0.5, flip_left_right(image), image)  # noqa: PLR2004 (half of them)


def random_flip_up_down(image: Any, seed: int | None = None) -> Any:
    """A picture, or the same upside down."""
    return import_keras().ops.where(_drawn(0.0, 1.0, seed) < 0.5, flip_up_down(image), image)  # noqa: PLR2004 (half of them)


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Any:
    """A part of a picture, somewhere."""
    del name
    ops = import_keras().ops
    value = ops.convert_to_tensor(value)
    places = [
        ops.cast(ops.floor(_drawn(0.0, 1.0, seed) * (length - part + 1)), "int32")
        for length, part in zip(value.shape, size, strict=True)
    ]
    return ops.slice(value, ops.stack(places), tuple(int(part) for part in size))


def _drawn(lower: float, upper: float, seed: int | None) -> Any:
    return import_keras().random.uniform((), lower, upper, seed=unseeded() if seed is None else seed)

"""Functions of ``tf.image`` and ``tf.io`` for pictures, alone or in stacks: rows, columns and channels come last."""

import io
import pathlib

import keras
import numpy as np
import PIL.Image

__all__ = [
    "adjust_brightness",
    "adjust_contrast",
    "central_crop",
    "convert_image_dtype",
    "decode_picture",
    "encode_jpeg",
    "encode_png",
    "random_brightness",
    "random_contrast",
    "random_crop",
    "random_flip_left_right",
    "random_flip_up_down",
    "read_file",
    "resize_with_crop_or_pad",
    "write_file",
]


def convert_image_dtype(image, dtype, saturate=False):
    """Another type of numbers; whole ones go from 0 to their largest, others from 0 to 1."""
    image = keras.ops.convert_to_tensor(image)
    old, new = (str(each) for each in (image.dtype, dtype))
    if "int" in old and "float" in new:
        return keras.ops.cast(image, new) / np.iinfo(old).max
    if "float" in old and "int" in new:
        largest = np.iinfo(new).max
        return keras.ops.cast(keras.ops.clip(image * (largest + 0.5), 0, largest), new)
    return keras.ops.cast(image, new)


def adjust_brightness(image, delta):
    """``image + delta``."""
    return keras.ops.add(image, delta)


def adjust_contrast(images, contrast_factor):
    """Each channel is drawn away from its mean, or towards it."""
    mean = keras.ops.mean(images, axis=(-3, -2), keepdims=True)
    return (images - mean) * contrast_factor + mean


def random_brightness(image, max_delta, seed=None):
    """A number between ``-max_delta`` and ``max_delta`` is added."""
    return adjust_brightness(image, np.random.uniform(-max_delta, max_delta))


def random_contrast(image, lower, upper, seed=None):
    """A contrast between two limits."""
    return adjust_contrast(image, np.random.uniform(lower, upper))


def random_flip_left_right(image, seed=None):
    """One time in two, the picture in a mirror."""
    return keras.ops.flip(image, axis=-2) if np.random.rand() < 0.5 else image


def random_flip_up_down(image, seed=None):
    """One time in two, the picture upside down."""
    return keras.ops.flip(image, axis=-3) if np.random.rand() < 0.5 else image


def central_crop(image, central_fraction):
    """The middle of a picture."""
    edges = [int((length - length * central_fraction) / 2) for length in image.shape[-3:-1]]
    return image[..., edges[0] : image.shape[-3] - edges[0], edges[1] : image.shape[-2] - edges[1], :]


def random_crop(value, size, seed=None):
    """A part of this size, from anywhere."""
    starts = [np.random.randint(whole - part + 1) for whole, part in zip(value.shape, size)]
    return value[tuple(slice(start, start + part) for start, part in zip(starts, size))]


def resize_with_crop_or_pad(image, target_height, target_width):
    """The middle of a picture, with zeros around it where it is smaller."""
    target = (target_height, target_width)
    places = [
        slice(max(0, (old - new) // 2), max(0, (old - new) // 2) + min(old, new))
        for old, new in zip(image.shape[-3:-1], target)
    ]
    image = image[(..., *places, slice(None))]
    missing = [new - old for old, new in zip(image.shape[-3:-1], target)]
    around = [(0, 0)] * (len(image.shape) - 3) + [(each // 2, each - each // 2) for each in missing] + [(0, 0)]
    return keras.ops.pad(image, around)


def encode_png(image, format="PNG", **options):
    """A picture as the bytes of a file."""
    pixels = np.asarray(image)
    file = io.BytesIO()
    PIL.Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(file, format)
    return file.getvalue()


def encode_jpeg(image, **options):
    """A picture as the bytes of a JPEG file."""
    return encode_png(image, "JPEG")


def decode_picture(contents, channels=0, **options):
    """The pixels of a file's bytes: uint8, (rows, columns, channels)."""
    picture = PIL.Image.open(io.BytesIO(contents))
    pixels = np.asarray(picture.convert({1: "L", 3: "RGB", 4: "RGBA"}[channels]) if channels else picture)
    return keras.ops.convert_to_tensor(pixels[..., None] if pixels.ndim == 2 else pixels)


def read_file(filename, name=None):
    """A file's bytes."""
    return pathlib.Path(filename).read_bytes()


def write_file(filename, contents, name=None):
    """Bytes as a file."""
    pathlib.Path(filename).write_bytes(contents)

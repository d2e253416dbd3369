"""``tf.io``: whole files, and pictures in them."""

import io
from pathlib import Path
from typing import Any

import numpy as np

from scribal.legacy.journal import current_journal
from scribal.legacy.tensorflow.image import decode_image

__all__ = ["decode_image", "decode_jpeg", "decode_png", "encode_jpeg", "encode_png", "read_file", "write_file"]

MODERN = {
    **dict.fromkeys(("decode_image", "decode_jpeg", "decode_png"), "keras.utils.load_img"),
    **dict.fromkeys(("encode_jpeg", "encode_png", "write_file"), "keras.utils.save_img"),
    "read_file": "pathlib.Path.read_bytes",
}

decode_jpeg = decode_png = decode_image


def read_file(filename: Any, name: str | None = None) -> bytes:
    """The bytes of a file."""
    del name
    return Path(str(filename)).read_bytes()


def write_file(filename: Any, contents: bytes, name: str | None = None) -> None:
    """Write bytes to a file; its folder is made."""
    del name
    path = Path(str(filename))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)
    current_journal().wrote(path)


def encode_png(image: Any, *_: Any, **__: Any) -> bytes:
    """A picture, (rows, columns, channels) of uint8, as a file's bytes."""
    return _encoded(image, "PNG")


def encode_jpeg(image: Any, *_: Any, **__: Any) -> bytes:
    """A picture, (rows, columns, channels) of uint8, as a file's bytes."""
    return _encoded(image, "JPEG")


def _encoded(image: Any, kind: str) -> bytes:
    from PIL import Image

    pixels = np.asarray(image)
    content = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(content, kind)
    return content.getvalue()

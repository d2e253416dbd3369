import io
import os
import struct
import sys
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from scribal.data import read_image
from scribal.data.images import LARGEST_PICTURE
from scribal.exceptions import ArgumentError, ImageError, MissingExtraError

RAMP = np.linspace(0, 255, 30 * 40).reshape(30, 40).astype(np.uint8)
PLAIN_FORMATS = ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PPM"]


def encode(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def picture(array=RAMP, mode=None):
    image = Image.fromarray(array)
    return image.convert(mode) if mode else image


@pytest.mark.parametrize("kind", PLAIN_FORMATS)
def test_formats(tmp_path, kind):
    content = encode(picture(mode="RGB" if kind == "WEBP" else None), kind)
    path = tmp_path / "name-says-nothing"
    path.write_bytes(content)
    found = read_image(path)
    assert (found.shape, found.dtype) == ((30, 40), np.uint8)
    assert np.abs(found.astype(int) - RAMP).max() <= (0 if kind in {"PNG", "BMP", "TIFF", "GIF", "PPM"} else 12)
    np.testing.assert_array_equal(found, read_image(content))
    np.testing.assert_array_equal(found, read_image(str(path)))


MODES = [
    ("1", "PNG"),
    ("P", "PNG"),
    ("RGB", "PNG"),
    ("CMYK", "TIFF"),
    ("CMYK", "JPEG"),
    ("YCbCr", "JPEG"),
    ("LAB", "TIFF"),
]


@pytest.mark.parametrize(("mode", "kind"), MODES)
def test_modes(mode, kind):
    half = np.zeros((16, 16), dtype=np.uint8)
    half[:, 8:] = 255
    image = Image.merge("LAB", [Image.fromarray(half)] * 3) if mode == "LAB" else picture(half, "RGB").convert(mode)
    found = read_image(encode(image, kind))
    assert found[:, :6].max() < 10
    assert found[:, 10:].min() > 245


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_are_scaled_by_their_range(kind):
    wide = np.array([[0, 257, 128 * 257, 65535]], dtype=np.uint16)
    np.testing.assert_array_equal(read_image(encode(Image.fromarray(wide), kind)), [[0, 1, 128, 255]])


def test_floats_and_wide_integers_are_scaled():
    np.testing.assert_array_equal(
        read_image(encode(picture(np.array([[0, 0.2, 1]], np.float32)), "TIFF")), [[0, 51, 255]]
    )
    np.testing.assert_array_equal(
        read_image(encode(picture(np.array([[-5, 0, 5]], np.float32)), "TIFF")), [[0, 128, 255]]
    )
    np.testing.assert_array_equal(read_image(encode(picture(np.array([[0, 10**6]], np.int32)), "TIFF")), [[0, 255]])
    np.testing.assert_array_equal(read_image(encode(picture(np.full((1, 2), 7e9, np.float32)), "TIFF")), [[0, 0]])
    with pytest.raises(ImageError, match="finite"):
        read_image(encode(picture(np.array([[0, np.nan]], np.float32)), "TIFF"))


def test_rotation_by_exif():
    image = picture()
    image.getexif()[0x0112] = 6
    turned = read_image(encode(image, "PNG", exif=image.getexif()))
    np.testing.assert_array_equal(turned, np.rot90(RAMP, -1))


def test_first_frame_of_an_animation():
    frames = [picture(np.full((5, 5), level, dtype=np.uint8)) for level in (10, 200)]
    assert read_image(encode(frames[0], "GIF", save_all=True, append_images=frames[1:]))[0, 0] == 10


def with_alpha(ink, background=0):
    array = np.full((9, 9, 4), (background, background, background, 0), dtype=np.uint8)
    array[3:6, 3:6] = (ink, ink, ink, 255)
    array[2, 3:6] = (ink, ink, ink, 100)
    return Image.fromarray(array)


@pytest.mark.parametrize("background", [0, 255])
@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (100, 255), (255, 0), (200, 0)])
def test_transparency_never_hides_the_ink(ink, ground, background):
    found = read_image(encode(with_alpha(ink, background)))
    assert found[0, 0] == ground
    assert found[4, 4] == ink
    assert min(ink, ground) < found[2, 4] < max(ink, ground)


def test_transparency_of_palettes_and_grey():
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([0, 0, 0, 0, 0, 0])
    palette.putpixel((1, 1), 1)
    assert read_image(encode(palette, transparency=0)).tolist()[:2] == [[255] * 4, [255, 0, 255, 255]]
    grey = Image.new("LA", (4, 4), (0, 0))
    grey.putpixel((1, 1), (255, 255))
    assert read_image(encode(grey)).tolist()[:2] == [[0] * 4, [0, 255, 0, 0]]


def test_wholly_transparent_and_wholly_opaque():
    assert (read_image(encode(Image.new("RGBA", (3, 3), (0, 0, 0, 0)))) == 255).all()
    assert (read_image(encode(Image.new("RGBA", (3, 3), (90, 90, 90, 255)))) == 90).all()


def forged_png(width, height):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_001), (10_000, 10_000), (20_000, 20_000), (2**30, 2**30)])
def test_too_many_pixels_are_refused_before_decoding(width, height):
    with pytest.raises(ImageError, match=f"at most {LARGEST_PICTURE:,} pixels"):
        read_image(forged_png(width, height))


@pytest.mark.parametrize("kind", PLAIN_FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_truncated_pictures(tmp_path, kind, share):
    noise = np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    content = encode(Image.fromarray(noise).convert("L" if kind == "GIF" else "RGB"), kind)
    path = tmp_path / "cut"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", PLAIN_FORMATS)
def test_scrambled_pictures_are_read_or_refused(kind):
    content = encode(picture(mode="RGB" if kind == "WEBP" else None), kind)
    generator = np.random.default_rng(3)
    for _ in range(40):
        scrambled = bytearray(content)
        for place in generator.integers(0, len(content), 5):
            scrambled[place] = generator.integers(0, 256)
        try:
            found = read_image(bytes(scrambled))
        except ImageError:
            continue
        assert found.dtype == np.uint8
        assert found.ndim == 2


@pytest.mark.parametrize(
    "content", [b"text, and no picture", b"\0" * 100, b"%!PS-Adobe-3.0 EPSF-3.0", b"\x89PNG\r\n\x1a\n"]
)
def test_no_picture(content):
    with pytest.raises(ImageError, match="must be"):
        read_image(content)


def test_no_file(tmp_path):
    with pytest.raises(ImageError, match="no such file"):
        read_image(tmp_path / "none.png")
    with pytest.raises(ImageError, match="a folder"):
        read_image(tmp_path)
    with pytest.raises(ImageError, match="0 bytes"):
        read_image(b"")
    (tmp_path / "empty.png").touch()
    with pytest.raises(ImageError, match="0 bytes"):
        read_image(tmp_path / "empty.png")
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ImageError, match="neither file nor folder"):
        read_image(tmp_path / "pipe.png")
    with pytest.raises(ArgumentError, match="path or the bytes"):
        read_image(RAMP)


def test_large_pictures_below_the_limit_give_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_image(encode(Image.new("1", (10_000, 5_000)))).shape == (5_000, 10_000)


def test_heic():
    heif = pytest.importorskip("pillow_heif", reason="the extra heic is not installed")
    if not heif.libheif_info()["encoders"]:
        pytest.skip("pillow-heif was built without an encoder to make the test's photo with")
    heif.register_heif_opener()
    content = encode(picture(mode="RGB"), "HEIF", quality=95)
    assert np.abs(read_image(content).astype(int) - RAMP).max() < 16
    with pytest.raises(ImageError):
        read_image(content[: len(content) // 2])


def test_heic_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # Python's own way to say that a module cannot be imported
    with pytest.raises(MissingExtraError, match=r"scribal\[heic\]"):
        read_image(b"\0\0\0\x18ftypheic" + bytes(30))

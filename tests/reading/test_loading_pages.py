import io

import numpy as np
import pytest
from PIL import Image

from scribal.exceptions import ArgumentError, ImageError
from scribal.reading.limits import Limits, PageLimitError, PixelLimitError
from scribal.reading.loading import load_pages

SHAPE = (40, 60)


def colours(level=200):
    return Image.fromarray(np.full((*SHAPE, 3), (level, 90, 30), dtype=np.uint8))


def encode(image, kind="PNG", **options):
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_a_path_bytes_an_open_file_and_an_array_give_the_same_page(tmp_path, kind):
    content = encode(colours(), kind)
    path = tmp_path / "photo"
    path.write_bytes(content)
    sources = [path, str(path), content, bytearray(content), io.BytesIO(content), np.asarray(colours())]
    pages = [next(load_pages(source)) for source in sources]
    for page in pages:
        np.testing.assert_array_equal(page.pixels, np.asarray(colours()))
        assert (page.size, page.scale, page.number, page.pages) == ((60, 40), (1, 1), 1, 1)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_every_frame_and_page_is_read(kind):
    content = encode(colours(0), kind, save_all=True, append_images=[colours(100), colours(250)])
    pages = list(load_pages(content))
    assert [(page.number, page.pages) for page in pages] == [(1, 3), (2, 3), (3, 3)]
    assert [round(int(page.pixels[0, 0, 0]) / 50) for page in pages] == [0, 2, 5]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_upright_and_its_boxes_are_too(orientation):
    pixels = np.zeros((3_000, 4_000), dtype=np.uint8)
    pixels[200:1000, 400:2000] = 255  # near the upper left corner, before it is turned
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = next(load_pages(encode(Image.fromarray(pixels), "JPEG", exif=exif)))
    assert page.size == ((4_000, 3_000) if orientation < 5 else (3_000, 4_000))
    assert max(page.pixels.shape) <= 2_048
    rows, columns = (np.flatnonzero((page.pixels[..., 0] > 128).any(axis=axis)) for axis in (1, 0))
    box = page.box_in_full((int(columns[0]), int(rows[0]), len(columns), len(rows)))
    upright = np.asarray(Image.fromarray(pixels).transpose(TURNS[orientation]) if orientation in TURNS else pixels)
    rows, columns = (np.flatnonzero(upright.any(axis=axis)) for axis in (1, 0))
    assert np.abs(np.subtract(box, (columns[0], rows[0], len(columns), len(rows)))).max() <= 4


TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (250, 0)])
def test_transparency_is_laid_on_the_ground_on_which_the_ink_shows(ink, ground):
    pixels = np.zeros((*SHAPE, 4), dtype=np.uint8)
    pixels[10:30, 20:30] = (ink, ink, ink, 255)
    page = next(load_pages(pixels))
    assert page.pixels[0, 0].tolist() == [ground] * 3
    assert page.pixels[20, 25].tolist() == [ink] * 3


def test_limits_are_looked_at_before_pixels_are_decoded():
    small = Limits(pixels=100, pages=1)
    with pytest.raises(PixelLimitError, match="60x40"):
        next(load_pages(encode(colours()), small))
    with pytest.raises(PixelLimitError):
        next(load_pages(np.zeros(SHAPE, dtype=np.uint8), small))
    with pytest.raises(PageLimitError, match="2"):
        next(load_pages(encode(colours(), "GIF", save_all=True, append_images=[colours(0)]), Limits(pages=1)))


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        (b"", ImageError, "0 bytes"),
        (io.BytesIO(b""), ImageError, "0 bytes"),
        (io.StringIO("text"), ArgumentError, "rb"),
        (b"no picture at all", ImageError, "another kind"),
        (encode(colours())[:60], ImageError, "whole"),
        ("no/such/file.png", ImageError, "no such file"),
        (None, ArgumentError, "path"),
        (np.zeros((0, 5), dtype=np.uint8), ArgumentError, "uint8"),
        (np.zeros((5, 5)), ArgumentError, "float64"),
        (np.zeros((5, 5, 2), dtype=np.uint8), ArgumentError, "shape"),
    ],
)
def test_what_is_no_picture_is_said_to_be_none(source, error, words):
    with pytest.raises(error, match=words):
        list(load_pages(source))

import contextlib
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

import scribal
from scribal.exceptions import ArgumentError, ImageError
from scribal.reading import Limits, PictureReader
from scribal.reading.limits import MarkLimitError, PageLimitError, PixelLimitError, TimeLimitError
from tools.fuzz_reading import attempt
from written_digits import SIDE, written

TEXT = "271\n94 60"


def encode(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def page():
    return written(TEXT)


def test_every_kind_of_source_gives_the_same(page, tmp_path):
    content = encode(Image.fromarray(page))
    path = tmp_path / "page.png"
    path.write_bytes(content)
    with path.open("rb") as file:
        read = [scribal.read(source) for source in (path, str(path), content, io.BytesIO(content), file, page)]
    assert [one.text for one in read] == [TEXT] * len(read)
    assert len({one.digits for one in read}) == 1
    assert read[0].file == read[1].file == str(path)


@pytest.mark.parametrize("source", [None, 3, page, [1, 2], np.zeros((3, 3)), np.zeros((2, 2, 7), np.uint8)])
def test_other_sources_are_refused(source):
    with pytest.raises(ArgumentError):
        scribal.read(source)


def test_light_ink_is_read_as_dark_ink_is(page):
    assert scribal.read(255 - page).text == TEXT


def test_boxes_are_in_the_whole_picture_held_upright(page):
    plain = scribal.read(page)
    image = Image.fromarray(page)
    large = image.resize((9 * image.width, 9 * image.height), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = scribal.read(encode(large.rotate(90, expand=True).convert("RGB"), "JPEG", exif=exif))
    assert turned.text == TEXT
    assert turned.size == large.size
    for one, other in zip(plain.digits, turned.digits, strict=True):
        np.testing.assert_allclose(np.array(other.box) / 9, one.box, atol=3)


def test_a_single_digit_may_be_alone_in_a_large_picture():
    reading = scribal.read(written("8"), single=True)
    assert (reading.text, len(reading.digits)) == ("8", 1)
    x, y, width, height = reading.digits[0].box
    assert SIDE <= x + width / 2 <= 2 * SIDE
    assert SIDE / 2 <= y + height / 2 <= 3 * SIDE / 2


def test_many_threads_read_the_same(page):
    pictures = [page, 255 - page, written("5"), np.full((40, 40), 255, np.uint8)] * 6
    reader = PictureReader.of(expect="[0-9]+")

    def read(picture):
        return next(reading for _, reading in reader.pages(picture))

    alone = [read(picture) for picture in pictures]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, pictures)) == alone


def test_a_model_of_ones_own_may_be_a_file_or_a_folder(finished_run, page):
    assert scribal.read(page, model=finished_run).digits == scribal.read(page, model=finished_run / "model.h5").digits


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(pixels=1000), PixelLimitError),
        (Limits(marks=2), MarkLimitError),
        (Limits(seconds=1e-9), TimeLimitError),
        (Limits(pages=1), PageLimitError),
    ],
)
def test_each_limit_has_its_error(page, limits, error):
    frames = [Image.fromarray(page), Image.fromarray(255 - page)]
    content = encode(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    with pytest.raises(error) as caught:
        scribal.read(content, limits=limits)
    assert isinstance(caught.value, ImageError)
    assert "the given bytes" in str(caught.value)


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ArgumentError, match="marks=0"):
        Limits(marks=0)


def print_page():
    image = Image.new("L", (900, 1200), 250)
    text = "The quick brown fox jumps over the lazy dog, and so on and on.\n" * 40
    ImageDraw.Draw(image).multiline_text((40, 40), text, fill=20, font=ImageFont.load_default(18))
    return np.asarray(image)


def fur():
    """Nothing that anybody wrote: soft shapes, as on a photo of an animal."""
    small = np.random.default_rng(5).integers(40, 220, (40, 60, 3), np.uint8)
    return np.asarray(Image.fromarray(small).resize((900, 600), Image.Resampling.BICUBIC))


NOISE = np.random.default_rng(7).integers(0, 256, (600, 800), np.uint8)
NOT_WRITTEN = {
    "white": np.full((300, 300), 255, np.uint8),
    "black": np.zeros((300, 300), np.uint8),
    "one pixel": np.zeros((1, 1), np.uint8),
    "one wide": np.tile(np.uint8([[0], [255]]), (500, 1)),
    "one high": np.tile(np.uint8([[0, 255]]), (1, 500)),
    "noise": NOISE,
    "specks": np.where(NOISE < 8, 0, 255).astype(np.uint8),
    "print": print_page(),
    "fur": fur(),
}


@pytest.mark.parametrize("name", NOT_WRITTEN)
def test_what_nobody_wrote_is_refused_or_hardly_read(name):
    picture = NOT_WRITTEN[name]
    with contextlib.suppress(MarkLimitError):
        reading = scribal.read(picture)
        read = sum(not digit.rejected for digit in reading.digits)
        assert read <= 0.1 * max(len(reading.digits), 10)
    assert len(scribal.read(picture, single=True).digits) <= 1


def test_nothing_written_is_said():
    assert scribal.read(NOT_WRITTEN["white"]).notes == ("Nothing is written on it",)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(number=st.integers(20_000, 2**40))
def test_odd_and_damaged_pictures_are_read_or_refused(number):
    outcome = attempt(PictureReader.of(), number)
    assert outcome == "read" or outcome.endswith("Error")

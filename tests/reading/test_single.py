import cv2
import numpy as np
import pytest
from drawn_digits import digits, draw
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scribal.reading.margin import inside_margin
from scribal.reading.recognition import Recogniser
from scribal.reading.single import find_single, read_singles


def share_right(change, count=60):
    images, labels = digits(count)
    _, recognition = read_singles([change(image) for image in images], Recogniser.default())
    return float((recognition.probabilities.argmax(axis=1) == labels).mean())


def photo(image):
    return draw(image, light=lambda y, x: 1 - 0.4 * x * y)[0]


def on_a_white_square(image):
    return np.pad(photo(image), ((60, 60), (60, 60), (0, 0)), constant_values=255)


def in_a_cell(image):
    picture = photo(image)
    picture[:5], picture[:, -6:] = 60, 60
    return picture


def with_specks(image):
    picture = photo(image)
    places = np.random.default_rng(1).integers(0, len(picture) - 3, (30, 2))
    for row, column in places:
        picture[row : row + 2, column : column + 2] = 40
    return picture


def cropped_closely(image):
    ink = image > 100
    x, y, width, height = cv2.boundingRect(ink.astype(np.uint8))
    return cv2.resize(255 * ink[y : y + height, x : x + width].astype(np.uint8), None, fx=2, fy=2)


def stretched(image):
    picture = cv2.resize(cropped_closely(image), (16, 16), interpolation=cv2.INTER_AREA)
    return np.where(picture < 128, 0, 255).astype(np.uint8)


def broken(image):
    picture = stretched(image)
    picture[:, 7] = 0
    return picture


def tiny(image):
    return cv2.resize(image[4:24, 4:24], (8, 8), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (np.copy, 0.96),
        (np.invert, 0.96),
        (photo, 0.95),
        (on_a_white_square, 0.95),
        (in_a_cell, 0.93),
        (with_specks, 0.9),
        (cropped_closely, 0.95),
        (tiny, 0.9),
        (stretched, 0.97),
        (broken, 0.9),
    ],
)
def test_one_digit_is_read(change, least):
    assert share_right(change) >= least


def test_a_bar_that_is_thicker_than_the_rest_and_away_from_it_is_not_all():
    picture = np.full((28, 28), 255, dtype=np.uint8)
    picture[4:8, 9:20] = 20
    for row, columns in ((13, slice(12, 17)), (14, slice(16, 19)), (23, slice(10, 15)), (22, slice(14, 18))):
        picture[row, columns] = 20
    picture[15:22, 18:20] = 20
    _, y, _, height = find_single(picture).box
    assert (y, height) == (4, 20)


def test_the_box_is_where_the_digit_was_drawn():
    picture, covered = draw(digits(1)[0][0], height=200, margin=300)
    x, y, width, height = cv2.boundingRect((covered > 0.5).astype(np.uint8))
    assert np.abs(np.subtract(find_single(picture).box, (x, y, width, height))).max() <= 6


@settings(max_examples=100, deadline=None)
@given(picture=hnp.arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))))
def test_any_picture_gives_a_mark_inside_it(picture):
    mark = find_single(picture)
    x, y, width, height = mark.box
    assert mark.strength.dtype == np.uint8
    assert 0 <= x <= x + width <= picture.shape[1]
    assert 0 <= y <= y + height <= picture.shape[0]
    assert (width == 0) == (height == 0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (28, 28), (600, 900, 3)])
@pytest.mark.parametrize("level", [0, 255])
def test_a_blank_picture_has_no_digit(shape, level):
    mark = find_single(np.full(shape, level, dtype=np.uint8))
    assert mark.box == (0, 0, 0, 0)
    assert not mark.strength.any()


def test_a_million_specks_end():
    noise = np.random.default_rng(0).integers(0, 2, (1_500, 1_500), dtype=np.uint8) * 255
    assert find_single(noise).strength.ndim == 2


@pytest.mark.parametrize("colour", [255, 0, 90])
def test_a_photo_in_a_margin_is_found(colour):
    picture = np.full((100, 120, 3), colour, dtype=np.uint8)
    picture[20:90, 30:100] = np.random.default_rng(0).integers(140, 200, (70, 70, 3))
    left, top, right, bottom = inside_margin(picture)
    assert np.abs(np.subtract((left, top, right, bottom), (30, 20, 100, 90))).max() <= 3


def test_a_digit_on_even_paper_has_no_margin():
    picture, _ = draw(digits(1)[0][0], noise=0)
    assert inside_margin(picture) == (0, 0, picture.shape[1], picture.shape[0])

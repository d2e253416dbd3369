import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scribal.data import fit_image, load_dataset
from scribal.exceptions import ArgumentError

PICTURES = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40))
SIDES = st.integers(1, 40)


def border(image):
    return np.concatenate([image[0], image[-1], image[1:-1, 0], image[1:-1, -1]])


@settings(max_examples=200, deadline=None)
@given(image=PICTURES, height=SIDES, width=SIDES)
def test_shape_and_type_whatever_comes(image, height, width):
    before = image.copy()
    fitted = fit_image(image, height, width)
    assert (fitted.shape, fitted.dtype) == ((height, width), np.uint8)
    np.testing.assert_array_equal(image, before)
    assert fitted.flags.writeable


@settings(max_examples=200, deadline=None)
@given(image=PICTURES)
def test_a_negative_gives_the_same(image):
    assume(np.median(border(image)) != 127.5)
    np.testing.assert_array_equal(fit_image(image), fit_image(255 - image))


@settings(max_examples=100, deadline=None)
@given(image=PICTURES)
def test_fitting_twice_is_fitting_once(image):
    fitted = fit_image(image)
    np.testing.assert_array_equal(fit_image(fitted), fitted)


@settings(max_examples=50, deadline=None)
@given(level=st.integers(0, 255), shape=hnp.array_shapes(min_dims=2, max_dims=2, max_side=40))
def test_blank_gives_zeros(level, shape):
    assert not fit_image(np.full(shape, level, dtype=np.uint8)).any()
    assert not fit_image(np.full((28, 28), level, dtype=np.uint8)).any()


def drawn(shape, top, left, ink_shape):
    """Dark ink, a filled rectangle, on light ground."""
    image = np.full(shape, 230, dtype=np.uint8)
    image[top : top + ink_shape[0], left : left + ink_shape[1]] = 40
    return image


@settings(max_examples=80, deadline=None)
@given(top=st.integers(1, 60), left=st.integers(1, 60), ink_height=st.integers(2, 60), ink_width=st.integers(2, 60))
def test_ink_is_scaled_into_the_inner_box_and_centred(top, left, ink_height, ink_width):
    fitted = fit_image(drawn((130, 130), top, left, (ink_height, ink_width)))
    rows, columns = np.flatnonzero(fitted.any(axis=1)), np.flatnonzero(fitted.any(axis=0))
    assert max(len(rows), len(columns)) == 20
    longer, shorter = max(ink_height, ink_width), min(ink_height, ink_width)
    assert min(len(rows), len(columns)) == max(1, round(20 * shorter / longer))
    assert abs(rows.mean() - 14) <= 1
    assert abs(columns.mean() - 14) <= 1
    assert fitted.max() == 255


def test_thin_strokes_do_not_fade():
    fitted = fit_image(drawn((1000, 1000), 100, 500, (800, 3)))
    assert fitted.max() == 255


def test_uneven_noise_of_the_ground_goes_to_zero():
    noise = np.random.default_rng(5).integers(-6, 7, (90, 80))
    image = (drawn((90, 80), 30, 35, (40, 12)).astype(int) + noise).astype(np.uint8)
    fitted = fit_image(image)
    assert not border(fitted).any()
    assert np.count_nonzero(fitted > 200) >= 20 * 5


def test_enlarged_digits_come_back():
    digits = load_dataset("mnist").x_test[:60]
    photos = [255 - np.pad(digit.repeat(5, axis=0).repeat(5, axis=1), ((13, 71), (48, 20))) for digit in digits]
    differences = np.abs(np.stack([fit_image(photo) for photo in photos]).astype(int) - digits).mean(axis=(1, 2))
    assert np.median(differences) < 6  # of 255 levels; a shift by one pixel alone gives about 25
    assert np.mean(differences < 8) > 0.9


def test_exact_size_is_only_made_light_on_dark():
    digit = load_dataset("mnist").x_test[0]
    np.testing.assert_array_equal(fit_image(digit), digit)
    np.testing.assert_array_equal(fit_image(255 - digit), digit)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [[1, 2]],
        np.zeros((2, 2)),
        np.zeros((2, 2, 3), np.uint8),
        np.zeros((0, 3), np.uint8),
        np.zeros(4, np.uint8),
    ],
)
def test_bad_pictures(bad):
    with pytest.raises(ArgumentError, match="uint8 array"):
        fit_image(bad)


@pytest.mark.parametrize("size", [(0, 28), (28, -1)])
def test_bad_sizes(size):
    with pytest.raises(ArgumentError, match="at least 1"):
        fit_image(np.zeros((5, 5), np.uint8), *size)

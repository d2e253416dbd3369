import numpy as np
import pytest
from scipy import ndimage

from scribal.data.transforms import rotate, scale, shift
from scribal.exceptions import ArgumentError

CHANGES = {"shift": lambda x: shift(x, 1.5, -2), "rotate": lambda x: rotate(x, 20), "scale": lambda x: scale(x, 0.7)}


@pytest.fixture(scope="module")
def digits():
    from scribal.data import load_dataset

    return load_dataset("mnist").x_test[:20]


def centres_of_mass(images):
    return np.array([ndimage.center_of_mass(image) for image in images])


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (3, 0), (0, -2), (-4, 5), (28, 0), (0, -40)])
def test_a_shift_by_whole_pixels_is_exact(digits, rows, columns):
    expected = np.stack([ndimage.shift(image, (rows, columns), order=0) for image in digits])
    np.testing.assert_array_equal(shift(digits, rows, columns), expected)


def test_half_a_pixel_is_the_mean_of_both_neighbours():
    image = np.zeros((1, 3, 4))
    image[0, 1, 1] = 100
    assert shift(image, 0, 0.5)[0, 1].tolist() == [0, 50, 50, 0]


@pytest.mark.parametrize("degrees", [-45, 10, 90])
def test_a_rotation_is_scipys(digits, degrees):
    expected = np.stack([ndimage.rotate(image / 1.0, degrees, reshape=False, order=1) for image in digits])
    # SciPy leaves out what lies between the outermost pixels and nothing; digits have a border of nothing.
    np.testing.assert_allclose(rotate(digits, degrees)[:, 4:-4, 4:-4], expected[:, 4:-4, 4:-4], atol=0.51)


def test_a_rotation_is_anticlockwise():
    image = np.zeros((1, 5, 5))
    image[0, 2, 4] = 1  # at the right
    assert np.argwhere(rotate(image, 90)[0] > 0.5).tolist() == [[0, 2]]  # at the top


@pytest.mark.parametrize("factor", [0.5, 0.6, 0.8, 1.3])
def test_a_scale_keeps_the_centre_and_changes_the_area(digits, factor):
    padded = np.pad(digits, ((0, 0), (8, 8), (8, 8))) / 1.0
    scaled = scale(padded, factor)
    ratios = scaled.sum(axis=(1, 2)) / padded.sum(axis=(1, 2))
    np.testing.assert_allclose(ratios, factor**2, rtol=0.02)
    middle = (np.array(padded.shape[1:]) - 1) / 2
    expected = middle + factor * (centres_of_mass(padded) - middle)
    np.testing.assert_allclose(centres_of_mass(scaled), expected, atol=0.1)


def test_a_thin_line_made_smaller_fades_and_does_not_break():
    image = np.zeros((1, 64, 64))
    image[0, np.arange(64), np.arange(64)] = 1
    diagonal = scale(image, 0.25)[0].diagonal()[25:39]
    assert diagonal.min() > 0.1
    assert np.ptp(diagonal) < 0.05


@pytest.mark.parametrize("name", CHANGES)
def test_channels_are_changed_alike_and_the_type_stays(digits, name):
    grey = CHANGES[name](digits)
    coloured = CHANGES[name](np.stack([digits, digits], axis=-1))
    assert grey.dtype == coloured.dtype == np.uint8
    np.testing.assert_array_equal(coloured[..., 0], grey)
    np.testing.assert_array_equal(coloured[..., 1], grey)
    assert CHANGES[name](digits.astype(np.float32)).dtype == np.float32
    assert CHANGES[name](digits[:0]).shape == (0, 28, 28)


@pytest.mark.parametrize("change", [lambda x: shift(x, 0.0, 0.0), lambda x: rotate(x, 0), lambda x: scale(x, 1)])
def test_no_change_is_none(digits, change):
    np.testing.assert_array_equal(change(digits), digits)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: shift(x[0], 1, 1), r"shape \(28, 28\)"),
        (lambda x: shift(x.astype(int), 1, 1), "int64"),
        (lambda _: shift("x", 1, 1), "Received: str"),
        (lambda x: shift(x, float("nan"), 1), "rows=nan"),
        (lambda x: shift(x, 1, "2"), "columns='2'"),
        (lambda x: rotate(x, True), "degrees=True"),
        (lambda x: scale(x, 0), "factor=0"),
        (lambda x: scale(x, 1e9), "factor=1000000000"),
    ],
)
def test_wrong_input_is_told_apart(digits, call, says):
    with pytest.raises(ArgumentError, match=says):
        call(digits)

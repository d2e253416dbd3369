import cv2
import numpy as np
import pytest
from drawn_digits import digits
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scribal.reading.characters import to_characters


def test_digits_of_mnist_stay_what_they_are():
    images = digits(100)[0]
    differences = np.abs(to_characters(list(images)).astype(int) - images).mean(axis=(1, 2))
    assert np.median(differences) < 6  # of 255 levels; a shift by one pixel alone gives about 25


@pytest.mark.parametrize("factor", [0.5, 2, 7])
def test_the_size_does_not_matter(factor):
    images = digits(40)[0]
    sized = [cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) for image in images]
    differences = np.abs(to_characters(sized).astype(int) - to_characters(list(images))).mean(axis=(1, 2))
    assert np.median(differences) < 12


@pytest.mark.parametrize(("width", "height"), [(3, 90), (90, 3), (60, 60), (200, 100)])
def test_the_longer_side_has_20_pixels_and_the_mass_is_in_the_middle(width, height):
    character = to_characters([np.full((height, width), 255, dtype=np.uint8)])[0]
    rows, columns = np.flatnonzero(character.any(axis=1)), np.flatnonzero(character.any(axis=0))
    assert max(len(rows), len(columns)) == 20
    mass = character.astype(float)
    assert abs((mass.sum(axis=1) @ np.arange(28)) / mass.sum() - 13.75) <= 0.75
    assert abs((mass.sum(axis=0) @ np.arange(28)) / mass.sum() - 13.75) <= 0.75


@pytest.mark.parametrize("pen", [1, 40])
def test_hairlines_and_brushes_come_near_to_the_usual_pen(pen):
    ring = cv2.circle(np.zeros((260, 260), dtype=np.uint8), (130, 130), 100, 255, pen)
    usual = cv2.circle(np.zeros((260, 260), dtype=np.uint8), (130, 130), 100, 255, 25)
    ours, wanted = (character.sum(dtype=float) for character in to_characters([ring, usual]))
    assert 0.5 < ours / wanted < 1.7


@settings(max_examples=150, deadline=None)
@given(ink=hnp.arrays(np.uint8, st.tuples(st.integers(0, 50), st.integers(0, 50))))
def test_any_ink_gives_a_character(ink):
    characters = to_characters([ink, ink])
    assert (characters.shape, characters.dtype) == ((2, 28, 28), np.uint8)
    np.testing.assert_array_equal(characters[0], characters[1])


def test_no_ink_gives_zeros_and_no_inks_none():
    assert not to_characters([np.zeros((9, 9), dtype=np.uint8)]).any()
    assert to_characters([]).shape == (0, 28, 28)

import numpy as np
import pytest
from drawn_digits import digits, draw
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scribal.reading.background import around_character, of_one_colour, of_page
from scribal.reading.paper import find_ink, stroke_width

ROOM = {
    "black on white": {},
    "blue on grey": {"paper": (150, 150, 150), "ink": (40, 60, 140)},
    "red on cream": {"paper": (240, 235, 215), "ink": (200, 40, 40)},
    "faint red on grey": {"paper": (170, 170, 170), "ink": (185, 130, 135)},
    "pencil": {"paper": (230, 230, 230), "ink": (170, 170, 172), "noise": 1.0},
    "chalk on a board": {"paper": (40, 70, 55), "ink": (230, 230, 220)},
    "yellow on black": {"paper": (10, 10, 10), "ink": (240, 220, 60)},
    "light from the left": {"light": lambda y, x: 1 - 0.5 * x + 0 * y},
    "a dark corner": {"light": lambda y, x: 1 - 0.5 * (x**2 + y**2) / 2},
    "the edge of a shadow": {"light": lambda y, x: np.where(x + 0.3 * y > 0.6, 0.6, 1.0)},
    "noise": {"noise": 12.0},
}


def overlap(mask, covered):
    written = covered > 0.5
    return (mask & written).sum() / (mask | written).sum()


@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize("room", ROOM)
def test_ink_is_where_the_digit_was_drawn(room, single):
    found = []
    for digit in digits(6)[0]:
        picture, covered = draw(digit, margin=40 if single else 160, **ROOM[room])
        ink = find_ink(picture, single=single)
        assert ink.is_light_on_dark == (room in {"chalk on a board", "yellow on black"})
        found.append(overlap(ink.mask, covered))
    assert np.median(found) > 0.75


@pytest.mark.parametrize("light", [False, True])
@pytest.mark.parametrize("colour", [200, (250, 240, 90)])
def test_what_a_program_drew_on_one_colour_is_ink_as_it_is(colour, light):
    picture = np.full((30, 30, 3) if isinstance(colour, tuple) else (30, 30), colour, dtype=np.uint8)
    picture[5:25, 12:18] = 60
    picture = np.invert(picture) if light else picture
    paper = of_one_colour(picture)
    assert paper is not None
    assert (paper.level == picture[0, 0]).all()
    ink = find_ink(picture, single=True)
    assert ink.is_light_on_dark == light
    assert ink.mask.sum() == 20 * 6
    assert ink.mask[5:25, 12:18].all()


def test_paper_in_a_photo_is_not_of_one_colour():
    assert of_one_colour(draw(digits(1)[0][0], margin=40, noise=2.0)[0]) is None
    frame = np.full((20, 20), 255, dtype=np.uint8)
    frame[2:18, 2:18] = 90  # the border has one colour, and most of the picture another
    assert of_one_colour(frame) is None


def test_soft_edges_stay_soft():
    ink = find_ink(draw(digits(1)[0][0], noise=0)[0])
    between = (ink.strength > 20) & (ink.strength < 235)
    assert 0.02 < between.sum() / ink.mask.sum() < 1


@pytest.mark.parametrize("single", [True, False])
@given(
    picture=hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)) | st.tuples(*[st.integers(1, 40)] * 2, st.just(3))
    )
)
@settings(max_examples=60, deadline=None)
def test_any_picture_gives_ink_of_its_shape(picture, single):
    before = picture.copy()
    ink = find_ink(picture, single=single)
    assert (ink.strength.shape, ink.strength.dtype) == (picture.shape[:2], np.uint8)
    assert (ink.mask.shape, ink.mask.dtype) == (picture.shape[:2], bool)
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (28, 28), (700, 500)])
def test_a_blank_picture_has_no_ink(shape, level, single):
    ink = find_ink(np.full((*shape, 3), level, dtype=np.uint8), single=single)
    assert not ink.mask.any()
    assert (ink.stroke_width, ink.contrast) == (0, 0)


@pytest.mark.parametrize("width", [2, 5, 9])
def test_a_stroke_is_as_wide_as_it_was_drawn(width):
    mask = np.zeros((100, 100), dtype=bool)
    mask[10:90, 40 : 40 + width] = True
    assert stroke_width(mask) == pytest.approx(width, rel=0.25, abs=0.6)


def test_paper_under_wide_strokes_is_a_surface_and_the_edge_of_a_shadow_stays():
    wide = np.full((32, 32), 240, dtype=np.uint8)
    wide[2:30, 8:22] = 20
    assert around_character(wide).level.min() > 200
    shaded = np.full((300, 400), 220, dtype=np.uint8)
    shaded[:, 200:] = 130
    level = of_page(shaded).level
    assert set(np.unique(level[:, :150])) == {220}
    assert set(np.unique(level[:, -150:])) == {130}

"""Touching digits are parted, and single ones are not."""

import numpy as np
import pytest

from scribal.reading.candidates import ask
from scribal.reading.characters import to_characters
from scribal.reading.recognition import Recogniser
from scribal.reading.seams import find_seams
from scribal.reading.touching import split_touching
from tools.synthetic_pages import Hand, write_touching


@pytest.fixture(scope="module")
def hand():
    return Hand("test")


def recognise(inks):
    return Recogniser.default().recognise(to_characters(inks))


def candidate(ink, x=0, y=0):
    """The candidate that an ink with a margin of one pixel is, its box at (x, y)."""
    return ask([(x, y, ink.shape[1] - 2, ink.shape[0] - 2)], [ink], recognise)[0]


def strings(texts, hand, seed):
    generator = np.random.default_rng(seed)
    return [write_touching(text, hand, generator) for text in texts]


def read_all(inks):
    """What is read of each ink after it was parted, all in one go."""
    parts = split_touching([candidate(ink, x=1_000 * place) for place, ink in enumerate(inks)], recognise)
    texts = [""] * len(inks)
    for part in parts:
        texts[part.box[0] // 1_000] += str(part.answer)
    return texts


def two_squares(bridge):
    """Two squares of 20x20 pixels, 20 apart, and a bridge between them in the given rows."""
    ink = np.zeros((24, 64), dtype=np.uint8)
    ink[2:22, 2:22] = ink[2:22, 42:62] = 255
    ink[bridge, 22:42] = 255
    return ink


@pytest.mark.parametrize("bridge", [slice(2, 5), slice(10, 13), slice(19, 22)])
def test_a_seam_crosses_the_bridge_and_nothing_else(bridge):
    ink = two_squares(bridge)
    places = np.arange(ink.shape[1])
    right = np.array([places >= seam.columns[:, None] for seam in find_seams(ink, most_ink=0.6)])
    parted = ~right[:, 2:22, 2:22].any(axis=(1, 2)) & right[:, 2:22, 42:62].all(axis=(1, 2))
    assert parted.any()


def test_seams_cross_no_more_ink_than_they_may():
    assert find_seams(np.full((20, 40), 255, dtype=np.uint8), most_ink=0.6) == []


@pytest.mark.parametrize(("count", "least"), [(2, 0.8), (3, 0.5)])
def test_digits_that_touch_are_parted_and_read(count, least, hand):
    generator = np.random.default_rng(count)
    texts = ["".join(str(digit) for digit in generator.integers(0, 10, count)) for _ in range(25)]
    right = [one == text for one, text in zip(read_all(strings(texts, hand, seed=count)), texts, strict=True)]
    assert np.mean(right) >= least


def test_single_digits_stay_whole(hand):
    texts = read_all(strings("0123456789" * 15, hand, seed=1))
    assert sum(len(text) == 1 for text in texts) >= 0.99 * len(texts)


def test_parts_stand_from_left_to_right_where_the_whole_stood(hand):
    whole = candidate(strings(["37"], hand, seed=5)[0], x=100, y=200)
    other = candidate(strings(["4"], hand, seed=6)[0])
    parts = split_touching([other, whole, other], recognise)
    assert parts[0] is other
    assert parts[-1] is other
    left, right = parts[1:-1]
    assert left.box[0] == 100
    assert left.box[0] < right.box[0]
    assert right.box[0] + right.box[2] == 100 + whole.box[2]
    for part in (left, right):
        x, y, width, height = part.box
        assert 200 <= y <= y + height <= 200 + whole.box[3]
        place = whole.strength[y - 199 : y - 199 + height, x - 99 : x - 99 + width]
        assert np.all((part.strength == 0) | (part.strength == place))


def test_nothing_is_parted_into_nothing():
    assert split_touching([], recognise) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (3, 3)])
def test_marks_of_odd_sizes_stay_whole(shape):
    ink = np.full(shape, 255, dtype=np.uint8)
    (one,) = ask([(0, 0, shape[1], shape[0])], [ink], recognise)
    (found,) = split_touching([one], recognise)
    assert found is one

"""Synthetic pages: what is told of them is true, and scribal reads them."""

from dataclasses import replace

import numpy as np
import pytest

import scribal
from tools.synthetic_pages import Hand, Score, make_page, score_reading

# Every paper, pen, light and view, one page of each; tools/measure_synthetic.py reads more of them.
READ = (
    "columns",
    "crumpled",
    "ruled",
    "squared",
    "form boxes",
    "table",
    "blackboard",
    "drawn dark",
    "shadow",
    "telephone's edge",
    "on a table",
    "faint red",
    "pencil",
    "touching",
    "perspective",
    "noisy",
    "small",
)


@pytest.fixture(scope="module")
def hand():
    return Hand("test")


@pytest.mark.parametrize("kind", ["crumpled", "touching", "drawn dark"])
def test_the_same_seed_gives_the_same_page_and_another_one_another(kind, hand):
    one, same, other = (make_page(kind, seed, hand) for seed in (3, 3, 4))
    assert np.array_equal(one.pixels, same.pixels)
    assert one.digits == same.digits
    assert one.text != other.text


@pytest.mark.parametrize("kind", ["scan", "drawn light", "columns", "tilted", "perspective", "small"])
def test_boxes_hold_all_ink_and_touch_it_on_every_side(kind, hand):
    page = make_page(kind, 1, hand)
    levels = page.pixels.astype(int).min(axis=2)
    ink = levels < levels.min() + 0.4 * (np.median(levels) - levels.min())
    inside = np.zeros(ink.shape, dtype=bool)
    for digit in page.digits:
        x, y, width, height = digit.box
        inside[y : y + height, x : x + width] = True
        rows, columns = np.nonzero(ink[y : y + height, x : x + width])
        margin = 3 + 0.05 * height
        assert max(rows.min(), columns.min(), height - 1 - rows.max(), width - 1 - columns.max()) <= margin
    assert np.mean(inside[ink]) > 0.99


@pytest.mark.parametrize("kind", ["scan", "table", "form boxes"])
def test_the_text_is_what_the_digits_say_in_their_order(kind, hand):
    page = make_page(kind, 2, hand)
    assert "".join(page.text.split()) == "".join(str(digit.digit) for digit in page.digits)
    lines = page.text.split("\n")
    assert [digit.line for digit in page.digits] == sorted(digit.line for digit in page.digits)
    assert all(len(lines[digit.line].split()) > digit.number for digit in page.digits)


def test_only_pages_of_touching_digits_have_digits_that_touch(hand):
    assert any(digit.touches for digit in make_page("touching", 1, hand).digits)
    assert not any(digit.touches for digit in make_page("scan", 1, hand).digits)


def test_a_score_tells_what_was_missed_misread_and_invented(hand):
    page = make_page("scan", 0, hand)
    written = [(digit.digit, digit.box) for digit in page.digits]
    count, numbers = len(written), len(page.text.split())
    right = Score(written=count, right=count, numbers=numbers, whole=numbers)
    assert score_reading(page, page.text, written) == right
    assert score_reading(page, page.text[1:], written[1:]) == replace(
        right, right=count - 1, missed=1, edits=1, whole=numbers - 1
    )
    other = (written[0][0] + 1) % 10
    misread = [(other, written[0][1]), *written[1:]]
    assert score_reading(page, str(other) + page.text[1:], misread) == replace(
        right, right=count - 1, edits=1, whole=numbers - 1
    )
    invented = [*written, (7, (0, 0, 9, 9))]
    assert score_reading(page, page.text + "\n7", invented) == replace(right, extra=1, edits=1)


def test_nearly_every_digit_is_read_whatever_the_paper_the_pen_the_light_and_the_view(hand):
    total = Score()
    for kind in READ:
        page = make_page(kind, 5, hand)
        reading = scribal.read(page.pixels)
        found = [(int(digit.digit), digit.box) for digit in reading.digits if not digit.rejected]
        total += score_reading(page, reading.text, found)
    assert total.written > 200
    assert total.right - total.extra >= 0.95 * total.written
    assert total.whole >= 0.85 * total.numbers

import math
import time

import pytest

from scribal.exceptions import ArgumentError
from scribal.reading.expecting import Expectation
from scribal.reading.limits import Clock, TimeLimitError
from scribal.reading.result import Alternative, Digit

UNHURRIED = Clock(math.inf, "a test")


def mark(answers, place, rejected=False):
    """A mark whose answers are given as in ``"1:.6 7:.4"``."""
    pairs = [answer.split(":") for answer in answers.split()]
    first, *others = [Alternative(digit, float(probability)) for digit, probability in pairs]
    return Digit(first.digit, first.probability, (20 * place, 0, 15, 20), rejected, tuple(others))


def line(*numbers):
    """Numbers of marks; a mark that was rejected begins with an x."""
    place, marked = 0, []
    for number in numbers:
        marks = []
        for answers in number:
            marks.append(mark(answers.removeprefix("x "), place, answers.startswith("x ")))
            place += 1
        marked.append(tuple(marks))
    return tuple(marked)


ONE_OR_SEVEN, SIX, EIGHT_OR_B = "1:.6 7:.39 4:.01", "6:.98 0:.02", "8:.5 3:.3 0:.2"


@pytest.mark.parametrize(
    ("marks", "pattern", "text"),
    [
        ([[ONE_OR_SEVEN, SIX]], "[0-9]{2}", "16"),
        ([[ONE_OR_SEVEN, SIX]], "7[0-9]", "76"),
        ([[ONE_OR_SEVEN, SIX]], "^7.$", "76"),
        ([[SIX, ONE_OR_SEVEN, EIGHT_OR_B]], "([0-9])[0-9]0|64[0-9]", "610"),
        ([[SIX, SIX], [SIX]], "[0-9]{3}", "666"),
        ([[SIX, SIX, SIX, SIX]], "[0-9]{2}", "66 66"),
        ([[SIX, SIX], [SIX]], "[0-9]{2} [0-9]", "66 6"),
        ([["x 7:.5 1:.5", SIX, SIX]], "[0-9]{2}", "66"),
        ([["x 7:.5 1:.5", SIX, SIX]], "[0-9]{3}", "766"),
        ([[SIX, SIX], [SIX], [ONE_OR_SEVEN]], "[67]{2}", "66 67"),
    ],
)
def test_the_most_probable_text_that_fits_is_read(marks, pattern, text):
    found = Expectation(pattern).read(line(*marks), UNHURRIED)
    assert found.text == text
    assert all(number.is_expected for number in found.numbers)


def test_a_replaced_digit_tells_what_it_was_and_how_probable_it_is():
    found = Expectation("7[0-9]").read(line([ONE_OR_SEVEN, SIX]), UNHURRIED)
    first, second = found.numbers[0].digits
    assert (first.digit, first.confidence, first.read_as) == ("7", 0.39, "1")
    assert first.alternatives == (Alternative("1", 0.6), Alternative("4", 0.01))
    assert second.read_as == ""


@pytest.mark.parametrize("pattern", ["[0-9]{5}", "9[0-9]*", "[a-z]+"])
def test_what_no_reading_fits_stays_as_it_was(pattern):
    marks = line([ONE_OR_SEVEN, "x 3:.5", SIX])
    found = Expectation(pattern).read(marks, UNHURRIED)
    assert found.text == "16"
    assert [number.is_expected for number in found.numbers] == [False]


def test_numbers_that_fit_are_told_from_those_of_the_line_that_do_not():
    found = Expectation("[0-9]{4}").read(line([SIX] * 4, [SIX], [SIX] * 2, [ONE_OR_SEVEN] * 2), UNHURRIED)
    assert [(number.text, number.is_expected) for number in found.numbers] == [
        ("6666", True),
        ("6", False),
        ("6611", True),
    ]


def test_a_line_of_which_nothing_is_left_is_none():
    assert Expectation("[0-9]").read(line(["x 3:.0000001"]), UNHURRIED) is None


def test_long_lines_are_read_as_a_whole():
    found = Expectation("([0-9]{3})*").read(line([EIGHT_OR_B] * 60), UNHURRIED)
    assert len(found.text.replace(" ", "")) == 60


@pytest.mark.parametrize("pattern", ["", "[0-9", "(", "*", "a{9999999999999}"])
def test_no_expression_is_an_error(pattern):
    with pytest.raises(ArgumentError, match=r"\[0-9\]\{5\}"):
        Expectation(pattern)


def test_an_expression_that_takes_ages_is_an_error():
    with pytest.raises(ArgumentError, match="repetitions"):
        Expectation("(6|6|6|6|6)*7x").read(line([SIX] * 40), UNHURRIED)


def test_the_clock_stops_the_search():
    clock = Clock(0.001, "a photo", started=time.monotonic() - 1)
    with pytest.raises(TimeLimitError, match="a photo"):
        Expectation("[0-9]*").read(line([SIX]), clock)

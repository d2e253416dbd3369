import math

import pytest

from scribal.reading.composing import compose
from scribal.reading.expecting import Expectation
from scribal.reading.limits import Clock
from scribal.reading.result import Alternative, Digit

UNHURRIED = Clock(math.inf, "a test")


def digits(text, top=0):
    """Marks in a row, 20 wide and 40 high; ``x`` is one that was rejected, taken for an 8."""
    marks = []
    for place, letter in enumerate(text):
        if letter != " ":
            box = (30 * place, top, 20, 40)
            answer, other = ("8", "0") if letter == "x" else (letter, "0" if letter != "0" else "9")
            marks.append(Digit(answer, 0.9, box, letter == "x", (Alternative(other, 0.1),)))
    return marks


def test_rejected_marks_are_in_no_number_and_keep_their_place():
    blot = Digit("1", 0.5, (500, 300, 200, 150), rejected=True)
    marks = [blot, *digits("1x23"), *digits("45", top=100)]
    composition = compose(marks[::-1], None, None, UNHURRIED)
    assert [line.text.replace(" ", "") for line in composition.lines] == ["123", "45"]
    assert [mark.digit for mark in composition.digits] == ["1", "8", "2", "3", "4", "5", "1"]
    assert composition.digits[-1] is blot
    assert composition.notes == ()


@pytest.mark.parametrize(
    ("marks", "pattern", "text", "note"),
    [
        ("1x23", "[0-9]{4}", "1823", "a rejected 8 was taken in"),
        ("123", "12[0-2]", "120", "3 became 0"),
        ("123", "[0-9]{7}", "123", "No reading of 123 fits"),
        ("x", "[0-9]{3}", "", "Nothing was read"),
    ],
)
def test_it_is_said_what_became_of_an_expectation(marks, pattern, text, note):
    composition = compose(digits(marks), None, Expectation(pattern), UNHURRIED)
    assert "\n".join(line.text for line in composition.lines) == text
    assert note in composition.notes[-1]
    assert len(composition.digits) == len(marks)


def test_nothing_is_said_where_all_is_as_expected():
    composition = compose(digits("12345"), None, Expectation("[0-9]{5}"), UNHURRIED)
    assert composition.lines[0].is_expected
    assert composition.notes == ()

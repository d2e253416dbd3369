"""Strokes come together to digits, and what is none stays apart: on drawings whose every stroke is known."""

import cv2
import numpy as np
import pytest

from scribal.reading.characters import to_characters
from scribal.reading.context import out_of_place
from scribal.reading.grouping import find_candidates
from scribal.reading.marks import find_marks
from scribal.reading.paper import Ink
from scribal.reading.recognition import Recogniser

# Strokes in a box of 100x100, and the place of the box; a pen of 8.
WHOLE = {
    "0": [[(50, 5), (22, 25), (20, 70), (45, 95), (72, 80), (78, 30), (50, 5)]],
    "1": [[(50, 4), (47, 96)]],
    "2": [[(22, 25), (40, 6), (68, 14), (70, 38), (25, 92), (78, 92)]],
    "3": [[(25, 10), (60, 8), (68, 28), (42, 46), (70, 64), (62, 90), (24, 92)]],
    "7": [[(22, 8), (76, 8), (45, 95)]],
}
BROKEN = {
    "4": [[(32, 8), (22, 58), (78, 58)], [(62, 30), (58, 50)], [(57, 66), (54, 97)]],
    "5": [[(30, 20), (28, 45), (60, 48), (70, 72), (50, 94), (22, 86)], [(38, 6), (78, 4)]],
    "7": [[(22, 8), (76, 8), (60, 46)], [(55, 56), (42, 95)]],
}
SIGNS = {
    "dot": [[(50, 92), (51, 93)]],
    "comma": [[(52, 88), (44, 108)]],
    "dash": [[(30, 52), (66, 50)]],
    "plus": [[(30, 54), (70, 54)], [(50, 34), (50, 74)]],
    "equals": [[(30, 44), (70, 44)], [(30, 64), (70, 64)]],
}


def draw(*drawn, height=300, pitch=100):
    """Ink of characters from left to right, each a list of strokes in a box of 100x100."""
    strength = np.zeros((height, pitch * len(drawn) + 40), dtype=np.uint8)
    for place, strokes in enumerate(drawn):
        for stroke in strokes:
            points = np.add(stroke, (pitch * place + 20, 100))
            cv2.polylines(strength, [points], isClosed=False, color=255, thickness=8, lineType=cv2.LINE_AA)
    return Ink(strength, strength > 127, stroke_width=8.0)


def recognise(inks):
    return Recogniser.default().recognise(to_characters(inks))


def read(ink):
    """Candidates from left to right: what each was taken for, None for what is rejected."""
    candidates = sorted(find_candidates(find_marks(ink), recognise), key=lambda one: one.box[0])
    rejected = out_of_place(candidates)
    return [None if no else str(one.answer) for one, no in zip(candidates, rejected, strict=True)]


@pytest.mark.parametrize("digit", BROKEN)
def test_the_strokes_of_a_broken_digit_are_one(digit):
    assert read(draw(WHOLE["2"], BROKEN[digit], WHOLE["3"])) == ["2", digit, "3"]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_between_digits_is_no_digit_and_no_part_of_one(sign):
    answers = read(draw(WHOLE["2"], WHOLE["7"], SIGNS[sign], WHOLE["3"], WHOLE["2"], pitch=85))
    assert [answer for answer in answers if answer] == ["2", "7", "3", "2"]


def test_neighbours_that_nearly_touch_stay_apart():
    assert read(draw(WHOLE["1"], WHOLE["1"], WHOLE["0"], WHOLE["1"], pitch=45)) == ["1", "1", "0", "1"]


def test_a_frame_around_digits_and_an_edge_of_paper_are_no_marks():
    ink = draw(WHOLE["2"], WHOLE["0"], WHOLE["3"])
    strength = ink.strength.copy()
    cv2.rectangle(strength, (8, 70), (332, 230), 255, 3)
    strength[:, -4:] = 255
    marks = find_marks(Ink(strength, strength > 127, stroke_width=8.0))
    assert len(marks) == 3


def test_specks_are_no_marks_and_a_blank_page_has_none():
    ink = draw(WHOLE["2"])
    strength = ink.strength.copy()
    strength[::25, ::25] = 255
    assert len(find_marks(Ink(strength, strength > 127, stroke_width=8.0))) == 1
    blank = np.zeros((50, 60), dtype=np.uint8)
    marks = find_marks(Ink(blank, blank > 0))
    assert len(marks) == 0
    assert find_candidates(marks, recognise) == []


def test_a_mark_is_cut_out_without_what_else_is_in_its_box():
    ink = draw([*WHOLE["0"], [(46, 46), (54, 54)]])
    marks = find_marks(ink)
    zero = int(marks.areas.argmax())
    rows, columns = marks.cut([zero]).shape
    assert marks.cut([zero])[rows // 2, columns // 2] == 0
    assert marks.cut([zero, 1 - zero])[rows // 2, columns // 2] == 255


def test_small_faint_marks_on_a_page_of_digits_are_dirt():
    ink = draw(WHOLE["2"], WHOLE["0"], WHOLE["3"], height=600)
    strength = ink.strength.copy()
    cv2.line(strength, (250, 400), (250, 440), 110, 5)
    assert [answer for answer in read(Ink(strength, strength > 90, stroke_width=8.0)) if answer] == ["2", "0", "3"]


def test_printed_words_are_no_numbers():
    ink = draw(WHOLE["2"], WHOLE["7"], WHOLE["0"], height=500)
    strength = ink.strength.copy()
    cv2.putText(strength, "Telephone", (10, 400), cv2.FONT_HERSHEY_COMPLEX, 2, 255, 5, cv2.LINE_AA)
    assert [answer for answer in read(Ink(strength, strength > 127, stroke_width=8.0)) if answer] == ["2", "7", "0"]

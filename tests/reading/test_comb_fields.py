"""The teeth of a form's comb are no 1s, and 1s on a line are no teeth."""

import cv2
import numpy as np
import pytest

from scribal.reading.comb_fields import find_teeth
from scribal.reading.paper import Ink, stroke_width
from scribal.reading.ruling import find_ruling
from scribal.reading.straight_lines import StraightLine

ROWS, COLUMNS = 300, 700


def comb(teeth, level=220, tilt=0.0, pitch=60):
    """Boxes of ``pitch`` pixels, open above."""
    strength = np.zeros((ROWS, COLUMNS), dtype=np.uint8)

    def at(x, y):
        return round(x), round(y + tilt * x)

    cv2.line(strength, at(90, 200), at(90 + pitch * (teeth - 1), 200), level, 2)
    for place in range(teeth):
        cv2.line(strength, at(90 + pitch * place, 200), at(90 + pitch * place, 172), level, 2)
    return strength


def left_of(strength):
    mask = strength > 100
    return mask & ~find_ruling(Ink(strength, mask, stroke_width=stroke_width(mask))).mask


@pytest.mark.parametrize("tilt", [0.0, 0.03])
@pytest.mark.parametrize("teeth", [6, 9])
def test_a_comb_goes_and_its_digits_stay(teeth, tilt):
    digits = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    for place, digit in enumerate("24716"):
        cv2.putText(digits, digit, (100 + 60 * place, 190), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 255, 4, cv2.LINE_AA)
    left = left_of(np.maximum(digits, comb(teeth, tilt=tilt)))
    assert (left & (digits > 100)).sum() > 0.93 * (digits > 100).sum()
    assert (left & (digits == 0)).sum() < 60


@pytest.mark.parametrize("beyond", range(0, 30, 3))
@pytest.mark.parametrize("pitch", [60, 100])
def test_the_last_tooth_may_be_beyond_the_picture(pitch, beyond):
    columns = 20 + 4 * pitch - beyond
    mask = np.zeros((100, columns), dtype=bool)
    mask[80, 20:] = True
    for tooth in range(20, columns, pitch):
        mask[52:80, tooth] = True
    teeth = find_teeth(StraightLine(20, columns - 1, np.full(columns - 20, 80, np.float32), 1.0), mask)
    assert (teeth is None) == (beyond >= 0.2 * pitch)
    if teeth is not None:
        assert (mask & (np.arange(100)[:, np.newaxis] < 79)).sum() == (teeth[0] < 79).sum()


def test_ones_on_a_line_stay():
    strength = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    for row in (80, 140, 200, 260):
        cv2.line(strength, (20, row), (680, row), 160, 2)
    ones = np.zeros_like(strength)
    for x in (120, 160, 205, 243, 290):
        cv2.line(ones, (x, 199), (x + 2, 155), 255, 4)
    assert (left_of(np.maximum(strength, ones)) & (ones > 0)).sum() > 0.9 * (ones > 0).sum()

"""Printed lines are taken out of the ink, strokes are not; what lies around the paper is no ink either."""

import cv2
import numpy as np
import pytest

from scribal.reading.paper import Ink, stroke_width
from scribal.reading.ruling import find_ruling, without_ruling
from scribal.reading.straight_lines import find_level_lines
from scribal.reading.surroundings import without_surroundings

ROWS, COLUMNS, HEIGHT, PEN = 480, 640, 60, 5


def ink_of(strength):
    mask = strength > 100
    return Ink(strength, mask, stroke_width=stroke_width(mask))


def written(text="2470", x=120, y=240):
    """Digits as strokes of 5 pixels, 60 pixels high; they touch no edge."""
    strength = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    for place, digit in enumerate(text):
        cv2.putText(strength, digit, (x + 90 * place, y), cv2.FONT_HERSHEY_SIMPLEX, 2.8, 255, PEN, cv2.LINE_AA)
    return strength


def with_lines(strength, lines, level, tilt=0.0):
    """Lay lines ((x, y), (x, y)) of 2 pixels under the strokes, tilted by so many rows a column."""
    paper = np.zeros_like(strength)
    for (x1, y1), (x2, y2) in lines:
        ends = [(round(x), round(y + tilt * x)) for x, y in ((x1, y1), (x2, y2))]
        cv2.line(paper, *ends, level, 2, cv2.LINE_AA)
    return np.maximum(strength, paper)


RULED = [((0, y), (COLUMNS, y)) for y in range(20, ROWS + 80, 50)]
SQUARED = [*RULED, *(((x, -100), (x, ROWS + 100)) for x in range(15, COLUMNS, 50))]
BOXES = [
    side
    for x in (100, 190, 280, 370)
    for side in (
        ((x, 170), (x + 80, 170)),
        ((x, 260), (x + 80, 260)),
        ((x, 170), (x, 260)),
        ((x + 80, 170), (x + 80, 260)),
    )
]
TABLE = [
    *(((60, y), (580, y)) for y in (60, 160, 270, 380)),
    *(((x, 60), (x, 380)) for x in (60, 230, 400, 580)),
]


@pytest.mark.parametrize("level", [130, 255], ids=["pale", "strong"])
@pytest.mark.parametrize("tilt", [0.0, -0.06])
@pytest.mark.parametrize("lines", [RULED, SQUARED, BOXES, TABLE], ids=["ruled", "squared", "boxes", "table"])
def test_lines_go_and_digits_stay(lines, tilt, level):
    alone = written()
    left = without_ruling(ink_of(with_lines(alone, lines, level, tilt)))
    strokes = alone > 100
    assert np.count_nonzero(left.mask & strokes) > 0.9 * np.count_nonzero(strokes)
    beside = cv2.dilate(strokes.astype(np.uint8), np.ones((7, 7), np.uint8)) == 0
    lost = np.count_nonzero(with_lines(alone, lines, level, tilt)[beside] > 100)
    assert np.count_nonzero(left.mask & beside) < 0.03 * lost
    assert not left.strength[beside & ~left.mask].any() or left.strength[beside].mean() < 1


@pytest.mark.parametrize("text", ["1111", "7777", "2222", "4014"])
def test_strokes_alone_are_no_ruling(text):
    ink = ink_of(written(text))
    assert without_ruling(ink) is ink


def test_a_zero_drawn_as_a_square_is_no_frame():
    strength = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    cv2.rectangle(strength, (300, 180), (360, 280), 255, 6)
    ink = ink_of(strength)
    assert without_ruling(ink) is ink


def test_the_cells_of_a_table_are_found_in_rows():
    cells = find_ruling(ink_of(with_lines(written(), TABLE, 255))).cells
    assert cells.shape == (3, 3, 4)
    across, down = (60, 230, 400, 580), (60, 160, 270, 380)
    for row in range(3):
        for column in range(3):
            wanted = (across[column], down[row], across[column + 1], down[row + 1])
            x, y, width, height = cells[row, column]
            assert np.allclose((x, y, x + width, y + height), wanted, atol=4)


@pytest.mark.parametrize("lines", [RULED, SQUARED], ids=["ruled", "squared"])
def test_ruled_and_squared_paper_has_no_cells(lines):
    assert find_ruling(ink_of(with_lines(written(), lines, 255))).cells is None


def test_blank_paper_has_no_ruling():
    ruling = find_ruling(ink_of(np.zeros((40, 60), dtype=np.uint8)))
    assert not ruling.mask.any()
    assert ruling.cells is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (12, 12)])
def test_full_pictures_of_odd_sizes_are_no_error(shape):
    ink = ink_of(np.full(shape, 255, dtype=np.uint8))
    assert without_ruling(ink).mask.shape == shape
    assert without_surroundings(ink).mask.shape == shape


@pytest.mark.parametrize("tilt", [0.0, 0.1, -0.15])
def test_a_level_line_is_found_where_it_is(tilt):
    mask = with_lines(np.zeros((ROWS, COLUMNS), dtype=np.uint8), [((50, 200), (600, 200))], 255, tilt) > 100
    (line,) = find_level_lines(mask.astype(np.uint8))
    assert abs(line.first - 50) < 5
    assert abs(line.last - 600) < 5
    assert abs(line.at(300) - (200 + 300 * tilt)) < 1
    assert line.slope == pytest.approx(tilt, abs=0.01)


def test_a_table_around_the_paper_is_no_ink():
    alone = written()
    seen = alone.copy()
    cv2.fillPoly(seen, [np.array([[0, 0], [40, 0], [25, ROWS], [0, ROWS]])], 255)
    cv2.fillPoly(seen, [np.array([[0, ROWS - 30], [COLUMNS, ROWS - 12], [COLUMNS, ROWS], [0, ROWS]])], 255)
    left = without_surroundings(ink_of(seen))
    assert np.array_equal(left.mask, alone > 100)
    assert left.stroke_width == pytest.approx(ink_of(alone).stroke_width)


def test_a_digit_that_the_picture_cuts_off_stays():
    ink = ink_of(written("7", x=-20))
    assert ink.mask[:, 0].any()
    assert without_surroundings(ink) is ink


def test_lines_that_a_stroke_connects_are_two():
    mask = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    for row in (100, 144):
        cv2.line(mask, (60, row), (560, row - 10), 1, 2)
    cv2.line(mask, (330, 86), (240, 150), 1, PEN)
    long = [line for line in find_level_lines(mask) if line.length > 250]
    assert sorted(round(line.at(310)) for line in long) == [95, 139]


def test_a_1_on_squared_paper_is_no_line():
    alone = written("", 0)
    for x in (130, 240, 330):
        cv2.line(alone, (x, 170), (x - 2, 270), 255, 6, cv2.LINE_AA)
    left = without_ruling(ink_of(with_lines(alone, SQUARED, 130)))
    assert (left.mask & (alone > 100)).sum() > 0.9 * (alone > 100).sum()


def test_squared_paper_with_a_digit_in_every_square_has_no_cells():
    lines = [((0, y), (COLUMNS, y)) for y in range(20, ROWS, 44)] + [
        ((x, 0), (x, ROWS)) for x in range(15, COLUMNS, 44)
    ]
    strength = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    for place, digit in enumerate("2470"):
        cv2.putText(strength, digit, (70 + 44 * place, 186), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 3, cv2.LINE_AA)
    assert find_ruling(ink_of(with_lines(strength, lines, 130))).cells is None

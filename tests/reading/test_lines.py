"""Boxes of digits come back as the lines and numbers they were written as."""

import numpy as np
import pytest

from scribal.reading.lines import arrange, skew

WIDTHS = (0.7, 0.15, 0.8, 0.65, 0.75, 0.7, 0.6, 0.7, 0.6, 0.6)  # of a height, by digit


def write(lines, *, height=40.0, within=0.2, between=1.2, pitch=2.0, degrees=0.0, waver=0.0):
    """Boxes of the digits of lines of numbers, and what ``arrange`` is to give."""
    boxes, places = [], []
    turn = np.deg2rad(degrees)
    for row, numbers in enumerate(lines):
        x, line = 0.0, []
        for number in numbers:
            line.append([])
            for digit in number:
                width = WIDTHS[int(digit)] * height
                middle = np.array([x + width / 2, row * pitch * height + waver * height * np.sin(x / height)])
                middle = middle @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
                line[-1].append(len(boxes))
                boxes.append([middle[0] - width / 2, middle[1] - height / 2, width, height])
                x += width + within * height
            x += (between - within) * height
        places.append(line)
    return np.array(boxes), places


@pytest.mark.parametrize(
    "lines",
    [
        [["7"]],
        [["02659"]],
        [["12", "345", "6"]],
        [["1", "23", "4"], ["11", "11"], ["907"]],
        [["2024", "11", "22"], ["0176", "123", "45"]],
    ],
    ids=str,
)
@pytest.mark.parametrize("degrees", [0, -3, 6, 15, -18])
def test_numbers_and_lines_come_back_on_a_tilted_page_too(lines, degrees):
    boxes, places = write(lines, degrees=degrees)
    assert arrange(boxes) == places


@pytest.mark.parametrize("within", [0.0, 0.4, 1.0, 2.0])
def test_evenly_spaced_digits_are_one_number_however_wide(within):
    boxes, places = write([["45791"], ["04322"]], within=within, pitch=3)
    assert arrange(boxes) == places


def test_the_order_of_the_boxes_does_not_matter():
    boxes, places = write([["12", "34"], ["567"]])
    order = np.random.default_rng(1).permutation(len(boxes))
    found = arrange(boxes[order])
    assert [[[int(order[place]) for place in number] for number in line] for line in found] == places


def test_a_line_may_rise_and_fall_on_its_way():
    boxes, places = write([["1234567890"], ["9876543210"]], waver=0.3)
    assert arrange(boxes) == places


def test_columns_of_single_digits_part_where_other_lines_show_how_close_digits_stand():
    boxes, _ = write([["88", "73", "37"]], between=3.0)
    single, _ = write([["8", "7", "3"]], between=3.7)
    found = arrange(np.concatenate([boxes, single + np.array([0, 80, 0, 0])]))
    assert found == [[[0, 1], [2, 3], [4, 5]], [[6], [7], [8]]]


def test_a_small_digit_above_a_large_one_has_its_own_line():
    boxes = np.array([[0, 0, 10, 15], [20, 0, 10, 15], [40, 0, 10, 15], [20, 40, 50, 80]])
    assert arrange(boxes) == [[[0, 1, 2]], [[3]]]


def test_what_is_no_digit_parts_numbers_unless_it_is_a_dot():
    boxes = np.array([[0, 0, 20, 40], [25, 0, 20, 40], [60, 0, 20, 40], [85, 0, 20, 40]])
    dash, dot = np.array([[47, 18, 14, 4]]), np.array([[50, 36, 5, 5]])
    assert arrange(boxes, between=dash) == [[[0, 1], [2, 3]]]
    assert arrange(boxes, between=dot) == [[[0, 1, 2, 3]]]


def test_cells_of_a_grid_are_numbers_and_its_rows_lines():
    cells = np.array([[[50 * x, 50 * y, 50, 50] for x in range(3)] for y in range(3)])
    boxes = np.array([[10, 10, 20, 30], [105, 12, 20, 30], [126, 8, 20, 30], [60, 110, 20, 30], [10, -60, 20, 30]])
    assert arrange(boxes, cells) == [[[4]], [[0], [1, 2]], [[3]]]


def test_a_single_row_of_boxes_holds_one_number():
    cells = np.array([[[50 * x, 0, 50, 50] for x in range(4)]])
    boxes = np.array([[50 * x + 10, 10, 20, 30] for x in range(4)])
    assert arrange(boxes, cells) == [[[0, 1, 2, 3]]]


def test_without_digits_there_are_no_lines():
    assert arrange(np.zeros((0, 4))) == []


@pytest.mark.parametrize("degrees", [-16, -5, 0, 4, 12])
def test_the_skew_of_a_page_is_found(degrees):
    boxes, _ = write([["1234", "567"], ["8901"], ["23", "4567"]], degrees=degrees)
    assert skew(boxes) == pytest.approx(degrees, abs=1.5)

"""A sheet is printed, filled in with MNIST's test digits, photographed, found again and cut into the right samples."""

import dataclasses
import re

import numpy as np
import pytest

from scribal.exceptions import ArgumentError, DataError, ImageError, UnknownNameError
from scribal.reading.samples import gather_samples
from scribal.reading.sheet import CellState, PageCode, cells_of, cut_cells, find_pages, write_sheet
from scribal.reading.sheet.layout import FRAME_HEIGHT, FRAME_WIDTH, PAPERS, mark_boxes
from tools.synthetic_pages import Hand
from tools.synthetic_pages.sheets import PHOTO, fill_sheet, print_page

CODE = PageCode(2, 10)
EMPTY = {(0, 3), (9, 9)}
CROSSED_OUT = {(1, 2), (6, 0)}
SMALLER = dataclasses.replace(PHOTO, size=(1600, 1200))


@pytest.fixture(scope="module")
def hand():
    return Hand("test")


@pytest.fixture(scope="module")
def photo(hand):
    """A filled page on a table, in several inks, turned, with a shadow."""
    return fill_sheet(CODE, hand, SMALLER, seed=1, empty=EMPTY, crossed_out=CROSSED_OUT)


def states(cells):
    return {state: {(one.cell.row, one.cell.digit) for one in cells if one.state is state} for state in CellState}


def corners(box):
    x, y, width, height = box
    return np.array([x, y, x + width, y + height])


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_pdf_has_as_many_pages_as_the_samples_need_in_the_size_of_the_paper(tmp_path, paper, size):
    content = write_sheet(tmp_path / "sheet.pdf", paper=paper, samples=23).read_bytes()
    assert content.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", content)
    assert [(round(float(width)), round(float(height))) for width, height in boxes] == [size] * 3


def test_the_same_sheet_is_the_same_file(tmp_path):
    first, second = (write_sheet(tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"samples": 0}, ArgumentError),
        ({"samples": 251}, ArgumentError),
        ({"paper": "a3"}, UnknownNameError),
        ({"path": "sheet.docx"}, ArgumentError),
        ({"path": "there.pdf"}, ArgumentError),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, arguments, error):
    (tmp_path / "there.pdf").write_bytes(b"somebody's")
    with pytest.raises(error):
        write_sheet(**{"path": tmp_path / arguments.pop("path", "new.pdf")} | arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["there.pdf"]
    assert (tmp_path / "there.pdf").read_bytes() == b"somebody's"


def test_marks_tell_page_rows_and_corner():
    codes = [PageCode(page, rows) for page in range(1, 26) for rows in range(1, 11)]
    for code in codes:
        assert [PageCode.of_mark(number) for number in code.mark_numbers] == [(code, corner) for corner in range(4)]
    assert len({number for code in codes for number in code.mark_numbers}) == 4 * len(codes) == 1000


@pytest.mark.parametrize("paper", PAPERS)
def test_boxes_are_apart_from_each_other_from_the_marks_and_from_the_edge_of_the_paper(paper):
    boxes = [*mark_boxes(), *(cell.box for cell in cells_of(10))]
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            apart = max(one.x - other.right, other.x - one.right, one.y - other.bottom, other.y - one.bottom)
            assert apart > 2.5
    assert min(PAPERS[paper][0] - FRAME_WIDTH, PAPERS[paper][1] - FRAME_HEIGHT) / 2 > 10


def test_every_box_of_a_photo_is_found_with_its_label_and_all_of_its_ink(photo):
    (page,) = find_pages(photo.pixels)
    assert (page.code, page.marks) == (CODE, 4)
    cells = cut_cells(photo.pixels, page)
    assert states(cells)[CellState.EMPTY] == EMPTY
    assert states(cells)[CellState.CROSSED_OUT] == CROSSED_OUT
    for one in cells:
        if one.state is CellState.WRITTEN:
            written = corners(photo.boxes[one.cell.row, one.cell.digit])
            assert np.abs(corners(one.box) - written).max() <= 6, one.cell


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_photo_may_be_turned(photo, quarters):
    turned = np.ascontiguousarray(np.rot90(photo.pixels, quarters))
    cells = cut_cells(turned, find_pages(turned)[0])
    assert states(cells)[CellState.EMPTY] == EMPTY
    assert states(cells)[CellState.CROSSED_OUT] == CROSSED_OUT


def hidden(photo, *marks):
    """The photo with a thumb on some marks."""
    import cv2

    pixels = photo.pixels.copy()
    (page,) = find_pages(pixels)
    for number in marks:
        box = mark_boxes()[number]
        middle = np.array([[[box.x + box.width / 2, box.y + box.height / 2]]])
        seen = cv2.perspectiveTransform(middle, page.to_photo)[0, 0]
        cv2.circle(pixels, [round(value) for value in seen], 45, (200, 150, 130), cv2.FILLED)
    return pixels


@pytest.mark.parametrize("mark", range(4))
def test_one_mark_may_be_hidden(photo, mark):
    pixels = hidden(photo, mark)
    (page,) = find_pages(pixels)
    assert page.marks == 3
    cells = cut_cells(pixels, page)
    assert states(cells)[CellState.EMPTY] == EMPTY
    for one in cells:
        if one.state is CellState.WRITTEN:
            assert np.abs(corners(one.box) - corners(photo.boxes[one.cell.row, one.cell.digit])).max() <= 8


def test_a_photo_with_two_marks_says_what_to_do(photo):
    with pytest.raises(ImageError, match=r"at least 3 of the 4.*2 of them.*whole page"):
        gather_samples(hidden(photo, 0, 2))


def test_paper_that_is_curved_and_printed_in_grey_is_cut_as_well(hand):
    scan = dataclasses.replace(SMALLER, pens=("black", "felt"), light="gradient")
    filled = fill_sheet(PageCode(1, 4), hand, scan, seed=3, paper="letter", empty={(2, 5)}, bend=3.0)
    grey = np.repeat(filled.pixels.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    cells = cut_cells(grey, find_pages(grey)[0])
    assert len(cells) == 40
    assert states(cells)[CellState.EMPTY] == {(2, 5)}
    for one in cells:
        if one.state is CellState.WRITTEN:
            assert np.abs(corners(one.box) - corners(filled.boxes[one.cell.row, one.cell.digit])).max() <= 8


def test_a_sheet_with_nothing_on_it_has_no_samples():
    page, _ = print_page(PageCode(1, 2))
    with pytest.raises(DataError, match="20 empty"):
        gather_samples(page.astype(np.uint8))

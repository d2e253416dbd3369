"""What stands around numbers in the pictures that people have, and what they are written on."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import scribal
from scribal.reading.polarity import is_light_on_dark
from written_digits import written

TEXT = "271\n94 60"


def coloured(page, paper, ink):
    strength = (245 - page[..., np.newaxis].astype(np.float64)) / 225
    return np.rint(np.array(paper) + (np.array(ink) - np.array(paper, dtype=np.float64)) * strength).astype(np.uint8)


@pytest.mark.parametrize(
    ("paper", "ink"),
    [
        ((60, 120, 220), (250, 230, 80)),
        ((200, 60, 60), (90, 200, 110)),
        ((110, 110, 230), (230, 90, 40)),
    ],
)
def test_any_two_colours_are_ink_and_paper(paper, ink):
    assert scribal.read(coloured(written(TEXT), paper, ink)).text == TEXT


@pytest.mark.parametrize("gap", [24, 50])
def test_two_notes_on_a_table_are_read_and_the_gap_between_them_is_not(gap):
    note = np.pad(written("271 40\n94 6035"), ((60, 60), (30, 30)), constant_values=245)
    table = np.full((note.shape[0], gap), 90, dtype=np.uint8)
    scene = np.pad(np.hstack([note, table, note]), 40, constant_values=90)
    assert scribal.read(scene).text == "271 40 271 40\n94 6035 94 6035"


@pytest.mark.parametrize("label", ["Invoice no.", "Room", "Total sum"])
def test_small_printed_labels_are_no_numbers(label):
    picture = Image.fromarray(np.pad(written(TEXT), ((0, 0), (300, 0)), constant_values=245))
    pen = ImageDraw.Draw(picture)
    for row in range(2):
        pen.text((30, 40 + 112 * row), label, fill=40, font=ImageFont.load_default(28))
    assert scribal.read(np.asarray(picture)).text == TEXT


@pytest.mark.parametrize(("turns", "said"), [(0, ""), (1, "right"), (2, "upside down"), (3, "left")])
def test_a_page_on_its_side_is_said_to_be_turned(turns, said):
    page = np.rot90(written("271 405\n94 6035\n283 17"), turns)
    notes = [note for note in scribal.read(np.ascontiguousarray(page)).notes if "turned" in note]
    assert len(notes) == (turns > 0)
    assert all(note.endswith(said) for note in notes)


@pytest.mark.parametrize("size", [700, 1_400])
def test_few_digits_on_a_sheet_that_lies_aslant_on_a_dark_table_are_dark_ink(size):
    page = np.full((size, size), 40, dtype=np.uint8)
    corners = np.array([[0.08, 0.03], [0.95, 0.1], [0.9, 0.97], [0.03, 0.9]]) * size
    cv2.fillPoly(page, [np.rint(corners).astype(np.int32)], 225)
    assert not is_light_on_dark(page)
    page = cv2.putText(page, "407", (size // 3, size // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 60, 2, cv2.LINE_AA)
    assert not is_light_on_dark(page)
    assert is_light_on_dark(cv2.bitwise_not(page))

"""``scribal sheet``, ``score`` and ``tune`` from end to end, on photos of sheets that were filled in."""

import dataclasses
import json

import cv2
import numpy as np
import pytest
from PIL import Image

from scribal.data import load_dataset
from scribal.reading.sheet import PageCode
from tools.synthetic_pages import Hand
from tools.synthetic_pages.sheets import PHOTO, fill_sheet

SCAN = dataclasses.replace(PHOTO, size=(1600, 1200), light="gradient", pens=("blue", "black", "felt"))
SLANT = 0.7


def slanted(covered, digit):
    """Lean over, as the network has not seen anybody do."""
    rows, columns = covered.shape
    lean = np.array([[1, -SLANT, SLANT * rows], [0, 1, 0]])
    moved = cv2.warpAffine(covered, lean, (round(columns + SLANT * rows), rows))
    moved = moved[:, np.flatnonzero(moved.any(axis=0))]
    smaller = min(1.0, 70 / moved.shape[1])
    return cv2.resize(moved, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A folder with the photo of a page by a writer who slants, and a file that is none."""
    folder = tmp_path_factory.mktemp("handwriting")
    filled = fill_sheet(
        PageCode(1, 10), Hand("test"), SCAN, seed=5, empty={(4, 6)}, crossed_out={(2, 7)}, manner=slanted
    )
    Image.fromarray(filled.pixels).save(folder / "photo.jpg", quality=92)
    (folder / "notes.txt").write_text("not a picture")
    return folder


@pytest.fixture(scope="module")
def mislabelled(tmp_path_factory):
    """Pictures of MNIST's test digits in the folders of other digits."""
    mnist = load_dataset("mnist")
    folder = tmp_path_factory.mktemp("mislabelled")
    for digit in range(10):
        (folder / str((digit + 1) % 10)).mkdir()
        for number, image in enumerate(mnist.x_test[mnist.y_test == digit][:6]):
            Image.fromarray(255 - np.pad(image, 8)).save(folder / str((digit + 1) % 10) / f"{number}.png")
    return folder


def test_a_sheet_is_written_once(scribal_here, tmp_path):
    ended = scribal_here("sheet", "--paper", "letter", "--samples", "3")
    assert ended.code == 0, ended.err
    assert "1 page" in ended.out
    written = (tmp_path / "sheet.pdf").read_bytes()
    assert written.startswith(b"%PDF")
    ended = scribal_here("sheet")
    assert ended.code == 2
    assert "--force" in ended.err
    assert (tmp_path / "sheet.pdf").read_bytes() == written


def test_a_photo_and_a_folder_are_scored_alike_and_what_is_no_picture_is_listed(scribal_here, photos, tmp_path):
    one = scribal_here("score", photos / "photo.jpg", "--json").json
    assert (one["samples"], one["empty"], one["crossed_out"], one["photos"]) == (98, 1, 1, 1)
    assert one["right"] + len(one["mistakes"]) == one["samples"]
    assert np.trace(one["confusion"]) == one["right"]
    assert one["interval"][0] < one["accuracy"] < one["interval"][1]
    assert one["accuracy"] > 0.85
    assert (tmp_path / "score.html").is_file()
    whole = scribal_here("score", photos, "--out", "whole.html", "--json").json
    (skipped,) = whole.pop("skipped")
    assert skipped["file"].endswith("notes.txt")
    assert {key: whole[key] for key in whole} == {key: one[key] for key in one if key != "skipped"}


def test_the_page_shows_the_accuracy_and_every_mistake(scribal_here, browser_page, mislabelled, tmp_path):
    told = scribal_here("score", mislabelled)
    assert told.code == 0, told.err
    assert "(60 of 60 wrong)" in told.out or "(59 of 60 wrong)" in told.out
    page = browser_page.open(tmp_path / "score.html", width=400)
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert page.locator(".mistakes .gallery img").count() >= 59
    assert "60 digits from 60 pictures" in page.inner_text("header")


def test_names_tell_labels_too(scribal_here, tmp_path, mislabelled):
    names = ["7.png", "7_2.png", "7 (3).png", "7-b.png", "2024.png", "IMG_7.png"]
    for name, source in zip(names, sorted((mislabelled / "8").iterdir()), strict=True):
        (tmp_path / name).write_bytes(source.read_bytes())
    told = scribal_here("score", tmp_path, "--json").json
    assert (told["samples"], told["right"]) == (4, 4)
    assert sorted(one["file"].rpartition("/")[2] for one in told["skipped"]) == ["2024.png", "IMG_7.png"]


def test_tuning_helps_on_held_out_digits_and_the_file_is_used_like_any_model(
    scribal_here, photos, finished_run, tmp_path
):
    ended = scribal_here("tune", "--on", photos, "--model", finished_run, "--folds", "2", "--json")
    assert ended.code == 0, ended.err
    told = ended.json
    assert (told["samples"], told["folds"]) == (98, 2)
    assert told["after"]["own_right"] >= told["before"]["own_right"] + 5
    for name in ("mnist_validation_accuracy", "mnist_test_accuracy"):
        assert told["after"][name] >= told["before"][name] - 0.001
    tuned = tmp_path / "my-digits.keras"
    before = scribal_here("score", photos, "--model", finished_run, "--json").json
    after = scribal_here("score", photos, "--model", tuned, "--json").json
    assert before["right"] == told["before"]["own_right"]
    assert after["right"] > before["right"]
    test = scribal_here("evaluate", tuned, "--data", "mnist", "--json").json
    assert test["accuracy"] == pytest.approx(told["after"]["mnist_test_accuracy"])
    again = scribal_here("tune", "--on", photos)
    assert again.code == 2
    assert "--force" in again.err


def test_tuning_that_forgets_is_refused_with_the_figures(scribal_here, mislabelled, finished_run, tmp_path):
    ended = scribal_here("tune", "--on", mislabelled, "--model", finished_run, "--folds", "2", "--out", "new.keras")
    assert ended.code == 2
    assert "within 0.1 points" in ended.err
    assert "MNIST validation" in ended.err
    assert "own digits" in ended.err
    assert not (tmp_path / "new.keras").exists()


def test_too_few_samples_teach(scribal_here, tmp_path, mislabelled):
    (tmp_path / "few" / "3").mkdir(parents=True)
    for number, source in enumerate(sorted((mislabelled / "4").iterdir())):
        (tmp_path / "few" / "3" / f"{number}.png").write_bytes(source.read_bytes())
    ended = scribal_here("tune", "--on", tmp_path / "few")
    assert ended.code == 2
    assert "at least 10 samples" in ended.err
    assert "Received: 6 samples" in ended.err
    assert json.dumps([path.name for path in tmp_path.iterdir()]) == '["few"]'

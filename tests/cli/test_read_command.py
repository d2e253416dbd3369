"""``scribal read`` from end to end, on numbers written with MNIST's test digits."""

import csv
import io
import json
import os
import subprocess

import numpy as np
import pytest
from PIL import Image

from command_line import SCRIBAL
from written_digits import save, written

NUMBERS = "40917\n263 58"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with three numbers in two lines."""
    return save(tmp_path_factory.mktemp("pages") / "page.png", NUMBERS)


def test_json_is_one_object_a_line_with_each_digit_in_its_place(scribal_here, page):
    ended = scribal_here("read", page, page.parent / "page.png", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert len(ended.out.splitlines()) == 1  # the same file is read once
    read = ended.json
    assert read["file"] == str(page)
    assert read["text"] == NUMBERS
    assert "".join(digit["digit"] for digit in read["digits"]) == "4091726358"
    first = read["digits"][0]
    x, y, width, height = first["box"]
    assert 56 <= x < x + width <= 112
    assert 28 <= y < y + height <= 84
    assert first["rejected"] is False
    names, probabilities = zip(*first["alternatives"], strict=True)
    assert sorted([first["digit"], *names]) == list("0123456789")
    assert list(probabilities) == sorted(probabilities, reverse=True)
    assert first["confidence"] + sum(probabilities) == pytest.approx(1, abs=1e-4)
    assert "page" not in read


def test_lines_are_what_is_written(scribal_here, page):
    assert scribal_here("read", page, "--lines").out == NUMBERS + "\n"
    other = save(page.parent / "other.png", "7")
    assert scribal_here("read", page, other, "--lines").out.splitlines() == [
        f"{page}: 40917",
        f"{page}: 263 58",
        f"{other}: 7",
    ]
    lines = scribal_here("read", page, "--lines", "--json").json["lines"]
    assert [number["text"] for line in lines for number in line["numbers"]] == ["40917", "263", "58"]


def test_csv_has_a_row_for_each_number_and_for_a_picture_without_one(scribal_here, page, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    ended = scribal_here("read", page, "blank.png", "--csv")
    assert ended.code == 0
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [(row["line"], row["number"], row["text"]) for row in rows] == [
        ("1", "1", "40917"),
        ("2", "1", "263"),
        ("2", "2", "58"),
        ("", "", ""),
    ]
    assert "Nothing is written" in rows[-1]["note"]


def test_the_table_names_what_has_to_be_looked_at(scribal_here, page, tmp_path):
    save(tmp_path / "七 7.png", "7")
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    ended = scribal_here("read", page, "七 7.png", "blank.png")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].split() == ["file", "read", "confidence", "remarks"]
    assert lines[1].split()[:2] == [str(page), "40917"]
    assert lines[2].split()[:2] == ["263", "58"]
    assert lines[3].startswith("七 7.png")
    assert lines[-1].startswith("3 pictures, 11 digits; look at ")
    assert "blank.png" in lines[-1]


def test_what_is_expected_is_made_of_the_alternatives(scribal_here, page):
    read = scribal_here("read", page, "--expect", "[0-9]{5}", "--json").json
    assert read["text"] == "40917\n26358"
    assert read["expected"] is True
    ended = scribal_here("read", page, "--expect", "[0-9]{9}")
    assert ended.code == 0
    assert "No reading of" in ended.out


def test_it_is_told_which_digits_were_changed_to_what_was_expected(scribal_here, tmp_path):
    save(tmp_path / "odd.png", "0123456789", nth=-1)
    digits = scribal_here("read", "odd.png", "--json").json["digits"]
    least = min(range(len(digits)), key=lambda place: digits[place]["confidence"])
    other = digits[least]["alternatives"][0][0]
    names = [digit["digit"] for digit in digits]
    expected = "".join([*names[:least], other, *names[least + 1 :]])
    ended = scribal_here("read", "odd.png", "--expect", expected, "--json")
    assert ended.json["text"] == expected
    assert [digit.get("read_as") for digit in ended.json["digits"] if "read_as" in digit] == [names[least]]
    assert f"{names[least]} became {other}" in ended.json["notes"][-1]


def test_a_single_digit_of_a_picture(scribal_here, tmp_path):
    for digit in range(10):
        save(tmp_path / f"{digit}.png", str(digit), nth=1)
    ended = scribal_here("read", ".", "--single", "--json")
    read = [json.loads(line) for line in ended.out.splitlines()]
    assert [one["text"] for one in read] == list("0123456789")
    assert all(len(one["digits"]) == 1 for one in read)


@pytest.mark.parametrize("form", ["", "model.keras", "model.h5"])
def test_a_model_of_ones_own_reads(scribal_here, finished_run, page, form):
    read = scribal_here("read", page, "--model", finished_run / form, "--json").json
    assert len(read["digits"]) == 10


def test_pictures_are_annotated_into_a_file_or_a_folder(scribal_here, page, tmp_path):
    assert scribal_here("read", page, "--annotate", "out.png").code == 0
    with Image.open(tmp_path / "out.png") as drawn, Image.open(page) as plain:
        changed = np.asarray(drawn) != np.asarray(plain.resize(drawn.size))
    assert changed.any()
    (tmp_path / "a").mkdir()
    save(tmp_path / "a" / "page.jpg", "12")
    assert scribal_here("read", page, "a", "--annotate", "drawn").code == 0
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["page-2.png", "page.png"]


@pytest.mark.parametrize(
    ("words", "taught"),
    [
        (("PAGE", "missing.png", "--annotate", "out.png"), ("folder", "2 pictures")),
        (("PAGE", "--annotate", "out.docx"), (".png", "out.docx")),
        (("PAGE", "--annotate", "PAGE"), ("replace",)),
        (("PAGE", "--json", "--csv"), ("--json and --csv",)),
        (("PAGE", "--expect", "[0-9"), ("regular expression", "[0-9")),
        (("PAGE", "--expect", ""), ("empty",)),
        (("PAGE", "--model", "missing.keras"), ("missing.keras",)),
        (("PAGE", "--scale", "1"), ("--model",)),
        (("PAGE", "--nonsense"), ("--nonsense",)),
        (("missing.png",), ("missing.png", "no such file")),
        (("empty",), ("empty", "nothing")),
        ((), ("images",)),
    ],
)
def test_bad_calls_are_one_line(scribal_here, page, tmp_path, words, taught):
    (tmp_path / "empty").mkdir(exist_ok=True)
    assert scribal_here("read", *[page if word == "PAGE" else word for word in words]).teaches(*taught)


def test_every_page_of_a_file_is_read(scribal_here, tmp_path):
    frames = [Image.fromarray(written(text)) for text in ("12 ", "345", "6  ")]
    for name in ("pages.tiff", "frames.gif", "frames.webp"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        read = [json.loads(line) for line in scribal_here("read", name, "--json").out.splitlines()]
        assert [(one["page"], one["text"]) for one in read] == [(1, "12"), (2, "345"), (3, "6")], name
    assert scribal_here("read", "pages.tiff", "--annotate", "out.png").code == 0
    assert (tmp_path / "out-3.png").is_file()


def test_what_cannot_be_read_is_told_and_the_rest_is_read(scribal_here, page, tmp_path):
    (tmp_path / "half.png").write_bytes(page.read_bytes()[:2000])
    (tmp_path / "text.jpg").write_text("no picture")
    ended = scribal_here("read", "half.png", page, "text.jpg", "missing.png", "--json")
    assert ended.code == 2
    assert [json.loads(line)["text"] for line in ended.out.splitlines()] == [NUMBERS]
    lines = ended.err.splitlines()
    assert len(lines) == 3
    for line, name in zip(lines, ("half.png", "text.jpg", "missing.png"), strict=True):
        assert line.startswith("scribal: ")
        assert name in line


def test_a_folder_is_read_in_order_and_other_files_in_it_are_named(scribal_here, tmp_path):
    folder = tmp_path / "photos"
    (folder / "older").mkdir(parents=True)
    for place, name in enumerate(["photo 2.png", "photo 10.JPG", "older/photo 1.png"]):
        save(folder / name.replace("JPG", "jpg"), str(place))
    (folder / "photo 10.jpg").rename(folder / "photo 10.JPG")
    (folder / "photo 2.png").rename(folder / "photo 2")  # known by how it begins
    for name in ("notes.txt", "photo.pdf", ".hidden.png"):
        (folder / name).write_text("no picture")
    ended = scribal_here("read", "photos", "--json")
    assert ended.code == 0
    read = [json.loads(line) for line in ended.out.splitlines()]
    assert [(one["file"], one["text"]) for one in read] == [
        ("photos/older/photo 1.png", "2"),
        ("photos/photo 2", "0"),
        ("photos/photo 10.JPG", "1"),
    ]
    assert ended.err == "Skipped 2 files that are no pictures: photos/notes.txt, photos/photo.pdf\n"
    for name in ("older/photo 1.png", "photo 2", "photo 10.JPG"):
        (folder / name).unlink()
    assert scribal_here("read", "photos").teaches("2 other files")


def test_standard_input(page):
    def piped(command):
        return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    read = piped(f"{SCRIBAL} read - --json < {page}")
    assert json.loads(read.stdout)["file"] == "-"
    assert json.loads(read.stdout)["text"] == NUMBERS
    for redirection, word in (("< /dev/null", "0 bytes"), ("<&-", "closed"), ("< /etc/passwd", "picture")):
        ended = piped(f"{SCRIBAL} read - {redirection}")
        assert (ended.returncode, ended.stdout) == (2, "")
        assert len(ended.stderr.splitlines()) == 1
        assert word in ended.stderr


def test_output_to_a_closed_pipe_is_no_error(page):
    names = " ".join([str(page)] + [save(page.parent / f"{n}.png", "1").as_posix() for n in range(3)])
    command = f"set -o pipefail; {SCRIBAL} read {names} --json | head -c 1"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=os.environ)
    assert (ended.returncode, ended.stderr) == (0, "")

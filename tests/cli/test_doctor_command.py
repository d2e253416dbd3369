"""``scribal doctor`` from end to end."""

import json

import pytest
from PIL import Image

from written_digits import save, written


@pytest.fixture
def seven_png(tmp_path):
    return save(tmp_path / "seven.png", "7")


def test_findings_are_told_and_drawn_beside_the_picture(scribal_here, seven_png, tmp_path):
    ended = scribal_here("doctor", "seven.png")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "seven.png"
    assert lines[1].startswith("  inverted ")
    assert "levels darker" in lines[1]
    assert lines[-2].split()[:2] == ["after", "7"]
    with Image.open(tmp_path / "seven-doctor.png") as drawn:
        assert drawn.format == "PNG"
    assert scribal_here("doctor", "seven.png").teaches("seven-doctor.png", "--force")
    assert scribal_here("doctor", "seven.png", "--force").code == 0


def test_json_is_one_object_a_line_and_page(scribal_here, seven_png, tmp_path):
    frames = [Image.fromarray(written(text)) for text in ("4", "12")]
    frames[0].save(tmp_path / "pages.tiff", save_all=True, append_images=frames[1:])
    ended = scribal_here("doctor", seven_png, "pages.tiff", "--json", "--out", "drawn")
    one, first, second = (json.loads(line) for line in ended.out.splitlines())
    assert one["after"]["digit"] == "7"
    assert one["findings"][0]["name"] == "inverted"
    assert (first["page"], first["after"]["digit"]) == (1, "4")
    assert (second["page"], second["text"]) == (2, "12")
    drawn = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert drawn == ["pages-doctor-2.png", "pages-doctor.png", "seven-doctor.png"]


def test_a_folder_is_looked_through_but_for_what_was_drawn(scribal_here, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    save(folder / "3.png", "3")
    save(folder / "3-doctor.png", "5")
    (folder / "notes.txt").write_text("no picture")
    (folder / "half.png").write_bytes((folder / "3.png").read_bytes()[:300])
    ended = scribal_here("doctor", "photos", "--json", "--force")
    assert ended.code == 2
    assert [json.loads(line)["file"] for line in ended.out.splitlines()] == ["photos/3.png"]
    assert "notes.txt" in ended.err
    assert "half.png" in ended.err


@pytest.mark.parametrize(
    ("words", "taught"),
    [
        (("seven.png", "--out", "out.jpg"), (".png", "out.jpg")),
        (("seven.png", "other.png", "--out", "out.png"), ("folder", "2 pictures")),
        (("missing.png",), ("missing.png", "no such file")),
        (("seven.png", "--weights", "w.h5"), ("--model",)),
        (("seven.png", "--model", "missing.keras"), ("missing.keras",)),
        ((), ("images",)),
    ],
)
def test_bad_calls_are_one_line(scribal_here, seven_png, words, taught):
    assert seven_png.exists()
    assert scribal_here("doctor", *words).teaches(*taught)


def test_a_network_of_ones_own_answers(scribal_here, seven_png, finished_run):
    told = scribal_here("doctor", seven_png, "--model", finished_run, "--json").json
    assert told["after"]["digit"] == "7"

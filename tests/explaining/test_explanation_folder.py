"""What an explanation leaves: page, pictures, numbers; and ``scribal explain``."""

import json
import re

import pytest
from PIL import Image

import scribal
from scribal.exceptions import RunError


def number(text):
    """What a page's text says; it writes a real minus sign."""
    return float(text.replace("\N{MINUS SIGN}", "-"))


@pytest.fixture(scope="module")
def folder(finished_run, seven, tmp_path_factory):
    """The folder of an explanation."""
    return scribal.explain(finished_run, seven).write(tmp_path_factory.mktemp("explained") / "seven").parent


def test_the_folder_has_the_page_pictures_and_numbers(folder):
    numbers = json.loads((folder / "explanation.json").read_text())
    assert numbers["answer"] == "7"
    assert set(numbers["erased_until_changed"]) >= {"Grad-CAM", "Occlusion", "Random order"}
    pictures = sorted(path.stem for path in folder.glob("*.png"))
    assert {"input", "attributions", "changes", "neighbours", "convolution"} <= set(pictures)
    # A picture of each layer but Flatten, which changes no number, and of both convolutions' filters.
    assert [name[:8] for name in pictures if name.startswith("layer-")] == [
        f"layer-0{place}" for place in (1, 2, 3, 4, 6, 7, 8)
    ]
    assert len([name for name in pictures if name.startswith("filters-conv2d")]) == 2
    for path in folder.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.width > 100
    page = (folder / "explanation.html").read_text(encoding="utf-8")
    for name in (*pictures, "explanation.json"):
        assert name in page


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (400, True)])
def test_the_page_is_whole_in_a_browser(browser_page, folder, width, dark):
    page = browser_page.open(folder / "explanation.html", width=width, dark=dark)
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    headings = page.locator("h2").all_inner_texts()
    assert headings[:4] == [
        "What changes the answer",
        "Which pixels count",
        "The nearest training pictures",
        "One convolution, worked out",
    ]
    assert page.locator(".layer").count() == 10  # eight layers, two with filters
    products = [number(text) for text in page.locator("[aria-label=products] td").all_inner_texts()]
    total = page.locator(".result-line").first.inner_text().rpartition("= ")[2]
    assert sum(products) == pytest.approx(number(total), abs=0.02)


def test_an_explanation_replaces_only_explanations_and_only_when_told(finished_run, tmp_path):
    explanation = scribal.explain(finished_run, scribal.load_dataset("mnist").x_test[0], among=0)
    page = explanation.write(tmp_path / "one")
    (page.parent / "layer-99-old.png").write_bytes(b"")
    with pytest.raises(RunError, match="--force"):
        explanation.write(tmp_path / "one")
    explanation.write(tmp_path / "one", force=True)
    assert not (page.parent / "layer-99-old.png").exists()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.txt").write_text("mine")
    with pytest.raises(RunError, match="other people's files"):
        explanation.write(tmp_path / "own", force=True)
    with pytest.raises(RunError, match="a file"):
        explanation.write(tmp_path / "own" / "thesis.txt")


def test_the_command_says_what_it_found_and_where(scribal_here, finished_run, seven, tmp_path):
    ended = scribal_here("explain", finished_run, seven, "--pixel", "12,7", "--filter", 2)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].startswith(f"{seven}: 7  confidence ")
    assert [line.split()[0] for line in lines[1:4]] == ["shift", "rotation", "erased"]
    assert lines[-1] == "Everything is in explained/seven/; open explained/seven/explanation.html in a browser."
    page = (tmp_path / "explained" / "seven" / "explanation.html").read_text(encoding="utf-8")
    assert re.search(r"Filter 2 of layer conv2d\w* at row 12, column 7", page)
    second = scribal_here("explain", finished_run, seven, "--class", 3, "--among", 0, "--json")
    assert (second.json["answer"], second.json["explained_class"]) == ("7", "3")
    assert second.json["folder"] == "explained/seven-2"
    again = scribal_here("explain", finished_run, seven, "--among", 0, "--force", "--json")
    assert again.json["folder"] == "explained/seven"


@pytest.mark.parametrize(
    ("words", "taught"),
    [
        (("--class", "x"), ("class", "'x'")),
        (("--pixel", "12"), ("--pixel", "12,7")),
        (("--pixel", "99,0"), ("row from 0 to 27",)),
        (("--filter", "-1"), ("0 to 5",)),
        (("--data", "nothing.npz"), ("nothing.npz",)),
        (("--out", "taken"), ("taken",)),
    ],
)
def test_bad_calls_of_explain_are_one_line_and_leave_nothing(
    scribal_here, finished_run, seven, tmp_path, words, taught
):
    (tmp_path / "taken").write_text("mine")
    assert scribal_here("explain", finished_run, seven, *words).teaches(*taught)
    assert not (tmp_path / "explained").exists()


def test_a_network_without_pictures_is_refused(scribal_here, seven, tmp_path):
    scribal.train("toy-mlp", epochs=1, out=tmp_path / "toy")
    assert scribal_here("explain", "toy", seven).teaches("takes a picture", "(3,)")

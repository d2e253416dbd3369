import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from scribal.exceptions import RunError
from scribal.models import LayerDescription
from scribal.runs.plots import plot_samples
from scribal.runs.report import Report, write_report

VOID = {"meta", "link", "img", "br", "hr"}
LOADING = {"src", "href", "srcset", "action", "data", "poster", "background"}


class Page(HTMLParser):
    """A page as a reader has it: text, tables, images, and every address that it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\u202f", " ").split())

    def attributes(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def written(tmp_path):
    def write(report: Report) -> Page:
        write_report(report, tmp_path / "report.html")
        return Page((tmp_path / "report.html").read_text(encoding="utf-8"))

    return write


@pytest.fixture
def samples_plot(tmp_path):
    plot_samples(np.zeros((2, 28, 28), np.uint8), np.array([0, 1]), ["a", "b"], tmp_path / "samples.png")
    return tmp_path / "samples.png"


def history_of(epochs: int) -> pd.DataFrame:
    steps = np.arange(1, epochs + 1)
    accuracy = 0.99 - 0.1 * abs(steps - epochs * 4 // 5) / epochs
    return pd.DataFrame({"epoch": steps, "loss": 1 / steps, "accuracy": accuracy, "val_accuracy": accuracy})


def report_of(**fields) -> Report:
    return Report(**{"name": "lenet", "dataset": "mnist", "epochs_done": 50, "epochs_planned": 50} | fields)


def full_report(**fields) -> Report:
    confusion = np.diag([980, 1000, 0])
    confusion[0, 1], confusion[1, 0] = 12, 1
    return report_of(
        **{
            "summary": "the network of LeCun's 1998 paper, nearly",
            "test_accuracy": 0.9852,
            "test_loss": 0.0487,
            "test_samples": 10_000,
            "mistakes": 148,
            "reported_accuracy": 0.9852,
            "history": history_of(50),
            "confusion": confusion,
            "class_names": ["four", "nine", "never seen"],
            "layers": [
                LayerDescription(name="conv2d", kind="Conv2D", output_shape="28 x 28 x 6", parameters=156),
                LayerDescription(name="dense", kind="Dense", output_shape="10", parameters=61_454),
            ],
            "optimizer": "SGD",
            "learning_rate": 0.01,
            "loss": "categorical_crossentropy",
            "batch_size": 64,
            "seed": 0,
            "pixel_scaling": "divided by 255",
            "validation": "the test set",
            "engine": "keras",
            "threads": 2,
            "seconds": 402.3,
            "host": "two cores",
            "versions": {"keras": "3.15.1", "numpy": "2.4.6"},
            "training_samples": 60_000,
            "dataset_sha256": "ab" * 32,
            "dataset_licence": "CC BY-SA 3.0",
            "files": {"model.keras": "the whole model", "javascript:alert(1)": "a file of that name"},
            "next_commands": [("scribal predict runs/lenet digit.png", "Read a digit.")],
            "repeat_command": "scribal train lenet --seed 0",
        }
        | fields
    )


def test_says_all_it_knows_in_the_order_a_reader_asks(written):
    text = written(full_report()).text
    in_order = [
        "lenet on mnist",
        "98.52 %",
        "148 of 10,000 wrong",
        "test loss 0.0487",
        "The tutorial reports 98.52 %: reached exactly",
        "How it learned",
        "Best by validation accuracy: epoch 40.",
        "What it confuses",
        "four taken for nine: 12 times",
        "nine taken for four: once",
        "Class by class",
        "98.79 %",
        "The model",
        "28 × 28 × 6",  # noqa: RUF001 - times
        "61,610",
        "How it was trained",
        "SGD",
        "6 min 42 s",
        "keras 3.15.1, numpy 2.4.6",
        "CC BY-SA 3.0",
        "ab" * 32,
        "In this folder",
        "the whole model",
        "What to type next",
        "scribal predict runs/lenet digit.png",
        "scribal train lenet --seed 0",
    ]
    places = [text.find(words) for words in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)


def test_images_are_inside_and_nothing_is_loaded(written, samples_plot):
    page = written(full_report(samples_plot=samples_plot))
    images = page.attributes("img")
    assert len(images) == 1
    for image in images:
        kind, _, content = image["src"].partition(",")
        assert kind == "data:image/png;base64"
        with Image.open(io.BytesIO(base64.b64decode(content, validate=True))) as opened:
            assert (str(opened.width), str(opened.height)) == (image["width"], image["height"])
        assert image["alt"]
    addresses = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in LOADING and value is not None
    ]
    assert len(addresses) > 3
    assert all(address.startswith(("data:", "./", "#")) for address in addresses)
    assert "http://" not in page.html
    assert "https://" not in page.html
    assert "@import" not in page.html
    assert "url(" not in page.html
    assert not page.attributes("script")


def test_made_for_phones_dark_rooms_and_paper(written):
    page = written(full_report())
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.attributes("meta")
    assert "prefers-color-scheme: dark" in page.html
    assert "@media print" in page.html


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "手写&数字"]
)
def test_every_name_is_text(written, nasty):
    layers = [LayerDescription(name=nasty, kind=nasty, output_shape="any x 3", parameters=1)]
    page = written(
        full_report(
            name=nasty,
            dataset=nasty,
            summary=nasty,
            class_names=[nasty, "b", "c"],
            layers=layers,
            optimizer=nasty,
            host=nasty,
            reported_note=nasty,
            interrupted=True,
            resume_command=nasty,
            versions={nasty: nasty},
            files={nasty: nasty},
            next_commands=[(nasty, nasty)],
            repeat_command=nasty,
        )
    )
    assert page.text.count(nasty) > 15
    assert not page.attributes("script")
    assert not page.attributes("img")


@pytest.mark.parametrize(
    ("accuracy", "verdict"),
    [
        (0.9914, "reached, 0.62 percentage points above"),
        (float(np.float32(0.9852)), "reached exactly"),
        (0.9752, "not reached, 1.00 percentage points below"),
    ],
)
def test_compares_with_the_tutorial(written, accuracy, verdict):
    assert verdict in written(full_report(test_accuracy=accuracy)).text


def test_almost_all_is_not_all(written):
    text = written(report_of(test_accuracy=0.99999, test_samples=100_000, mistakes=1)).text
    assert "99.99 %" in text
    assert "100.00" not in text


def test_interrupted(written):
    page = written(report_of(epochs_done=12, interrupted=True, resume_command="scribal train --resume runs/lenet"))
    assert "Interrupted after 12 of 50 epochs" in page.text
    assert "scribal train --resume runs/lenet" in page.text
    assert "Interrupted" not in written(report_of()).text


def test_no_pictures_and_no_accuracy(written):
    history = pd.DataFrame({"epoch": np.arange(1, 20_001), "loss": 1 / np.arange(1, 20_001)})
    page = written(
        report_of(
            name="toy-mlp",
            test_loss=0.0001234,
            history=history,
            epochs_done=20_000,
            epochs_planned=20_000,
            reported_note="the prediction of the first sample",
        )
    )
    assert "0.000123 test loss" in page.text
    assert "The tutorial shows: the prediction of the first sample." in page.text
    assert "20,000 5e-05 best, last" in page.text
    assert len(page.attributes("tr")) < 20
    for heading in ("What it was shown", "What it confuses", "Its worst mistakes", "Class by class"):
        assert heading not in page.text


def test_of_many_epochs_first_best_and_last_are_listed(written):
    def rows(epochs):
        table = (
            written(report_of(history=history_of(epochs))).html.partition('class="epochs"')[2].partition("</table>")[0]
        )
        return re.findall(r'<tr><td class="right">([\d,]+)</td>', table)

    assert rows(50) == [str(epoch) for epoch in range(1, 51)]
    assert rows(51) == ["1", "40", "51"]
    assert rows(1_500) == ["1", "1,200", "1,500"]


def test_gaps_in_the_history(written):
    history = pd.DataFrame({"epoch": [1, 2, 3], "loss": [0.5, np.nan, 0.25], "val_loss": [None] * 3})
    text = written(report_of(history=history)).text
    assert "2 – –" in text  # noqa: RUF001 - the dash of an empty cell
    assert "Best by loss: epoch 3." in text


def test_nothing_but_the_name(written):
    text = written(report_of(history=history_of(3).iloc[:0])).text
    assert "lenet on mnist Not tested." in text
    assert "How it learned" not in text


def test_no_mistakes(written):
    text = written(full_report(confusion=np.diag([5, 5, 5]), mistakes=0)).text
    assert "0 of 10,000 wrong" in text
    assert "every answer on the test set is right" in text


def test_five_confusions_at_most(written):
    confusion = np.arange(16).reshape(4, 4)
    text = written(full_report(confusion=confusion, class_names=list("abcd"))).text
    assert re.findall(r"(\w taken for \w: \d+ times)", text) == [
        "d taken for c: 14 times",
        "d taken for b: 13 times",
        "d taken for a: 12 times",
        "c taken for d: 11 times",
        "c taken for b: 9 times",
    ]


def test_a_plot_that_is_not_there(tmp_path, written):
    with pytest.raises(RunError, match=r"file that can be read.*gone\.png"):
        written(report_of(samples_plot=tmp_path / "gone.png"))
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(RunError, match="must be a PNG file"):
        written(report_of(samples_plot=tmp_path / "text.png"))
    assert not (tmp_path / "report.html").exists()

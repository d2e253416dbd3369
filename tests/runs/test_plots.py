import threading
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from scribal.exceptions import ArgumentError, RunError
from scribal.runs.plots import plot_confusion, plot_gallery, plot_history, plot_samples
from scribal.runs.plots.lettering import class_labels, fitting_lines, fitting_text

ONLY_LATIN = ("DejaVu Sans",)
TRAINING = (0, 114, 178)
VALIDATION = (213, 94, 0)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        assert image.format == "PNG"
        return image.convert("RGB")


def pixels_of(path: Path, colour) -> int:
    return int((np.asarray(opened(path)) == colour).all(axis=-1).sum())


def coloured_pixels(path: Path) -> int:
    """Count the pixels that are clearly more red than blue, or less."""
    red, _, blue = (np.asarray(band).astype(np.int16) for band in opened(path).split())
    return int((abs(red - blue) > 40).sum())


def distinct_colours(path: Path) -> int:
    return len(opened(path).getcolors(maxcolors=2**24))


def history_of(epochs: int, **columns) -> pd.DataFrame:
    steps = np.arange(1, epochs + 1)
    curves = {
        "loss": 0.02 + np.exp(-steps / 5),
        "accuracy": 0.99 - 0.02 * np.exp(-steps / 5),
        "val_loss": 0.05 + 0.8 * np.exp(-steps / 5),
        "val_accuracy": 0.985 - 0.01 * np.exp(-steps / 5),
    }
    return pd.DataFrame({"epoch": steps} | curves | columns)


class TestHistory:
    @pytest.mark.parametrize("epochs", [1, 10, 20_000])
    def test_draws_both_curves_in_both_panels(self, tmp_path, epochs):
        plot_history(history_of(epochs), tmp_path / "history.png", "lenet on mnist")
        width, height = opened(tmp_path / "history.png").size
        assert 800 <= width <= 1100
        assert 700 <= height <= 1100
        assert distinct_colours(tmp_path / "history.png") > 50
        assert pixels_of(tmp_path / "history.png", TRAINING) > 100
        assert pixels_of(tmp_path / "history.png", VALIDATION) > 100

    def test_without_validation_there_is_one_curve(self, tmp_path):
        plot_history(history_of(10)[["epoch", "loss", "accuracy"]], tmp_path / "history.png", "no validation")
        assert pixels_of(tmp_path / "history.png", TRAINING) > 500
        assert pixels_of(tmp_path / "history.png", VALIDATION) == 0

    def test_without_accuracy_there_is_one_panel(self, tmp_path):
        plot_history(history_of(5), tmp_path / "both.png", "both")
        plot_history(history_of(5)[["epoch", "loss"]], tmp_path / "loss.png", "loss alone")
        assert opened(tmp_path / "loss.png").height < 0.65 * opened(tmp_path / "both.png").height

    def test_not_a_number_is_a_gap(self, tmp_path):
        whole = history_of(10)[["epoch", "loss"]]
        holed = whole.assign(loss=whole["loss"].where(~whole["epoch"].between(3, 7)))
        plot_history(whole, tmp_path / "whole.png", "whole")
        plot_history(holed, tmp_path / "holed.png", "holed")
        assert 0 < pixels_of(tmp_path / "holed.png", TRAINING) < 0.8 * pixels_of(tmp_path / "whole.png", TRAINING)

    def test_a_value_between_gaps_is_seen_however_many_epochs_there_are(self, tmp_path):
        lonely = pd.DataFrame({"epoch": np.arange(1, 101), "loss": np.where(np.arange(100) == 50, 0.5, np.nan)})
        plot_history(lonely, tmp_path / "history.png", "lonely")
        # The mark itself, beside the legend's and the letters of the end value.
        picture = np.asarray(opened(tmp_path / "history.png"))[150:, 100:800]
        assert (picture == TRAINING).all(axis=-1).sum() > 5

    @pytest.mark.parametrize("value", [np.nan, np.inf, None])
    def test_nothing_finite_is_said(self, tmp_path, value):
        plot_history(pd.DataFrame({"epoch": [1, 2], "loss": [value, value]}), tmp_path / "history.png", "diverged")
        assert pixels_of(tmp_path / "history.png", TRAINING) == 0
        assert distinct_colours(tmp_path / "history.png") > 10

    def test_no_epoch_at_all(self, tmp_path):
        plot_history(history_of(3).iloc[:0], tmp_path / "history.png", "interrupted at once")
        assert distinct_colours(tmp_path / "history.png") > 10

    @pytest.mark.parametrize("accuracy", [0.0, 0.5, 1.0])
    def test_constant_accuracy(self, tmp_path, accuracy):
        plot_history(history_of(4, accuracy=accuracy, val_accuracy=accuracy), tmp_path / "history.png", "constant")
        assert pixels_of(tmp_path / "history.png", VALIDATION) > 100

    def test_same_history_same_bytes(self, tmp_path):
        for name in ("first.png", "second.png"):
            plot_history(history_of(5), tmp_path / name, "same")
        assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()


class TestConfusion:
    @pytest.mark.parametrize("classes", [1, 2, 10, 47, 120])
    def test_any_number_of_classes(self, tmp_path, classes):
        matrix = np.diag(np.full(classes, 1_000)) + np.eye(classes, k=1, dtype=int) * 7
        names = [f"class {number}" for number in range(classes)]
        plot_confusion(matrix, names, tmp_path / "confusion.png", "mistakes")
        assert max(opened(tmp_path / "confusion.png").size) <= 3200
        assert distinct_colours(tmp_path / "confusion.png") > 20
        assert (coloured_pixels(tmp_path / "confusion.png") > 0) == (classes > 1)

    def test_colour_is_for_mistakes_only(self, tmp_path):
        names = [str(digit) for digit in range(10)]
        right = np.diag(np.full(10, 980))
        plot_confusion(right, names, tmp_path / "right.png", "no mistakes")
        assert coloured_pixels(tmp_path / "right.png") == 0
        wrong = right.copy()
        wrong[4, 9] = 12
        plot_confusion(wrong, names, tmp_path / "wrong.png", "12 mistakes")
        assert coloured_pixels(tmp_path / "wrong.png") > 2_000

    def test_nothing_tested(self, tmp_path):
        plot_confusion(np.zeros((3, 3), dtype=int), ["a", "b", "c"], tmp_path / "confusion.png", "nothing")
        assert coloured_pixels(tmp_path / "confusion.png") == 0

    def test_names_and_matrix_must_agree(self, tmp_path):
        with pytest.raises(ArgumentError, match=r"one row and one column.*3 names"):
            plot_confusion(np.zeros((2, 2), dtype=int), ["a", "b", "c"], tmp_path / "confusion.png", "wrong")
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        "names",
        [
            ["手写数字", "另一个非常非常非常长的类别名称用来测试"],
            ["a name that goes on and on and on: one", "a name that goes on and on and on: two"],
            ["$x^2$", "line\nbreak\tand tab"],
            ["", "\u0000\ue000"],
            [r"\frac{", "<script>"],
        ],
    )
    def test_any_name_is_drawn_without_a_warning(self, tmp_path, names):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            plot_confusion(np.array([[9, 1], [0, 9]]), names, tmp_path / "confusion.png", names[0])
        assert distinct_colours(tmp_path / "confusion.png") > 20


class TestGallery:
    @pytest.mark.parametrize("number", [0, 1, 7, 64])
    def test_any_number_of_pictures(self, tmp_path, number):
        images = np.random.default_rng(1).integers(0, 256, (number, 28, 28), dtype=np.uint8)
        plot_gallery(images, ["5 -> 3  99 %"] * number, tmp_path / "gallery.png", "worst mistakes")
        width, height = opened(tmp_path / "gallery.png").size
        assert 400 <= width <= 1200
        assert height <= 2400
        assert distinct_colours(tmp_path / "gallery.png") > (200 if number else 10)

    def test_pixels_stay_squares_of_one_colour(self, tmp_path):
        image = np.array([[[0, 255], [255, 0]]], dtype=np.uint8)
        plot_gallery(image, ["checks"], tmp_path / "gallery.png", "nearest neighbour")
        picture = np.asarray(opened(tmp_path / "gallery.png").convert("L"))[70:200, 24:170]
        assert np.isin(picture, (0, 255)).mean() > 0.95

    def test_colour(self, tmp_path):
        images = np.zeros((2, 20, 30, 3), dtype=np.uint8)
        images[..., 1] = 200
        plot_gallery(images, ["green", "green"], tmp_path / "gallery.png", "colour")
        assert pixels_of(tmp_path / "gallery.png", (0, 200, 0)) > 10_000

    def test_a_single_channel_is_grey(self, tmp_path):
        images = np.random.default_rng(1).integers(0, 256, (3, 28, 28), dtype=np.uint8)
        plot_gallery(images, ["x"] * 3, tmp_path / "flat.png", "grey")
        plot_gallery(images[..., np.newaxis], ["x"] * 3, tmp_path / "channel.png", "grey")
        assert (tmp_path / "flat.png").read_bytes() == (tmp_path / "channel.png").read_bytes()

    def test_each_picture_has_a_caption(self, tmp_path):
        with pytest.raises(ArgumentError, match="2 pictures and 1 captions"):
            plot_gallery(np.zeros((2, 8, 8), dtype=np.uint8), ["one"], tmp_path / "gallery.png", "wrong")

    @pytest.mark.parametrize(
        "images", [np.zeros((2, 8, 8)), np.zeros((2, 8), np.uint8), np.zeros((2, 8, 8, 4), np.uint8)]
    )
    def test_only_pictures(self, tmp_path, images):
        with pytest.raises(ArgumentError, match="8-bit pixels"):
            plot_gallery(images, ["a", "b"], tmp_path / "gallery.png", "wrong")

    def test_a_folder_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(RunError, match="folder that can be written"):
            plot_gallery(np.zeros((0, 8, 8), dtype=np.uint8), [], tmp_path / "file" / "gallery.png", "none")


class TestSamples:
    @pytest.mark.parametrize(("classes", "colour"), [(2, False), (10, True), (70, False)])
    def test_any_number_of_classes(self, tmp_path, classes, colour):
        random = np.random.default_rng(2)
        shape = (300, 28, 28, 3) if colour else (300, 28, 28)
        images = random.integers(0, 256, shape, dtype=np.uint8)
        labels = random.integers(0, classes - 1, 300)  # the last class has none
        plot_samples(images, labels, [f"letter {number}" for number in range(classes)], tmp_path / "samples.png")
        assert max(opened(tmp_path / "samples.png").size) < 3200
        assert distinct_colours(tmp_path / "samples.png") > 100

    def test_each_image_has_a_label(self, tmp_path):
        with pytest.raises(ArgumentError, match="one label for each image"):
            plot_samples(np.zeros((3, 8, 8), np.uint8), np.zeros((3, 2), int), ["a", "b"], tmp_path / "samples.png")


class TestLettering:
    def test_arrows_dollars_and_what_no_font_has(self):
        assert fitting_text("5 -> 3  99 %", 20, ONLY_LATIN) == "5 → 3  99 %"
        assert fitting_text("$5$", 20, ONLY_LATIN) == r"\$5\$"
        assert fitting_text("a 手 b", 20, ONLY_LATIN) == "a □ b"

    def test_long_text_is_cut_by_columns(self):
        assert fitting_text("Ankle boot", 6, ONLY_LATIN) == "Ankle…"
        assert fitting_lines("Ankle boot -> Sneaker  99 %", 13, 3) == "Ankle boot →\nSneaker 99 %"
        assert fitting_lines("a b c d e f", 3, 2) == "a b\nc…"

    def test_labels_stay_different(self):
        assert class_labels(["手", "写"], 9, ONLY_LATIN) == ["class 0", "class 1"]
        assert class_labels(["same start 1", "same start 2", "other"], 8, ONLY_LATIN) == ["0 same…", "1 same…", "other"]


def test_threads_draw_at_the_same_time(tmp_path):
    history = history_of(12)
    plot_history(history, tmp_path / "alone.png", "threads")
    threads = [
        threading.Thread(target=plot_history, args=(history, tmp_path / f"{number}.png", "threads"))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = (tmp_path / "alone.png").read_bytes()
    assert [(tmp_path / f"{number}.png").read_bytes() == expected for number in range(4)] == [True] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.png", "1.png", "2.png", "3.png", "alone.png"]

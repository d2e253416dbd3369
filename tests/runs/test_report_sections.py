import math

import numpy as np
import pytest

from scribal.models import load_model
from scribal.runs.evaluation import Evaluation
from scribal.runs.pages import lay_out_chart, number_axis, percent_axis, whole_axis
from scribal.runs.pages.charts import Line
from scribal.runs.report.calibration import calibration_chart, calibration_of
from scribal.runs.report.classes import class_rows
from scribal.runs.report.intervals import accuracy_interval
from scribal.runs.report.pictures import cells_of, doubtful_answers, pixels_of, worst_mistakes
from scribal.runs.speed import measure_speed


def evaluation_of(labels, probabilities):
    probabilities = np.asarray(probabilities, np.float32)
    names = tuple("abcdefghijklmnopqrstuvwxyz"[: probabilities.shape[1]])
    return Evaluation(np.asarray(labels), probabilities, names, 0.0)


def test_wilson_interval():
    # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
    # table I: 81 of 263 and 15 of 148 by the score method without continuity correction.
    for right, total, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        interval = accuracy_interval(right, total)
        assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)
    assert accuracy_interval(4, 4) is None
    assert accuracy_interval(100, 100).high == 1


def test_precision_recall_and_f1():
    #              taken for a, b, c; c never occurs, and nothing is taken for it
    confusion = np.array([[30, 10, 0], [20, 40, 0], [0, 0, 0]])
    first, second, third = class_rows(confusion, "abc")
    assert (first.recall, first.precision) == pytest.approx((0.75, 0.6))
    assert first.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert (first.total, first.wrong, first.taken_for) == (40, 10, "b")
    assert second.interval.low < 40 / 60 < second.interval.high
    assert third.total == 0
    assert math.isnan(third.recall)
    assert math.isnan(third.precision)


def test_expected_calibration_error_by_hand():
    # 60 answers with confidence 0.9, of which 45 are right; 40 with 0.6, of which 30 are: 0.6 * 0.15 + 0.4 * 0.15.
    labels = np.concatenate([np.zeros(45), np.ones(15), np.zeros(30), np.ones(10)]).astype(int)
    calibration = calibration_of(evaluation_of(labels, [[0.9, 0.1]] * 60 + [[0.6, 0.4]] * 40))
    assert calibration.error == pytest.approx(0.15)
    assert [one.count for one in calibration.bins] == [40, 60]
    chart = calibration_chart(calibration)
    assert [reading["heading"].split(", ")[1] for reading in chart.readings] == ["40 answers", "60 answers"]


@pytest.mark.parametrize("sure", [1.0, 0.5])
def test_confidence_at_the_edges_has_a_bin(sure):
    calibration = calibration_of(evaluation_of([0] * 100, [[sure, 1 - sure]] * 100))
    assert calibration.error == pytest.approx(1 - sure)


def test_too_few_answers_are_not_judged():
    assert calibration_of(evaluation_of([0] * 99, [[1, 0]] * 99)) is None


def test_pictures_behind_each_cell_and_in_doubt():
    labels = [0, 0, 0, 1, 1]
    evaluation = evaluation_of(labels, [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7], [0.95, 0.05]])
    pixels = np.zeros((5, 8, 8), np.uint8)
    cells = {(cell.true, cell.predicted): cell for cell in cells_of(evaluation, pixels)}
    assert list(cells) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert cells[0, 0].heading == "a answered right: 2 times"
    assert [shown.description.split(":")[0] for shown in cells[0, 0].pictures] == ["Test image 1", "Test image 0"]
    assert cells[1, 0].heading == "b taken for a: once"
    assert [shown.caption.split()[0] for shown in worst_mistakes(evaluation, pixels)] == ["b", "a"]
    assert [shown.description.split(":")[0] for shown in doubtful_answers(evaluation, pixels)] == [
        f"Test image {place}" for place in (1, 3, 0)
    ]


@pytest.mark.parametrize(("classes", "linked"), [(10, 100), (26, 590), (60, 590)])
def test_a_page_of_very_many_mistakes_stays_small(classes, linked):
    generator = np.random.default_rng(0)
    labels, predictions = generator.integers(0, classes, (2, 10_000))
    names = tuple(map(str, range(classes)))
    evaluation = Evaluation(labels, np.eye(classes, dtype=np.float32)[predictions], names, 0.0)
    noise = generator.integers(0, 256, (10_000, 28, 28), dtype=np.uint8)
    cells = cells_of(evaluation, noise)
    assert linked <= len(cells) <= classes**2
    assert all(cell.pictures for cell in cells)
    assert sum(len(shown.address) for cell in cells for shown in cell.pictures) < 1_500_000


@pytest.mark.parametrize("engine", ["native", "keras"])
def test_speed_is_that_of_who_answers(finished_run, engine):
    loaded = load_model(finished_run)
    images = np.zeros((100, 28, 28), np.uint8)
    speed = measure_speed(loaded, images, engine)
    assert speed.engine == engine
    assert min(speed.images_per_second, speed.latency) > 0
    assert measure_speed(loaded, images[:99], engine) is None


@pytest.mark.parametrize("brightest", [1.0, 255.0])
def test_floats_become_pixels(brightest):
    images = np.linspace(0, brightest, 32, dtype=np.float32).reshape(2, 4, 4)
    pixels = pixels_of(images)
    assert pixels.dtype == np.uint8
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert pixels_of(np.zeros((5, 3), np.float32)) is None


@pytest.mark.parametrize(
    ("axis", "labels"),
    [
        (whole_axis(range(1, 5)), ["1", "2", "3", "4"]),
        (whole_axis(range(1, 21)), ["1", "5", "10", "15", "20"]),
        (whole_axis([1]), ["1"]),
        (whole_axis([1, 20_000]), ["1", "5,000", "10,000", "15,000", "20,000"]),
        (percent_axis([0.985, 0.9855]), ["98.3 %", "98.4 %", "98.5 %", "98.6 %", "98.7 %", "98.8 %"]),
        (percent_axis([1.0, 1.0]), ["99.6 %", "99.7 %", "99.8 %", "99.9 %", "100.0 %"]),
        (number_axis([0.1, 0.6]), ["0", "0.2", "0.4", "0.6"]),
        (number_axis([1e-4, 1.0]), ["0.0001", "0.001", "0.01", "0.1", "1"]),
        (number_axis([math.nan, 2.0]), ["2", "2.005", "2.01", "2.015", "2.02"]),
    ],
)
def test_axes_have_round_numbers(axis, labels):
    assert [label for _, label in axis.ticks] == labels
    assert all(-1e-9 <= axis.place(value) <= 1 + 1e-9 for value, _ in axis.ticks)


def test_a_gap_parts_a_curve_and_a_lonely_point_is_marked():
    values = [1.0, 2.0, math.nan, *([1.0] * 40), math.inf, 3.0, math.nan]
    epochs = range(1, len(values) + 1)
    line = Line(name="loss", x=list(epochs), y=values)
    chart = lay_out_chart(
        "loss", [line], whole_axis(epochs), number_axis(values), x_name="epoch", x_heading=lambda x: f"epoch {x}"
    )
    (curve,) = chart.curves
    assert [len(part.split()) for part in curve["parts"]] == [2, 40]
    assert len(curve["marks"]) == 1
    assert len(chart.readings) == 43
    widths = [reading["band"][1] for reading in chart.readings]
    assert min(widths) > 0
    assert sum(widths) == pytest.approx(chart.box[2] - chart.box[0], abs=3)

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

import scribal
from scribal.data.transforms import shift
from scribal.exceptions import DataError
from scribal.explaining.studies.mean_image import mean_image
from scribal.explaining.studies.robustness import mean_corruption_error
from scribal.explaining.studies.robustness_findings import range_finding, shift_findings, sure_radius, sure_range
from scribal.explaining.studies.subjects import earlier_run, find_subjects
from scribal.runs.progress import SilentProgress

SAMPLES = 40


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("studied") / "runs"


@pytest.fixture(scope="module")
def dataset(small_mnist):
    return scribal.load_dataset(small_mnist)


@pytest.fixture(scope="module")
def study(runs, small_mnist, finished_run):
    """The whole study of a dense network, trained for it, and of a convolutional one that was trained before."""
    networks = ["mlp", finished_run]
    out = runs.parent / "shift"
    return scribal.study_shift(networks, data=small_mnist, epochs=6, samples=SAMPLES, runs=runs, out=out)


class Notes(SilentProgress):
    """Keeps what a training would tell."""

    def __init__(self):
        self.lines = []

    def note(self, text):
        self.lines.append(text)


def shares(text):
    return [float(number) / 100 for number in re.findall(r"([\d.]+) %", text)]


def test_a_study_writes_a_page_pictures_numbers_and_a_record(study):
    names = {path.name for path in study.folder.iterdir()}
    assert {f"{name}.csv" for name in study.tables} < names
    assert {"study.html", "study.json", "answers.png", "mean-image.png", "shifts.png", "curves.png"} < names
    for name, table in study.tables.items():
        assert len(pd.read_csv(study.folder / f"{name}.csv")) == len(table)


def test_the_mean_one_is_a_one_and_moved_it_is_not_for_a_dense_network(study, runs, dataset):
    """The tutorials' experiment: sure in place, less so beside it, and then another answer."""
    rows = study.tables["mean-image"].query("subject == 'mlp'").set_index("columns")
    assert rows.loc[0, "answer"] == "1"
    assert rows.loc[0, "probability"] > 0.5
    assert rows.loc[0, "probability"] > rows.loc[-1, "probability"] > rows.loc[-3, "probability"]
    assert rows.loc[4, "answer"] != "1"
    mean = dataset.x_train[dataset.y_train == 1].mean(axis=0)
    for columns in (-1, 0, 2, 3):
        asked = scribal.predict(runs / "mlp", np.roll(mean, columns, axis=1))
        assert rows.loc[columns, "probability"] == pytest.approx(asked.probabilities[0, 1], abs=1e-4)


def test_a_class_that_never_occurs_has_no_mean(dataset):
    named = dataclasses.replace(dataset, class_names=(*dataset.class_names, "ten"))
    with pytest.raises(DataError, match="none of ten in small"):
        mean_image(named, "ten")


@pytest.mark.parametrize("subject", ["mlp", "lenet"])
def test_the_text_on_the_mean_image_says_what_the_numbers_are(study, subject):
    text = next(line for line in study.findings if line.startswith(f"{subject} gives the mean"))
    rows = study.tables["mean-image"].query("subject == @subject").set_index("columns")
    for columns in (0, -1, 2, 3):
        probability = rows.loc[columns, "probability"]
        assert min(abs(share - probability) for share in shares(text)) < 1.1e-3
        assert rows.loc[columns, "answer"] == "1" or f"answers {rows.loc[columns, 'answer']}," in text


def test_the_middle_of_the_grid_is_the_accuracy_in_place(study, runs, dataset):
    chosen = np.arange(SAMPLES) * len(dataset.x_test) // SAMPLES
    images, labels = dataset.x_test[chosen], dataset.y_test[chosen]
    asked = scribal.predict(runs / "mlp", images)
    shifts = study.tables["shifts"].query("subject == 'mlp'").set_index(["rows", "columns"])
    assert len(shifts) == 17 * 17
    assert shifts.loc[(0, 0), "accuracy"] == (asked.classes == labels).mean()
    assert shifts.loc[(0, 0), "confidence"] == pytest.approx(asked.confidences.mean(), abs=1e-6)
    moved = scribal.predict(runs / "mlp", shift(images, -3, 2))
    assert shifts.loc[(-3, 2), "accuracy"] == (moved.classes == labels).mean()
    for table, column, origin in (
        ("rotations", "degrees", 0),
        ("scales", "factor", 1),
        ("corruptions", "corruption", "none"),
    ):
        in_place = study.tables[table].query("subject == 'mlp'").set_index(column).loc[origin, "accuracy"]
        assert in_place == shifts.loc[(0, 0), "accuracy"]


def test_a_recipe_is_not_trained_again_for_the_same_settings(study, runs, small_mnist, dataset):
    notes = Notes()
    found = find_subjects(["mlp"], dataset, data=small_mnist, epochs=6, seed=0, runs=runs, progress=notes)
    assert found[0].origin == str(runs / "mlp")
    assert notes.lines == [f"mlp: trained before, in {runs / 'mlp'}"]


def test_a_damaged_run_beside_is_passed_by(study, runs, dataset):
    (runs / "damaged").mkdir()
    (runs / "damaged" / "run.json").write_text("{", encoding="utf-8")
    assert earlier_run("mlp", dataset, epochs=6, seed=0, runs=runs).path == runs / "mlp"


def test_other_settings_or_data_are_another_run(study, runs, dataset):
    same = earlier_run("mlp", dataset, epochs=6, seed=0, runs=runs)
    assert same.path == runs / "mlp"
    assert earlier_run("mlp", dataset, epochs=5, seed=0, runs=runs) is None
    assert earlier_run("mlp", dataset, epochs=6, seed=1, runs=runs) is None
    assert earlier_run("lenet", dataset, epochs=6, seed=0, runs=runs) is None
    assert earlier_run(scribal.find_recipe("mlp"), dataset, epochs=6, seed=0, runs=runs).path == runs / "mlp"
    less = dataclasses.replace(dataset, x_train=dataset.x_train[1:], y_train=dataset.y_train[1:])
    assert earlier_run("mlp", less, epochs=6, seed=0, runs=runs) is None


def test_models_of_any_kind_can_be_studied_and_keep_names_apart(dataset, finished_run, tmp_path):
    loaded = scribal.load_model(finished_run)
    networks = [finished_run, finished_run / "model.keras", finished_run / "model.h5", loaded.model, loaded]
    subjects = find_subjects(networks, dataset, data=None, epochs=1, seed=0, runs=tmp_path, progress=SilentProgress())
    assert [subject.name for subject in subjects] == ["lenet", "model", "model (2)", "lenet (2)", "lenet (3)"]
    answers = [subject.answers(dataset.x_test[:5]).probabilities for subject in subjects]
    for other in answers[1:]:
        np.testing.assert_allclose(other, answers[0], atol=1e-5)


def test_the_page_loads_in_a_browser_and_shows_every_picture(study, browser_page):
    page = browser_page.open(study.page)
    assert page.locator("h1").inner_text() == "What shifted digits do to networks"
    widths = page.eval_on_selector_all("figure img", "pictures => pictures.map(picture => picture.naturalWidth)")
    assert len(widths) == 5
    assert min(widths) > 300
    text = page.locator("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert all(finding in text for finding in study.findings)


def grid(accuracy):
    places = [(rows, columns) for rows in range(-8, 9) for columns in range(-8, 9)]
    return pd.DataFrame(
        {
            "subject": "net",
            "rows": [rows for rows, _ in places],
            "columns": [columns for _, columns in places],
            "accuracy": [accuracy(rows, columns) for rows, columns in places],
            "confidence": 0.8,
        }
    )


@pytest.mark.parametrize(
    ("accuracy", "radius", "says"),
    [
        (lambda rows, columns: 1.0 if max(abs(rows), abs(columns)) <= 3 else 0.1, 3, "up to 3 pixels in any direction"),
        (lambda _, columns: 1.0 if columns > -2 else 0.1, 1, "up to 1 pixel in any direction"),
        (lambda rows, columns: 1.0 if rows == columns == 0 else 0.1, 0, "as soon as images move by a pixel"),
        (lambda *_: 0.5, -1, "falls short of 90 % even in place"),
    ],
)
def test_how_far_a_network_stands_shifts_is_read_from_the_grid(accuracy, radius, says):
    table = grid(accuracy)
    assert sure_radius(table) == radius
    assert says in shift_findings(table)[0]


def test_the_most_wrongly_sure_place_is_named():
    table = grid(lambda rows, columns: 0.05 if (rows, columns) == (-2, 5) else 0.95)
    said = shift_findings(table)[0]
    assert "most wrongly sure 2 pixels up and 5 pixels right: 5.0 % right, with a mean confidence of 80.0 %" in said


@pytest.mark.parametrize(
    ("accuracies", "expected", "says"),
    [
        ([0.1, 0.95, 1.0, 0.95, 0.2], (-10, 10), "net from \N{MINUS SIGN}10° to +10°"),
        ([0.95, 0.1, 1.0, 0.95, 0.95], (0, 20), "net from 0° to +20°"),
        ([0.95, 0.95, 0.5, 0.95, 0.95], None, "net nowhere"),
    ],
)
def test_the_range_is_the_one_around_the_origin(accuracies, expected, says):
    table = pd.DataFrame({"subject": "net", "degrees": [-20, -10, 0, 10, 20], "accuracy": accuracies})
    assert sure_range(table, "degrees", 0) == expected
    assert says in range_finding(table, "degrees", 0, "°", "Rotated")


def test_the_mean_corruption_error_is_the_mean_of_ratios():
    table = pd.DataFrame(
        {
            "subject": ["a"] * 3 + ["b"] * 3,
            "corruption": ["none", "fog", "stripe"] * 2,
            "accuracy": [0.9, 0.5, 0.8, 0.95, 0.75, 0.95],
        }
    )
    errors = mean_corruption_error(table, "a").set_index("subject")
    assert errors.loc["a", "mean_corruption_error"] == pytest.approx(1)
    assert errors.loc["b", "mean_corruption_error"] == pytest.approx((0.25 / 0.5 + 0.05 / 0.2) / 2)
    assert errors.loc["b", "clean_error"] == pytest.approx(0.05)
    assert errors.loc["b", "mean_error"] == pytest.approx(0.15)


def test_a_baseline_without_mistakes_has_no_ratio():
    table = pd.DataFrame({"subject": ["a", "b"], "corruption": "fog", "accuracy": [1.0, 0.5]})
    table = pd.concat([table, table.assign(corruption="none")])
    assert mean_corruption_error(table, "a")["mean_corruption_error"].isna().all()

import pandas as pd
import pytest

import scribal
from scribal.exceptions import ArgumentError, RunError
from scribal.explaining.studies.folder import choose_folder, clear_folder
from scribal.explaining.studies.size import small_cnn
from scribal.explaining.studies.size_page import means_over_seeds, size_sections
from scribal.files import write_json
from scribal.runs.progress import SilentProgress


@pytest.fixture(scope="module")
def study(small_mnist, tmp_path_factory):
    out = tmp_path_factory.mktemp("size") / "study"
    return scribal.study_size((1, 2), images=[200, 2000], data=small_mnist, epochs=1, repeats=1, seed=4, out=out)


def test_every_training_is_in_the_table(study):
    table = study.tables["trainings"]
    assert list(table[table["varied"] == "parameters"]["width"]) == [1, 2]
    assert set(table[table["varied"] == "images"]["images"]) == {200, 2000}
    epochs = table[table["varied"] == "epochs"]
    assert list(epochs["epochs"]) == [1, 2, 3, 4]
    assert epochs["seconds"].is_monotonic_increasing
    assert epochs["accuracy"].iloc[-1] > max(epochs["accuracy"].iloc[0], 0.3)
    assert set(table["seed"]) == {4}
    assert (table["seconds"] > 0).all()


def test_all_trainings_of_less_data_take_as_many_steps(study):
    table = study.tables["trainings"].query("varied == 'images'")
    assert set(table["images"] * table["epochs"]) == {2000}


def test_the_same_training_gives_the_same_accuracy_in_every_part(study):
    same = study.tables["trainings"].query("width == 2 and images == 2000 and epochs == 1")
    assert set(same["varied"]) == {"parameters", "images", "epochs"}
    assert len(set(same["accuracy"])) == 1


def test_a_network_of_the_family_has_the_parameters_that_its_width_says():
    width = 5
    expected = width * 9 + width + 2 * width * width * 9 + 2 * width + 10 * (2 * width * 25) + 10
    assert small_cnn(width).build((28, 28, 1)).count_params() == expected


def test_the_page_and_its_pictures_are_there(study):
    names = {path.name for path in study.folder.iterdir()}
    assert names == {"study.html", "study.json", "trainings.csv", "accuracy.png", "seconds.png"}


def test_an_earlier_study_is_replaced_when_asked_and_nothing_of_it_stays(tmp_path):
    out = tmp_path / "study"
    out.mkdir()
    for name in ("study.html", "frozen.png", "shifts.csv", "mine.png"):
        (out / name).touch()
    write_json(out / "study.json", {"files": ["frozen.png", "shifts.csv", "gone.png", "../mine.txt"]})
    (tmp_path / "mine.txt").touch()
    with pytest.raises(RunError, match=r"which holds frozen\.png"):
        choose_folder("size", out, force=False)
    clear_folder(choose_folder("size", out, force=True))
    assert [path.name for path in out.iterdir()] == ["mine.png"]
    assert (tmp_path / "mine.txt").is_file()


def test_the_text_says_what_the_numbers_are():
    rows = [
        ("parameters", 100, 1000, 1, 0.90, 1.0),
        ("parameters", 200, 1000, 1, 0.976, 2.0),
        ("parameters", 400, 1000, 1, 0.98, 8.0),
        ("images", 200, 100, 10, 0.90, 2.0),
        ("images", 200, 1000, 1, 0.98, 2.0),
        ("epochs", 200, 1000, 1, 0.95, 1.0),
        ("epochs", 200, 1000, 2, 0.99, 2.0),
        ("epochs", 200, 1000, 3, 0.991, 3.0),
    ]
    columns = ["varied", "parameters", "images", "epochs", "accuracy", "seconds"]
    table = pd.DataFrame(rows, columns=columns)
    said = [finding for section in size_sections(table) for finding in section.findings]
    assert "From 100 to 400 parameters the accuracy goes from 90.0 % to 98.0 %; 200 are enough" in said[0]
    assert "ten times as many images leave, on average, 0.20 of the errors" in said[1]
    assert "After the first epoch it is 95.0 %, after 3 epochs 99.1 %" in said[2]
    assert "from epoch 2 on" in said[2]
    assert said[3] == "4 times as many parameters took 8.0 times as long: 8.0 s instead of 1.0 s."


def test_of_a_single_value_no_growth_is_told():
    rows = [
        ("parameters", 100, 1000, 1, 0.9, 1.0),
        ("images", 100, 500, 2, 0.8, 2.0),
        ("epochs", 100, 1000, 1, 0.9, 1.0),
    ]
    table = pd.DataFrame(rows, columns=["varied", "parameters", "images", "epochs", "accuracy", "seconds"])
    said = [finding for section in size_sections(table) for finding in section.findings]
    assert said[:2] == ["With 100 parameters the accuracy is 90.0 %.", "With 500 images it is 80.0 %."]
    assert said[3] == "With 100 parameters training took 1.0 s."


class Interrupting(SilentProgress):
    """Presses Ctrl-C when so many trainings have been told of."""

    def __init__(self, trainings):
        self.left = trainings

    def note(self, text):
        self.left -= len(text) > 0
        if not self.left:
            raise KeyboardInterrupt


@pytest.mark.parametrize(("trainings", "seeds"), [(2, None), (4, [0])])
def test_ctrl_c_leaves_a_whole_study_of_the_seeds_that_are_done(small_mnist, tmp_path, trainings, seeds):
    out = tmp_path / "size"
    with pytest.raises(KeyboardInterrupt):
        scribal.study_size((1,), images=[2000], data=small_mnist, epochs=1, out=out, progress=Interrupting(trainings))
    assert out.exists() is (seeds is not None)
    if seeds:
        assert sorted(set(pd.read_csv(out / "trainings.csv")["seed"])) == seeds
        assert "--repeats 1" in (out / "study.json").read_text(encoding="utf-8")


def test_seeds_are_averaged():
    table = pd.DataFrame({"varied": "epochs", "epochs": [1, 1], "accuracy": [0.8, 0.9], "seconds": [1.0, 3.0]})
    assert means_over_seeds(table, "epochs").to_dict("records") == [
        {"value": 1, "accuracy": pytest.approx(0.85), "least": 0.8, "most": 0.9, "seconds": 2.0}
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"widths": []}, r"widths=\[\]"),
        ({"widths": [0]}, r"widths=\[0\]"),
        ({"widths": [2.5]}, r"widths=\[2.5\]"),
        ({"images": [5]}, "from 10 to 2,000"),
        ({"images": [3000]}, "from 10 to 2,000"),
        ({"epochs": 0}, r"epochs=\[0\]"),
        ({"repeats": True}, r"repeats=\[True\]"),
    ],
)
def test_wrong_numbers_are_refused_before_anything_is_trained(small_mnist, tmp_path, options, says):
    with pytest.raises(ArgumentError, match=says):
        scribal.study_size(data=small_mnist, out=tmp_path / "size", **options)
    assert not (tmp_path / "size").exists()

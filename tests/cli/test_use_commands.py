"""``scribal evaluate``, ``predict``, ``errors`` and ``convert`` as processes, on a trained network."""

import csv
import io
import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

FORMS = ["", "model.keras", "model.h5", "architecture.json"]


@pytest.mark.parametrize("form", FORMS)
def test_predict_takes_every_form(scribal_here, finished_run, seven, form):
    ended = scribal_here("predict", finished_run / form, seven, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["digit"] == "7"
    assert ended.json["confidence"] > 0.5
    assert sum(ended.json["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert list(ended.json["probabilities"]) == list("0123456789")
    assert ended.err == ""


def test_predict_reads_every_kind_of_picture(scribal_here, finished_run, seven, tmp_path):
    picture = Image.open(seven)
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.paste((20, 20, 120, 255), mask=Image.eval(picture, lambda value: 255 - value))
    kinds = {
        "a.jpg": picture,
        "b.webp": picture,
        "c.bmp": picture,
        "d.tiff": picture,
        "e.gif": picture,
        "palette.png": picture.convert("P"),
        "alpha.png": clear,
        "sixteen.png": Image.fromarray(np.asarray(picture).astype(np.uint16) * 257),
    }
    for name, image in kinds.items():
        image.save(tmp_path / name)
    turned = Image.Exif()
    turned[0x0112] = 6
    picture.rotate(90, expand=True).save(tmp_path / "turned.jpg", exif=turned)
    files = [*kinds, "turned.jpg"]
    ended = scribal_here("predict", finished_run, *files, "--csv")
    assert ended.code == 0, ended.err
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [row["file"] for row in rows] == files
    assert [row["digit"] for row in rows] == ["7"] * len(files)
    assert "p(9)" in rows[0]


def test_predict_for_people(scribal, finished_run, seven, tmp_path):
    Image.new("L", (40, 40), 255).save(tmp_path / "blank 七.png")
    for encoding in ("utf-8", "ascii"):
        ended = scribal(
            "predict", finished_run, seven, "blank 七.png", PYTHONIOENCODING=encoding, COLUMNS="80", LC_ALL="C.UTF-8"
        )
        assert ended.code == 0, ended.err
        lines = ended.out.splitlines()
        assert lines[0].startswith(f"{seven}: 7  confidence ")
        assert lines[1].split()[:2] == ["0", "0.000"]
        assert lines[1].split()[-2] == "9"
        assert "nothing is written on it" in lines[2]


def test_output_to_a_full_disk_is_one_line(finished_run, seven):
    import subprocess

    from command_line import SCRIBAL

    command = f"{SCRIBAL} predict {finished_run} {seven} --json > /dev/full"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "No space left" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_evaluate(scribal_here, finished_run, small_mnist):
    metrics = json.loads((finished_run / "metrics.json").read_text())
    ended = scribal_here("evaluate", finished_run, "--json")
    assert ended.json["accuracy"] == metrics["test_accuracy"]
    assert ended.json["loss"] == pytest.approx(metrics["test_loss"])
    assert np.sum(ended.json["confusion"]) == ended.json["samples"] == 500
    whole = scribal_here("evaluate", finished_run / "model.h5", "--data", "mnist")
    assert "of 10,000 wrong" in whole.out
    train = scribal_here("evaluate", finished_run, "--split", "train", "--json")
    assert train.json["samples"] == 2000


def test_errors_are_filtered_and_drawn(scribal_here, finished_run, tmp_path):
    mistakes = json.loads(scribal_here("errors", finished_run, "--json").out)
    metrics = json.loads((finished_run / "metrics.json").read_text())
    assert len(mistakes) == metrics["test_errors"] > 0
    confidences = [mistake["confidence"] for mistake in mistakes]
    assert confidences == sorted(confidences, reverse=True)
    true, predicted = mistakes[0]["label"], mistakes[0]["prediction"]
    some = scribal_here(
        "errors", finished_run, "--true", true, "--predicted", predicted, "--csv", "--gallery", tmp_path / "some.png"
    )
    rows = list(csv.DictReader(io.StringIO(some.out)))
    assert {(row["label"], row["prediction"]) for row in rows} == {(true, predicted)}
    with Image.open(tmp_path / "some.png") as gallery:
        assert gallery.width > 100
    computed = json.loads(scribal_here("errors", finished_run / "model.keras", "--json").out)
    assert [row["index"] for row in computed] == [row["index"] for row in mistakes]


def test_convert_to_a_form_that_plain_keras_loads(scribal_here, finished_run, tmp_path):
    ended = scribal_here("convert", finished_run, "converted.h5")
    assert ended.code == 0, ended.err
    assert ended.out.strip() == "converted.h5"
    x = np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32)
    first, second = (
        keras.models.load_model(path) for path in (finished_run / "model.keras", tmp_path / "converted.h5")
    )
    np.testing.assert_array_equal(first.predict(x, verbose=0), second.predict(x, verbose=0))
    assert scribal_here("convert", finished_run, "converted.h5").teaches("--force")
    assert scribal_here("convert", finished_run, "converted.h5", "--force").code == 0
    assert scribal_here("convert", finished_run, "converted.docx").code == 2


def test_a_foreign_model_is_asked_how_its_pixels_are_scaled(scribal_here, seven, tmp_path):
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])
    model.save(tmp_path / "foreign.keras")
    ended = scribal_here("predict", "foreign.keras", seven, "--json")
    assert ended.code == 0
    assert "--scale" in ended.err
    assert scribal_here("predict", "foreign.keras", seven, "--json", "--scale", 1).err == ""


@pytest.fixture
def damaged(finished_run, tmp_path):
    """Models and pictures of every bad kind."""
    whole = (finished_run / "model.keras").read_bytes()
    files = {
        "empty.keras": b"",
        "half.keras": whole[: len(whole) // 2],
        "half.h5": (finished_run / "model.h5").read_bytes()[:5000],
        "foreign.h5": b"PK\x03\x04 no model",
        "other.json": b'{"a": 1}',
        "empty.png": b"",
        "text.png": b"this is no picture",
        "half.png": None,
    }
    for name, content in files.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200), np.uint8)).save(tmp_path / "noise.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "noise.png").read_bytes()[:9000])
    Image.new("1", (10_001, 10_000)).save(tmp_path / "huge.png")
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "name", ["missing.keras", "empty.keras", "half.keras", "half.h5", "foreign.h5", "other.json", "folder"]
)
def test_a_bad_model_is_one_line(scribal_here, damaged, seven, name):
    assert scribal_here("predict", name, seven).teaches(name.rpartition("/")[2])


@pytest.mark.parametrize("name", ["missing.png", "empty.png", "text.png", "half.png", "huge.png", "folder"])
def test_a_bad_picture_is_one_line(scribal_here, damaged, finished_run, name):
    assert scribal_here("predict", finished_run, name).teaches(name)


@pytest.mark.parametrize(
    ("words", "taught"),
    [
        (("errors", "RUN", "--true", "x"), ("class", "'x'")),
        (("predict", "RUN", "a.png", "--json", "--csv"), ("--json and --csv",)),
        (("evaluate", "RUN", "--split", "all"), ("split", "all")),
        (("evaluate", "RUN", "--data", "nothing.npz"), ("nothing.npz",)),
        (("evaluate", "RUN", "--data", "toy"), ("shape", "(4, 3)")),
        (("predict", "RUN"), ("images",)),
        (("nonsense",), ("nonsense",)),
        (("predict", "x" * 300, "a.png"), ("too long",)),
        (("errors", "RUN", "--gallery", "some.jpg"), (".png",)),
        (("evaluate", "RUN", "--data", "mnist-10x10"), ("shape",)),
    ],
)
def test_bad_calls_are_one_line(scribal_here, finished_run, words, taught):
    words = [str(finished_run) if word == "RUN" else word for word in words]
    assert scribal_here(*words).teaches(*taught)


def test_debug_shows_the_traceback(scribal):
    ended = scribal("predict", "missing.keras", "a.png", "--debug")
    assert ended.code == 2
    assert "Traceback" in ended.err


def test_a_run_folder_that_lost_its_models_is_an_error(scribal_here, finished_run, seven, tmp_path):
    shutil.copytree(finished_run, tmp_path / "run")
    for name in ("model.keras", "model.h5", "architecture.json"):
        (tmp_path / "run" / name).unlink()
    assert scribal_here("predict", "run", seven).teaches("run")


@pytest.mark.parametrize("engine", ["native", "keras"])
def test_either_engine_answers(scribal_here, finished_run, seven, engine):
    ended = scribal_here("predict", finished_run, seven, "--json", "--engine", engine)
    assert (ended.code, ended.err) == (0, "")
    assert ended.json["digit"] == "7"


def test_it_is_said_when_keras_answers(scribal_here, seven, tmp_path):
    layers = keras.layers
    last = layers.Dense(10, activation="hard_sigmoid")
    keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), last]).save(tmp_path / "odd.keras")
    ended = scribal_here("predict", "odd.keras", seven, "--scale", "1", "--json")
    assert ended.code == 0
    assert ended.err.startswith("Keras answers, not the engine: ")
    ended = scribal_here("predict", "odd.keras", seven, "--scale", "1", "--engine", "native")
    assert ended.code == 2
    assert "activation" in ended.err

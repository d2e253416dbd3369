"""The photo doctor: what it finds on digits that were spoiled in one way, what it measures, and what it draws."""

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

import scribal
from scribal.data import load_dataset
from scribal.exceptions import ImageError, RunError
from scribal.reading.doctor import RULES, Doctor, Measures
from tools.spoiled_pictures import SPOILED, prepared, save
from written_digits import written

COUNT = 6
HARD = {"tilted": 0.3, "cut off": 0.6, "thick": 0.6, "touching": 0.5}
USUAL = 0.8


@pytest.fixture(scope="module")
def digits():
    return load_dataset("mnist").x_test[20:40]


@pytest.fixture(scope="module")
def doctor():
    return Doctor.of()


def names(diagnosis):
    return [finding.name for finding in diagnosis.findings]


def shifted(picture, across):
    return np.roll(picture, across, axis=1)


def test_nothing_is_wrong_with_mnist(doctor, digits):
    found = [names(next(doctor.pages(digit))) for digit in digits]
    assert sum(map(len, found)) <= 1
    enlarged = [names(next(doctor.pages(prepared(digit)))) for digit in digits[:COUNT]]
    assert sum(map(len, enlarged)) <= 1


@pytest.mark.parametrize("way", SPOILED[1:], ids=lambda way: way.name)
def test_what_was_spoiled_is_named_and_little_else(doctor, digits, way):
    generator = np.random.default_rng(1)
    found = []
    for digit, other in zip(digits[:COUNT], digits[-COUNT:], strict=True):
        picture = way.make(prepared(digit), prepared(other), generator)
        found.append(names(next(doctor.pages(save(picture)))))
    named = [way.finding in one for one in found]
    assert np.mean(named) >= HARD.get(way.name, USUAL)
    expected = {way.finding, "several digits"} if way.name == "touching" else {way.finding}
    others = [name for one in found for name in one if name not in expected]
    assert len(others) <= COUNT, others


@pytest.mark.parametrize(
    ("change", "quantity", "value", "tolerance"),
    [
        (lambda picture: 255 - picture, "lightness", -250, 10),
        (lambda picture: picture // 4, "contrast", 63, 3),
        (lambda picture: np.pad(picture, 112), "size", 10, 0.6),
        (lambda picture: np.pad(picture, ((0, 0), (0, 224))), "aspect", 2, 0),
        (lambda picture: picture, "size", 20, 0.6),
        (lambda picture: picture, "resolution", 160, 5),
        (lambda picture: np.maximum(picture, np.linspace(0, 80, 224)[None].astype(np.uint8)), "shade", 70, 10),
        (lambda picture: np.repeat(picture[..., None], 3, axis=2) // np.array([1, 1, 2], np.uint8), "colour", 126, 4),
    ],
)
def test_figures_are_what_was_done(doctor, digits, change, quantity, value, tolerance):
    changed = np.asarray(change(prepared(digits[0])), dtype=np.uint8)
    measured = getattr(next(doctor.pages(changed)).measures, quantity)
    assert measured == pytest.approx(value, abs=tolerance + 1e-9)


def test_a_shift_is_measured_in_pixels_of_the_network(doctor, digits):
    picture = prepared(digits[3])
    before, after = (next(doctor.pages(one)).measures.offset for one in (picture, shifted(picture, 24)))
    assert abs(after - before) <= 3.1
    assert after > 1.5


def test_before_is_what_a_tutorial_makes_of_the_file(doctor, digits, tmp_path):
    path = tmp_path / "seven.png"
    picture = Image.fromarray(255 - prepared(digits[0]))
    picture.save(path)
    diagnosis = scribal.diagnose(path)
    assert (diagnosis.before.image == np.asarray(picture.convert("L").resize((28, 28)))).all()
    hidden = np.zeros((*digits[0].shape, 4), np.uint8)
    hidden[..., 3] = digits[0]
    assert not next(doctor.pages(hidden)).before.image.any()  # black ink, and what is transparent is black, too


def test_the_same_is_found_in_a_path_bytes_a_file_and_an_array(tmp_path, digits):
    picture = 255 - prepared(digits[1])
    path = tmp_path / "digit.png"
    Image.fromarray(picture).save(path)
    with path.open("rb") as file:
        found = [scribal.diagnose(one) for one in (path, str(path), path.read_bytes(), file, picture)]
    assert len({one.measures for one in found}) == 1
    assert {tuple(names(one)) for one in found} == {("inverted",)}


def test_several_digits_are_read_as_a_page_and_the_worst_are_shown():
    diagnosis = scribal.diagnose(written("40917\n26358"))
    assert diagnosis.text == "40917\n26358"
    assert names(diagnosis)[:2] == ["several digits", "inverted"]
    assert diagnosis.measures.digits == 10
    confidences = [after.answer.confidence for _, after in diagnosis.worst]
    assert confidences == sorted(confidences)
    assert scribal.diagnose(written("40917"), single=True).reading is None


def test_lines_that_slope_are_measured():
    page = Image.fromarray(written("4091726")).rotate(12, fillcolor=245, expand=True)
    diagnosis = scribal.diagnose(np.asarray(page))
    assert diagnosis.measures.slope == pytest.approx(12, abs=1.5)
    assert "sloping lines" in names(diagnosis)


def test_everything_is_plain_values(doctor, digits):
    plain = json.loads(json.dumps(next(doctor.pages(255 - prepared(digits[0]))).as_dict(), allow_nan=False))
    assert plain["findings"][0]["name"] == "inverted"
    assert plain["findings"][0]["least"] == 0
    assert plain["measures"]["lightness"] < 0
    for when in ("before", "after"):
        answer = plain[when]
        assert answer["confidence"] + sum(share for _, share in answer["alternatives"]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("kind", ["page", "blank"])
def test_before_and_after_are_one_picture(kind, tmp_path):
    pictures = {"page": written("263"), "blank": np.zeros((40, 60), np.uint8)}
    diagnosis = scribal.diagnose(pictures[kind])
    path = diagnosis.write(tmp_path / "new" / "drawn.png")
    with Image.open(path) as drawn:
        assert drawn.width == 1440
        assert len(drawn.convert("RGB").getcolors(1 << 24)) > 20
    content = path.read_bytes()
    with pytest.raises(RunError, match="--force"):
        diagnosis.write(path)
    assert path.read_bytes() == content


def test_damaged_pictures_are_told(tmp_path):
    (tmp_path / "half.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    with pytest.raises(ImageError, match=r"half\.png"):
        scribal.diagnose(tmp_path / "half.png")


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2), (3, 300)])
def test_odd_pictures_are_looked_at(doctor, shape):
    for level in (0, 128, 255):
        assert "blank" in names(next(doctor.pages(np.full(shape, level, np.uint8))))
    noise = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert next(doctor.pages(noise)).measures.aspect == max(shape) / min(shape)


def test_the_table_of_rules_is_whole():
    quantities = {field.name for field in dataclasses.fields(Measures)}
    known = {rule.name for rule in RULES}
    assert len(known) == len(RULES)
    for rule in RULES:
        assert rule.quantity in quantities
        assert set(rule.explains) <= known
        assert rule.why
        assert rule.reason
        assert rule.done or rule.advice
        assert rule.least <= rule.most
    assert {way.finding for way in SPOILED} - {""} <= known

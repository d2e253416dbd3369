import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribal.data import Dataset, load_dataset
from scribal.exceptions import DataError


def write_table(path, images, labels, *, header, value=str):
    rows = [",".join([str(label), *map(value, image.ravel())]) for image, label in zip(images, labels, strict=True)]
    names = [",".join(["label", *(f"pixel{number}" for number in range(images[0].size))])] if header else []
    path.write_text("\n".join([*names, *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("header", [False, True])
@pytest.mark.parametrize("names", [("train.csv", "test.csv"), ("mnist_train.csv", "mnist_test.csv")])
def test_folder_with_train_and_test(tmp_path, small, assert_same, header, names):
    for name, part in zip(names, ("train", "test"), strict=True):
        write_table(tmp_path / name, small[f"x_{part}"], small[f"y_{part}"], header=header)
    wide = {part: array.astype(np.int64) if part.startswith("y") else array for part, array in small.items()}
    assert_same(load_dataset(tmp_path), wide)


@pytest.mark.parametrize("header", [False, True])
def test_one_file_is_divided_the_same_way_each_time(tmp_path, small, header):
    write_table(tmp_path / "digits.csv", small["x_train"], small["y_train"], header=header)
    dataset = load_dataset(str(tmp_path / "digits.csv"))
    assert (len(dataset.x_train), len(dataset.x_test)) == (9, 3)
    assert sorted(dataset.y_test) == [0, 1, 2]
    assert dataset.fingerprint == load_dataset(tmp_path / "digits.csv").fingerprint
    together = np.concatenate([dataset.x_train, dataset.x_test])
    assert {image.tobytes() for image in together} == {image.tobytes() for image in small["x_train"]}


def test_fractions_are_taken_back_to_pixels(tmp_path, small):
    images = small["x_train"] / 255
    write_table(tmp_path / "digits.csv", images, small["y_train"], header=True, value=repr_of_float)
    dataset = load_dataset(tmp_path / "digits.csv")
    assert dataset.x_train.dtype == np.uint8
    assert dataset.x_train.max() > 200


def repr_of_float(value):
    return f"{value:.6f}"


def test_kaggles_folder_without_test_labels_needs_train_alone(tmp_path, small):
    write_table(tmp_path / "train.csv", small["x_train"], small["y_train"], header=True)
    assert load_dataset(tmp_path).classes == 3
    (tmp_path / "test.csv").write_text(",".join(["0"] * 64) + "\n")
    with pytest.raises(DataError, match=r"give train\.csv alone"):
        load_dataset(tmp_path)


GOOD = "1,10,20,30,40\n0,1,2,3,4\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "0 bytes"),
        ("\n", "0 columns"),
        ("label,a,b,c,d\n", "no line of numbers"),
        ("1,2,3\n", "3 columns"),
        ("1;2;3;4;5\n", "1 columns"),
        ("1\n", "1 columns"),
        ("label,a,b,c,d\n" + "1,2,3,4,5,6\n" * 3, "5 columns in its first line, 6"),
        ("label,a,b,c,d\n" + "1,2,3,4\n" * 3, "5 columns in its first line, 4"),
        (GOOD + "1,2,3\n", "row 3 of the numbers"),
        (GOOD + "1,2,3,4,\n", "row 3 of the numbers"),
        (GOOD + "1,2,3,4,inf\n", "row 3 of the numbers"),
        (GOOD + "1,2,3,4,5,6\n", "whole"),
        (GOOD + "1,2,x,4,5\n", "whole"),
        (GOOD + "-1,2,3,4,5\n", "class numbers"),
        (GOOD + "0.5,2,3,4,5\n", "class numbers"),
        (GOOD + "1e30,2,3,4,5\n", "class numbers"),
        (GOOD + '"1,2,3,4,5\n', "whole"),
        ("1," * 2**20, "longer than"),
        ('"', "columns"),
    ],
)
def test_bad_tables(tmp_path, content, message):
    path = tmp_path / "digits.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        load_dataset(path)
    assert str(path) in str(caught.value)


def test_byte_order_mark_is_no_header(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_text(GOOD * 2, encoding="utf-8-sig")
    assert len(load_dataset(path).x_train) == 2


def test_a_class_with_one_line(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_text(GOOD + "0,2,3,4,5\n")
    with pytest.raises(DataError, match="class '1' has 1"):
        load_dataset(path)


@settings(max_examples=150, deadline=None)
@given(content=st.one_of(st.binary(max_size=60), st.text('01,.\n"-enaif\0 \r', max_size=60).map(str.encode)))
def test_any_content_is_read_or_refused(content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        assert isinstance(load_dataset(path), Dataset)

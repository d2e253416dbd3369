import numpy as np
import pytest
from PIL import Image

from scribal.data import load_dataset
from scribal.exceptions import DataError, ImageError


def write_picture(path, level=100, size=(12, 10)):
    path.parent.mkdir(parents=True, exist_ok=True)
    array = np.full(size, level, dtype=np.uint8)
    array[3:7, 4:6] = 255 - level
    Image.fromarray(array).save(path)


def write_classes(folder, names=("1", "2", "10"), count=5):
    for number, name in enumerate(names):
        for place in range(count):
            write_picture(folder / name / f"{place}.png", level=10 * number + place)
    return folder


def test_classes_in_natural_order_and_a_fifth_for_the_test(tmp_path):
    dataset = load_dataset(write_classes(tmp_path / "own"))
    assert dataset.name == "own"
    assert dataset.class_names == ("1", "2", "10")
    assert dataset.x_train.shape == (12, 12, 10)
    assert sorted(dataset.y_test) == [0, 1, 2]
    assert (dataset.x_train[:, 0, 0] // 10 == dataset.y_train).all()
    assert dataset.fingerprint == load_dataset(tmp_path / "own").fingerprint


def test_train_and_test_are_honoured(tmp_path):
    write_classes(tmp_path / "train", ("a", "b"), 4)
    write_classes(tmp_path / "test", ("a", "b"), 1)
    write_classes(tmp_path / "valid", ("a", "b"), 1)
    dataset = load_dataset(str(tmp_path))
    assert (len(dataset.x_train), len(dataset.x_test)) == (8, 2)
    assert dataset.y_test.tolist() == [0, 1]
    write_picture(tmp_path / "test" / "c" / "0.png")
    with pytest.raises(DataError, match="same class folders"):
        load_dataset(tmp_path)


def test_hidden_files_and_droppings_are_passed_over(tmp_path):
    write_classes(tmp_path)
    (tmp_path / "1" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "1" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "README.txt").write_text("loose")
    (tmp_path / ".git").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    assert len(load_dataset(tmp_path).x_train) == 12


@pytest.mark.parametrize("odd", ["0.png", "2.png", "4.png"])
def test_different_sizes_are_all_fitted(tmp_path, odd):
    write_classes(tmp_path)
    write_picture(tmp_path / "2" / odd, size=(50, 40))
    dataset = load_dataset(tmp_path)
    assert dataset.image_shape == (28, 28)
    assert (dataset.x_train[:, 0, 0] == 0).all()
    assert (dataset.x_train.max(axis=(1, 2)) == 255).all()


def test_few_pictures_of_many_classes(tmp_path):
    dataset = load_dataset(write_classes(tmp_path, names="abcde", count=2))
    assert sorted(dataset.y_test) == sorted(dataset.y_train) == [0, 1, 2, 3, 4]


def test_empty_class(tmp_path):
    write_classes(tmp_path)
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / ".hidden").touch()
    with pytest.raises(DataError, match="at least one picture") as caught:
        load_dataset(tmp_path)
    assert str(tmp_path / "3") in str(caught.value)


def test_single_picture(tmp_path):
    write_classes(tmp_path)
    write_picture(tmp_path / "lone" / "0.png")
    with pytest.raises(DataError, match="'lone' has 1"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_file_that_is_no_picture_is_named(tmp_path, content):
    write_classes(tmp_path)
    (tmp_path / "2" / "notes.txt").write_bytes(content)
    with pytest.raises(ImageError) as caught:
        load_dataset(tmp_path)
    assert str(tmp_path / "2" / "notes.txt") in str(caught.value)


def test_folder_in_a_class_folder(tmp_path):
    write_classes(tmp_path)
    write_picture(tmp_path / "2" / "deeper" / "0.png")
    with pytest.raises(DataError, match="a folder"):
        load_dataset(tmp_path)


def test_folders_and_files_without_data(tmp_path):
    with pytest.raises(DataError, match="none of these"):
        load_dataset(tmp_path)
    write_picture(tmp_path / "digit.png")
    with pytest.raises(DataError, match="scribal predict"):
        load_dataset(tmp_path / "digit.png")
    (tmp_path / "empty").touch()
    with pytest.raises(DataError, match="0 bytes"):
        load_dataset(tmp_path / "empty")
    with pytest.raises(DataError, match="neither file nor folder"):
        load_dataset("/dev/zero")

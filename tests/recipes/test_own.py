"""A user's own network in a recipe's place."""

import keras
import pytest

from scribal.exceptions import ModelError
from scribal.recipes import find_recipe

DENSE = """
import keras
def build({arguments}):
    return keras.Sequential([keras.Input({shape}), keras.layers.Flatten(), keras.layers.Dense({classes})])
"""


def write(tmp_path, text):
    path = tmp_path / "mine.py"
    path.write_text(text)
    return path


def test_a_file_with_build(tmp_path):
    recipe = find_recipe(write(tmp_path, DENSE.format(arguments="", shape=(28, 28, 1), classes=10)))
    assert recipe.name == "mine"
    assert recipe.build().output_shape == (None, 10)


def test_build_is_told_shape_and_classes_when_it_asks(tmp_path):
    text = DENSE.format(arguments="shape, classes", shape="shape", classes="classes")
    model = find_recipe(str(write(tmp_path, text))).build((16, 16, 1), 4)
    assert (model.input_shape, model.output_shape) == ((None, 16, 16, 1), (None, 4))


def test_a_model():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="my_net")
    recipe = find_recipe(model)
    assert (recipe.name, recipe.parameters, recipe.build() is model) == ("my-net", 8, True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def build(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("x = 1", "no function build"),
        ("def build(): raise KeyError('a')", "KeyError"),
        ("def build(): return 5", "int"),
        ("import keras\ndef build(): return keras.Sequential([keras.layers.Dense(1)])", "without an input shape"),
        ("import keras\ndef build(): return keras.Sequential([keras.Input((4, 4)), keras.layers.Dense(1)])", "output"),
    ],
)
def test_a_file_that_gives_no_model_is_an_error(tmp_path, text, reason):
    with pytest.raises(ModelError, match=reason):
        find_recipe(write(tmp_path, text)).build()


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="must be there"):
        find_recipe(tmp_path / "missing.py")

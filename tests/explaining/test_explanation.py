"""Whole explanations: of every recipe, of odd networks and pictures, and what stands in them."""

import keras
import numpy as np
import pytest
from keras import layers

import scribal
from scribal.data import load_dataset
from scribal.data.transforms import shift
from scribal.engine.errors import LoweringError
from scribal.exceptions import ArgumentError, ImageError, ModelError, UnknownNameError
from scribal.explaining.layers import layer_results
from scribal.recipes import find_recipe, recipe_names

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[5:9, 8:20], IMAGE[9:22, 15:18] = 230, 200


def sequential(*more, shape=(28, 28, 1)):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input(shape), *more])


def nested():
    inner = sequential(layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(4))
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(layers.Flatten()(inner(inputs))))


@pytest.fixture(scope="module")
def explained(finished_run, seven):
    """The explanation of a seven by ``finished_run``."""
    return scribal.explain(finished_run, seven)


@pytest.mark.parametrize("name", [name for name in recipe_names() if name != "toy-mlp"])
def test_every_recipe_is_explained(name):
    recipe = find_recipe(name)
    shape = (100,) if name == "softmax-mlp" else (28, 28, 1)
    keras.utils.set_random_seed(0)
    image = IMAGE[4:24:2, 4:24:2] if shape == (100,) else IMAGE
    explanation = scribal.explain(recipe.build(shape, 10), image, among=0)
    has_convolution = "mlp" not in name
    assert [one.method for one in explanation.attributions] == (
        ["Grad-CAM"] * has_convolution + ["Input gradient", "Integrated gradients", "Occlusion"]
    )
    assert (explanation.worked is not None) is has_convolution
    assert explanation.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert explanation.layers[-1].values.tolist() == pytest.approx(explanation.scores.tolist(), rel=1e-3, abs=1e-5)


@pytest.mark.parametrize(
    "build",
    [
        nested,
        lambda: sequential(layers.Flatten(), layers.Dense(3)),
        lambda: sequential(layers.Dense(3, activation="softmax"), shape=(784,)),
        lambda: sequential(layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()),
        lambda: sequential(layers.Conv2D(4, 28), layers.Flatten()),
        lambda: sequential(layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(1, activation="sigmoid")),
        lambda: sequential(layers.DepthwiseConv2D(3, depth_multiplier=2), layers.Flatten(), layers.Dense(3)),
        lambda: sequential(layers.Flatten(), layers.Dense(40, activation="softmax")),
        lambda: sequential(layers.Conv2D(2, 3, kernel_initializer="zeros"), layers.Flatten(), layers.Dense(3)),
    ],
    ids=["nested", "one layer", "flat", "no dense", "one pixel", "one output", "reference", "classes", "zeros"],
)
@pytest.mark.parametrize("image", [IMAGE, 0 * IMAGE], ids=["seven", "blank"])
def test_odd_networks_are_explained_and_shown(build, image, tmp_path):
    explanation = scribal.explain(build(), image, among=20 if image.any() else 0)
    assert len(explanation.neighbours) == (8 if image.any() else 0)
    page = explanation.write(tmp_path / "explained").read_text(encoding="utf-8")
    assert ("Nothing is written on it." in page) is not image.any()
    assert all(np.isfinite(one.values).all() for one in explanation.attributions)


def test_a_colour_network_takes_a_grey_picture_and_an_array_of_colours(seven, tmp_path):
    model = sequential(layers.Conv2D(3, 3, activation="relu"), layers.Flatten(), layers.Dense(3), shape=(28, 28, 3))
    explanation = scribal.explain(model, seven)
    assert "colours" in explanation.picture.notes[0]
    assert explanation.left_out["nearest"].startswith("Samples must have the shape")
    assert explanation.write(tmp_path / "colour").is_file()
    colours = np.stack([IMAGE, 0 * IMAGE, IMAGE], axis=-1)
    assert scribal.explain(model, colours, among=0).picture.pixels.shape == (28, 28, 3)


def test_pictures_may_be_of_any_numbers(finished_run):
    first = scribal.explain(finished_run, IMAGE, among=0)
    for image in (IMAGE.astype(np.int64), IMAGE.astype(np.float64), IMAGE[..., None], IMAGE.reshape(-1)):
        same = scribal.explain(finished_run, image, among=0)
        np.testing.assert_array_equal(same.probabilities, first.probabilities)
        assert same.changes[0].description == first.changes[0].description


@pytest.mark.parametrize(
    ("model", "image", "kind", "words"),
    [
        (lambda: sequential(layers.Dense(3), shape=(3,)), [1, 2, 3], ModelError, "takes a picture"),
        (lambda: sequential(layers.Flatten(), layers.Dense(3), shape=(28, 28, 2)), IMAGE, ModelError, "(28, 28, 2)"),
        (lambda: sequential(layers.Conv2D(3, 3)), IMAGE, ModelError, "one number for each class"),
        (
            lambda: sequential(layers.Flatten(), layers.Dense(3, activation="hard_sigmoid")),
            IMAGE,
            LoweringError,
            "know",
        ),
        (nested, IMAGE[:10], ModelError, "(28, 28)"),
        (nested, "nothing.png", ImageError, "nothing.png"),
        (nested, None, ArgumentError, "NoneType"),
        (nested, np.full((28, 28), np.nan), ArgumentError, "finite"),
    ],
)
def test_what_is_no_picture_is_refused(model, image, kind, words):
    with pytest.raises(kind) as refused:
        scribal.explain(model(), image)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"class_name": "ten"}, UnknownNameError, "ten"),
        ({"pixel": (28, 0)}, ArgumentError, "0 to 27"),
        ({"filter_number": 6}, ArgumentError, "0 to 5"),
        ({"among": -1}, ArgumentError, "among=-1"),
        ({"data": "nothing.npz"}, scribal.ScribalError, "nothing.npz"),
        ({"data": "mnist-10x10"}, ModelError, "10, 10"),
    ],
)
def test_wrong_choices_are_refused(finished_run, options, kind, words):
    with pytest.raises(kind) as refused:
        scribal.explain(finished_run, IMAGE, **options)
    assert words in str(refused.value)


def test_a_pixel_cannot_be_chosen_without_a_convolution():
    with pytest.raises(ArgumentError, match="without Conv2D"):
        scribal.explain(sequential(layers.Flatten(), layers.Dense(3)), IMAGE, pixel=(1, 1))


def test_the_first_sums_of_the_lesson_are_worked_out():
    rows = np.array([[1, 2, 0, 2, 3], [1, 1, 1, 2, 0], [3, 3, 2, 1, 2]], np.uint8)
    model = sequential(layers.Conv2D(1, 3), layers.Flatten(), layers.Dense(2), shape=(3, 5, 1))
    kernel = np.array([[3, 1, 1], [2, 3, 1], [2, 2, 3]], np.float32).reshape(3, 3, 1, 1)
    model.layers[0].set_weights([kernel, np.array([0.5])])
    for column, expected in enumerate((29, 28, 25)):
        worked = scribal.explain(model, rows, pixel=(0, column), scale=1, among=0).worked
        assert worked.sum_of_products == expected
        assert worked.total == worked.output == expected + 0.5
        assert worked.window[0].tolist() == rows[:, column : column + 3].tolist()


@pytest.mark.parametrize("options", [{}, {"strides": 2, "padding": "same"}, {"dilation_rate": 2, "use_bias": False}])
def test_the_strongest_number_is_worked_out_as_the_network_does(options):
    model = sequential(layers.Conv2D(4, 3, activation="relu", **options), layers.Flatten(), layers.Dense(2))
    worked = scribal.explain(model, IMAGE, among=0).worked
    maps = np.asarray(model.layers[0](IMAGE[None, ..., None] / np.float32(255)))[0]
    assert worked.output == pytest.approx(maps.max(), rel=1e-5)
    assert max(worked.total, 0) == pytest.approx(worked.output, rel=1e-5)
    assert maps[worked.row, worked.column, worked.filter_number] == pytest.approx(worked.output, rel=1e-5)
    (top, bottom), (left, right) = worked.frame
    assert (bottom - top, right - left) == ((5, 5) if "dilation_rate" in options else (3, 3))


def test_every_layer_is_what_keras_gives(lenet, digits, finished_run):
    model = scribal.load_model(finished_run).model
    results = layer_results(lenet.trace(digits[:1]))
    assert [result.name for result in results] == [layer.name for layer in model.layers]
    for result, layer in zip(results[:-1], model.layers, strict=False):
        inside = keras.Model(model.inputs[0], layer.output)
        expected = np.asarray(inside(digits[:1] / np.float32(255)))[0]
        np.testing.assert_allclose(result.values, expected, rtol=1e-3, atol=1e-4)
        assert (result.low, result.high) == (result.values.min(), result.values.max())


def test_each_change_changes_the_answer_and_no_smaller_shift_does(explained, finished_run):
    assert [change.kind for change in explained.changes] == ["shift", "rotation", "erased stroke"]
    for change in explained.changes:
        answer = scribal.predict(finished_run, change.picture[None, ..., 0])
        assert answer.classes[0] == change.answer != explained.class_number
        assert answer.confidences[0] == pytest.approx(change.confidence, abs=1e-4)
    pixels = explained.picture.pixels[None, ..., 0]
    ways = [(row, column) for row in range(-8, 9) for column in range(-8, 9)]
    moved = np.concatenate([shift(pixels, *way) for way in ways])
    changed = scribal.predict(finished_run, moved).classes != explained.class_number
    least = min(np.hypot(*way) for way, is_changed in zip(ways, changed, strict=True) if is_changed)
    found = next(
        way for way, image in zip(ways, moved, strict=True) if (image == explained.changes[0].picture[..., 0]).all()
    )
    assert np.hypot(*found) == least


def test_an_erased_stroke_hangs_together(explained):
    from scipy.ndimage import label

    erased = (explained.picture.pixels > 0) & (explained.changes[2].picture == 0)
    assert label(erased[..., 0], np.ones((3, 3)))[1] == 1


def test_a_training_picture_is_nearest_to_itself(finished_run, small_mnist):
    dataset = load_dataset(small_mnist)
    explanation = scribal.explain(finished_run, dataset.x_train[700])
    first = explanation.neighbours[0]
    assert (first.index, first.distance) == (700, pytest.approx(0, abs=1e-3))
    assert first.label == str(dataset.y_train[700])
    distances = [one.distance for one in explanation.neighbours]
    assert distances == sorted(distances)
    assert explanation.searched == 2000


def test_another_class_can_be_explained(explained, finished_run, seven):
    other = scribal.explain(finished_run, seven, class_name=3, among=0)
    assert (other.answer, other.explained_class) == ("7", "3")
    assert other.deletions == {}
    assert not np.array_equal(other.attributions[1].values, explained.attributions[1].values)
    assert [change.description for change in other.changes] == [change.description for change in explained.changes]


def test_a_class_that_never_occurs_can_be_explained(finished_run):
    from dataclasses import replace

    from scribal.models import load_model

    loaded = load_model(finished_run)
    named = replace(loaded, metadata=replace(loaded.metadata, class_names=(*"012345678", "none")))
    explanation = scribal.explain(named, 0 * IMAGE, class_name="none", among=0)
    assert explanation.explained_class == "none"

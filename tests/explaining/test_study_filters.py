import numpy as np
import pytest
from scipy import signal

import scribal
from scribal.backend import import_keras
from scribal.exceptions import ModelError
from scribal.explaining.studies.convolving import first_convolution, pooled, random_kernel
from scribal.explaining.studies.short_training import train_shortly
from scribal.runs.loading import as_loaded


@pytest.fixture(scope="module")
def dataset(small_mnist):
    return scribal.load_dataset(small_mnist)


def test_the_maps_are_convolutions_of_the_scaled_image(finished_run, dataset):
    convolution = first_convolution(scribal.load_model(finished_run))
    image = dataset.x_test[0]
    for number, picture in enumerate(convolution.maps(image)):
        kernel = convolution.kernel[:, :, 0, number]
        expected = signal.correlate2d(image / 255, kernel, mode="same") + convolution.bias[number]
        np.testing.assert_allclose(picture, expected, atol=1e-5)


def test_other_filters_can_be_put_into_the_layer(finished_run, dataset):
    convolution = first_convolution(scribal.load_model(finished_run))
    kernel = random_kernel((3, 3, 1, 2), seed=1)
    np.testing.assert_array_equal(kernel, random_kernel((3, 3, 1, 2), seed=1))
    maps = convolution.with_kernel(kernel).maps(dataset.x_test[0])
    expected = signal.correlate2d(dataset.x_test[0] / 255, kernel[:, :, 0, 1], mode="same")
    np.testing.assert_allclose(maps[1], expected, atol=1e-5)


def test_pooling_keeps_the_largest_of_each_four():
    maps = np.arange(30.0).reshape(1, 5, 6)
    assert pooled(maps).tolist() == [[[7, 9, 11], [19, 21, 23]]]


def test_a_layer_behind_another_gets_what_that_gives(dataset):
    keras = import_keras()
    layers = [keras.Input((28, 28, 1)), keras.layers.Rescaling(2.0), keras.layers.Conv2D(2, 5), keras.layers.Flatten()]
    loaded = as_loaded(keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")]))
    convolution = first_convolution(loaded)
    entering = dataset.x_test[0] * (2 * loaded.metadata.scale)
    expected = signal.correlate2d(entering, convolution.kernel[:, :, 0, 0], mode="valid")
    np.testing.assert_allclose(convolution.maps(dataset.x_test[0])[0], expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(("frozen", "convolutions"), [(0, 0), (1, 1), (None, 2)])
def test_frozen_convolutions_keep_their_weights_and_the_rest_learns(dataset, frozen, convolutions):
    recipe = scribal.find_recipe("lenet")
    import_keras().utils.set_random_seed(3)
    before = [layer.get_weights()[0] for layer in recipe.build((28, 28, 1)).layers if layer.weights]
    trained = train_shortly(recipe, dataset, epochs=1, seed=3, frozen=frozen)
    after = [layer.get_weights()[0] for layer in trained.model.layers if layer.weights]
    kept = [np.array_equal(*pair) for pair in zip(before, after, strict=True)]
    assert kept == [True] * convolutions + [False] * (5 - convolutions)
    answers = scribal.predict(trained.model, dataset.x_test, scale=1 / 255).classes
    assert trained.accuracies == [pytest.approx((answers == dataset.y_test).mean(), abs=0.005)]


def test_the_study_of_a_recipe_compares_random_with_trained_filters(small_mnist, tmp_path):
    study = scribal.study_filters(
        "tiny-cnn", data=small_mnist, epochs=1, frozen_epochs=1, runs=tmp_path / "runs", out=tmp_path / "filters"
    )
    names = {path.name for path in study.folder.iterdir()}
    assert {"one-filter.png", "random-filters.png", "trained-filters.png", "frozen.png", "study.html"} < names
    frozen = study.tables["frozen"]
    assert list(frozen["filters"]) == ["all trained", "the first convolution random", "all convolutions random"]
    assert all(f"{100 * accuracy:.1f} %" in study.findings[-1] for accuracy in frozen["accuracy"])
    filters = study.tables["filters"]
    assert list(filters["kind"]) == ["random"] * 3 + ["trained"] * 3
    trained = filters[filters["kind"] == "trained"]
    assert f"trained filters reach {trained['largest'].mean():.2f}" in " ".join(study.findings)


def test_a_network_without_convolutions_is_refused_before_it_is_trained(tmp_path, small_mnist):
    with pytest.raises(ModelError, match="mlp with Flatten, Dense, Dense"):
        scribal.study_filters("mlp", data=small_mnist, runs=tmp_path / "runs", out=tmp_path / "filters")
    assert list(tmp_path.iterdir()) == []

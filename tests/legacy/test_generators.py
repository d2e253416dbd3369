"""Data in batches: ``fit_generator`` and its like, and ``ImageDataGenerator``; a warning is an error here."""

import importlib
import itertools
import sys

import keras
import numpy as np
import pytest
from small_networks import IMAGES, X, Y, image_network, network

from scribal.legacy.preprocessing import installed_preprocessing


def batches(*, as_list=False, size=20):
    """Batches of the small data, in order, again and again."""
    for first in itertools.cycle(range(0, len(X), size)):
        part = slice(first, first + size)
        yield [X[part], Y[part]] if as_list else (X[part], Y[part])


def same_weights(one, other):
    for left, right in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"samples_per_epoch": 40, "nb_epoch": 2},
        {"steps_per_epoch": 2, "epochs": 2, "workers": 4, "use_multiprocessing": False, "max_queue_size": 3},
        {"steps_per_epoch": 39 / 20, "epochs": 2, "validation_data": [X, Y]},
        {"samples_per_epoch": 40, "nb_epoch": 2, "validation_data": batches(), "nb_val_samples": 40, "nb_worker": 1},
    ],
    ids=["Keras 1", "Keras 2", "broken steps", "validation"],
)
@pytest.mark.parametrize("as_list", [False, True], ids=["tuples", "lists"])
def test_generators_train_as_arrays_do(models, options, as_list):
    one, other = network(), network()
    history = one.fit_generator(batches(as_list=as_list), verbose=0, **options)
    other.fit(X, Y, batch_size=20, epochs=2, shuffle=False, verbose=0)
    same_weights(one, other)
    assert len(history.history["acc"]) == 2
    if "validation_data" in options:
        assert history.history["val_acc"][1] == pytest.approx(one.evaluate(X, Y, verbose=0)[1])


def test_generators_are_evaluated_and_answered(models, capsys):
    model = network()
    assert model.evaluate_generator(batches(), steps=2) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    answers = model.predict_generator((x for x, _ in batches()), 2)
    np.testing.assert_allclose(answers, model.predict(X), rtol=1e-5)
    np.testing.assert_allclose(model.predict_generator(batches(), val_samples=40), model.predict(X), rtol=1e-5)
    assert capsys.readouterr().out == ""


def test_image_generators_are_where_they_were_and_then_no_more(journal):
    image = importlib.import_module("keras.preprocessing.image")
    assert not hasattr(image, "ImageDataGenerator")
    with installed_preprocessing():
        from keras.preprocessing.image import ImageDataGenerator
        from keras.preprocessing.sequence import TimeseriesGenerator, pad_sequences
        from keras.preprocessing.text import Tokenizer

        assert image.ImageDataGenerator is ImageDataGenerator
        words = Tokenizer(nb_words=10)
        words.fit_on_texts(["one two", "one"])
        assert pad_sequences(words.texts_to_sequences(["two one", "one"])).tolist() == [[2, 1], [0, 1]]
        assert len(TimeseriesGenerator(X, Y, length=4, batch_size=4)) == 9
    assert not hasattr(image, "ImageDataGenerator")
    assert "keras.preprocessing.text" not in sys.modules


def test_augmented_images_train(models):
    from keras.preprocessing.image import ImageDataGenerator

    generator = ImageDataGenerator(featurewise_center=True, rotation_range=8, zoom_range=0.1, dim_ordering="tf")
    generator.fit(IMAGES)
    model = image_network()
    flow = generator.flow(IMAGES, Y, batch_size=16)
    history = model.fit_generator(flow, steps_per_epoch=len(X) / 16, epochs=2, validation_data=(IMAGES, Y), verbose=0)
    assert len(history.history["val_acc"]) == 2
    assert model.optimizer.iterations == 6
    assert flow.next()[0].shape[1:] == (8, 8, 1)


def test_an_image_generator_goes_round_as_often_as_it_takes(models):
    from keras.preprocessing.image import ImageDataGenerator

    model = image_network()
    model.fit_generator(ImageDataGenerator().flow(IMAGES, Y, batch_size=16), steps_per_epoch=7, epochs=2, verbose=0)
    assert model.optimizer.iterations == 14
    model.fit_generator(
        ImageDataGenerator().flow(IMAGES, Y, batch_size=16), samples_per_epoch=80, nb_epoch=1, verbose=0
    )
    assert model.optimizer.iterations == 19


def test_images_of_a_folder_train(models, tmp_path):
    from keras.preprocessing.image import ImageDataGenerator, array_to_img, img_to_array, load_img

    for number, image in enumerate(IMAGES[:12]):
        folder = tmp_path / f"class{number % 3}"
        folder.mkdir(exist_ok=True)
        array_to_img(image).save(folder / f"{number}.png")
    assert img_to_array(load_img(tmp_path / "class0" / "0.png", color_mode="grayscale")).shape == (8, 8, 1)
    flow = ImageDataGenerator(rescale=1 / 255).flow_from_directory(
        str(tmp_path), target_size=(8, 8), color_mode="grayscale", batch_size=5
    )
    assert flow.class_indices == {"class0": 0, "class1": 1, "class2": 2}
    model = image_network()
    model.fit_generator(flow, steps_per_epoch=3, epochs=1, verbose=0)
    assert model.predict_generator(flow).shape == (12, 3)


def test_datasets_of_keras_are_as_they_are(models):
    class Rows(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, place):
            return X[20 * place : 20 * place + 20], Y[20 * place : 20 * place + 20]

    one, other = network(), network()
    one.fit(Rows(), shuffle=False, verbose=0)
    other.fit(X, Y, batch_size=20, shuffle=False, verbose=0)
    same_weights(one, other)

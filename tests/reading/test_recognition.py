"""The model that comes with scribal: right, honest about how sure it is, and not taken in by what is no digit."""

import threading

import numpy as np
import pytest

import scribal
from scribal.data import DATASETS, load_dataset
from scribal.data.augmentation import augment, find_augmentation
from scribal.exceptions import ArgumentError, ModelError
from scribal.reading.calibration import fit_temperature, threshold_for
from scribal.reading.recognition import DEFAULT_MODEL, Recogniser
from tools.default_model.making import pack
from tools.default_model.measuring import calibration_error, measure_rejection
from tools.default_model.others import find_fonts, others

LARGEST_FILE = 1_500_000


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser.default()


@pytest.fixture(scope="module")
def digits():
    mnist = load_dataset("mnist")
    return mnist.x_test[:2000], mnist.y_test[:2000]


@pytest.fixture(scope="module")
def answered(recogniser, digits):
    return recogniser.recognise(digits[0])


def test_nearly_all_digits_are_recognised(answered, digits):
    assert (answered.probabilities.argmax(axis=1) == digits[1]).mean() >= 0.99


def test_probabilities_sum_to_one_and_are_as_high_as_answers_are_right(answered, digits):
    np.testing.assert_allclose(answered.probabilities.sum(axis=1), 1, atol=1e-5)
    assert answered.probabilities.dtype == np.float32
    assert calibration_error(answered.probabilities, digits[1]) < 0.01


def test_hardly_a_digit_is_rejected(answered):
    assert answered.rejected.mean() <= 0.02


def test_digits_by_other_hands_are_recognised(recogniser, digits):
    changed = augment(*digits, find_augmentation("hands"), seed=5, epoch=0)
    assert (recogniser.recognise(changed).probabilities.argmax(axis=1) == digits[1]).mean() > 0.97


def test_what_is_no_digit_has_a_higher_reject_score(recogniser, digits):
    table = measure_rejection(recogniser, digits[0], others(50, 3, find_fonts()))
    # Nobody can tell an O from a 0.
    assert (table.drop("look-alikes")["auroc"] > 0.97).all()
    assert table.loc["all but look-alikes", "rejected"] > 0.6


@pytest.mark.skipif(
    not DATASETS["fashion-mnist"].system_folder.is_dir(),
    reason="Debian's package dataset-fashion-mnist is not installed",
)
def test_clothes_of_fashion_mnist_have_a_higher_reject_score(recogniser, digits):
    clothes = load_dataset("fashion-mnist").x_test[:1000]
    row = measure_rejection(recogniser, digits[0], {"clothes": clothes}).loc["clothes"]
    assert row["auroc"] > 0.97
    assert row["rejected"] > 0.6


def test_blank_paper_is_rejected(recogniser):
    blank = np.zeros((2, 28, 28), np.uint8)
    blank[1] = 200
    assert recogniser.recognise(blank).rejected.all()


def test_many_threads_get_the_same_answers(recogniser, digits):
    expected = recogniser.recognise(digits[0][:300]).probabilities
    found = []

    def ask():
        found.extend(recogniser.recognise(digits[0][:300]).probabilities for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    for probabilities in found:
        np.testing.assert_array_equal(probabilities, expected)


def test_few_and_many_characters_are_answered_alike(recogniser, digits, answered):
    np.testing.assert_allclose(recogniser.recognise(digits[0][:3]).probabilities, answered.probabilities[:3], atol=1e-4)
    assert recogniser.recognise(digits[0][:0]).probabilities.shape == (0, 10)


def test_the_file_is_small_and_carries_its_temperature_and_threshold():
    assert DEFAULT_MODEL.stat().st_size <= LARGEST_FILE
    metadata = scribal.load_model(DEFAULT_MODEL).metadata
    assert metadata.temperature != 1
    assert metadata.reject_threshold is not None
    assert metadata.recipe == "reader"


def test_packing_the_model_again_gives_the_same_model(tmp_path):
    """Its temperature and its threshold follow from the training images that were held out."""
    told, packed = scribal.load_model(DEFAULT_MODEL).metadata, tmp_path / "again.keras"
    again = pack(DEFAULT_MODEL, packed)
    assert again.temperature == pytest.approx(told.temperature, rel=0.02)
    assert again.reject_threshold == pytest.approx(told.reject_threshold, rel=0.1)
    weights = [scribal.load_model(path).network.weights for path in (DEFAULT_MODEL, packed)]
    assert weights[0].keys() == weights[1].keys()
    for name, weight in weights[0].items():
        np.testing.assert_array_equal(weight, weights[1][name])


def test_a_run_of_the_users_own_is_asked_in_the_same_way(finished_run, digits):
    own = Recogniser.of(finished_run)
    assert own.threshold == 0.5
    assert (own.recognise(digits[0]).probabilities.argmax(axis=1) == digits[1]).mean() > 0.8


@pytest.mark.parametrize("inputs", [(10, 10, 1), (28, 28, 3)])
def test_a_model_for_other_images_is_refused(inputs):
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input(inputs), keras.layers.Flatten(), keras.layers.Dense(10)])
    with pytest.raises(ModelError, match="28x28"):
        Recogniser.of(model)


def test_a_model_of_two_classes_is_refused():
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(2)])
    with pytest.raises(ModelError, match="ten classes"):
        Recogniser.of(model)


@pytest.mark.parametrize(
    "characters",
    [np.zeros((28, 28), np.uint8), np.zeros((1, 28, 28), np.float32), [[0]], np.zeros((1, 20, 20), np.uint8)],
)
def test_characters_of_another_shape_or_type_are_refused(recogniser, characters):
    with pytest.raises(ArgumentError, match=r"uint8 of shape \(n, 28, 28\)"):
        recogniser.recognise(characters)


def test_a_temperature_is_found_again():
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 2, (4000, 10))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (shares.cumsum(axis=1) < generator.random((4000, 1))).sum(axis=1)
    assert fit_temperature(3 * logits, labels) == pytest.approx(3, rel=0.1)


def test_a_threshold_rejects_no_more_than_its_share():
    scores = np.arange(1000) / 1000
    assert (scores > threshold_for(scores, 0.02)).sum() in range(18, 21)

"""Training images are renewed for every epoch, the same way for the same seed, and stay what they are."""

import numpy as np
import pytest

from scribal.data import load_dataset
from scribal.data.augmentation import (
    AUGMENTATIONS,
    KINDS,
    augment,
    check_augmentable,
    find_augmentation,
    make_negatives,
)
from scribal.data.augmentation.placement import put
from scribal.data.augmentation.variants import add_variants
from scribal.exceptions import ArgumentError, UnknownNameError

CHANGING = [name for name, augmentation in AUGMENTATIONS.items() if augmentation.changes]
DIGITS = tuple("0123456789")


@pytest.fixture(scope="module")
def digits():
    mnist = load_dataset("mnist")
    return mnist.x_train[:300], mnist.y_train[:300]


def renewed(digits, name, **key):
    return augment(*digits, find_augmentation(name), **({"seed": 0, "epoch": 0} | key))


@pytest.mark.parametrize("name", CHANGING)
def test_the_same_seed_and_epoch_give_the_same_bits_and_others_give_others(digits, name):
    first = renewed(digits, name)
    assert first.shape == digits[0].shape
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, renewed(digits, name))
    for other in ({"seed": 1}, {"epoch": 1}):
        assert (first != renewed(digits, name, **other)).any(axis=(1, 2)).mean() > 0.9


def test_none_leaves_images_as_they_are(digits):
    assert renewed(digits, "none") is digits[0]


def test_images_that_were_given_are_not_touched(digits):
    before = digits[0].copy()
    renewed(digits, "reading")
    make_negatives(*digits, 100, seed=0, epoch=0)
    np.testing.assert_array_equal(digits[0], before)


@pytest.mark.parametrize("name", CHANGING)
def test_renewed_digits_stay_in_their_order_and_still_resemble_themselves(digits, name):
    images = digits[0].reshape(len(digits[0]), -1).astype(float)
    averaged = np.mean([renewed(digits, name, epoch=epoch).reshape(images.shape) for epoch in range(6)], axis=0)
    closeness = np.corrcoef(images, averaged)[: len(images), len(images) :]
    assert (closeness.argmax(axis=1) == np.arange(len(images))).mean() > 0.5
    assert np.diag(closeness).mean() > closeness.mean() + 0.2


def test_ink_that_is_put_in_its_place_is_about_20_pixels_large_and_in_the_middle(digits):
    large = digits[0].repeat(2, axis=1).repeat(2, axis=2)
    placed = put(large, np.random.default_rng(0)) > 60
    heights, widths = placed.any(axis=2).sum(axis=1), placed.any(axis=1).sum(axis=1)
    assert 16 < np.median(np.maximum(heights, widths)) <= 22
    rows = np.nonzero(placed)[1]
    assert abs(rows.mean() - 14) < 1


def test_variants_are_drawn_on_some_digits_alone(digits):
    changed = (add_variants(*digits, np.random.default_rng(0)) != digits[0]).any(axis=(1, 2))
    assert set(digits[1][changed]) == {0, 1, 7, 9}


def test_negatives_are_of_every_kind_and_follow_the_seed(digits):
    pictures, kinds = make_negatives(*digits, 400, seed=0, epoch=0)
    assert pictures.shape == (400, 28, 28)
    assert set(kinds) == set(range(len(KINDS)))
    again, _ = make_negatives(*digits, 400, seed=0, epoch=0)
    np.testing.assert_array_equal(pictures, again)
    assert (pictures != make_negatives(*digits, 400, seed=0, epoch=1)[0]).any()


def test_an_unknown_augmentation_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean photos"):
        find_augmentation("photo")


@pytest.mark.parametrize(
    ("images", "names", "augmentation", "told"),
    [
        (np.zeros((2, 10, 10), np.uint8), DIGITS, "hands", "28x28"),
        (np.zeros((2, 28, 28, 3), np.uint8), DIGITS, "photos", "28x28"),
        (np.zeros((2, 28, 28), np.float32), DIGITS, "hands", "float32"),
        (np.zeros((2, 28, 28), np.uint8), ("shirt", "shoe"), "reading", "--augment photos"),
    ],
)
def test_images_that_cannot_be_augmented_are_refused(images, names, augmentation, told):
    with pytest.raises(ArgumentError, match=told):
        check_augmentable(images, names, find_augmentation(augmentation))

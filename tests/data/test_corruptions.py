import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifier

from scribal.data.corruptions import CORRUPTIONS, corrupt
from scribal.exceptions import ArgumentError, UnknownNameError

SEVERITIES = [(name, severity) for name, one in CORRUPTIONS.items() for severity in range(1, len(one.amounts) + 1)]
WITH_SEVERITIES = [name for name, one in CORRUPTIONS.items() if len(one.amounts) > 1]


@pytest.fixture(scope="module")
def mnist():
    from scribal.data import load_dataset

    return load_dataset("mnist")


@pytest.fixture(scope="module")
def digits(mnist):
    return mnist.x_test[:20]


def test_there_are_fifteen_and_each_has_the_severity_it_is_published_with():
    assert len(CORRUPTIONS) == 15
    assert all(1 <= one.severity <= len(one.amounts) for one in CORRUPTIONS.values())


@pytest.mark.parametrize(("name", "severity"), SEVERITIES)
def test_every_severity_changes_the_images_and_repeats(digits, name, severity):
    before = digits.copy()
    corrupted = corrupt(digits, name, severity, seed=1)
    assert corrupted.dtype == np.uint8
    assert corrupted.shape == digits.shape
    # A drop of mud may fall beside an image.
    assert (corrupted != digits).any(axis=(1, 2)).sum() >= 18
    np.testing.assert_array_equal(corrupted, corrupt(digits, name, severity, seed=1))
    np.testing.assert_array_equal(digits, before)


@pytest.mark.parametrize("name", sorted(set(CORRUPTIONS) - {"scale", "brightness", "stripe", "canny_edges"}))
def test_another_seed_gives_another_image(digits, name):
    assert (corrupt(digits, name, seed=1) != corrupt(digits, name, seed=2)).any()


@pytest.mark.parametrize("name", WITH_SEVERITIES)
def test_the_severest_changes_more_than_the_mildest(mnist, name):
    def change(severity):
        corrupted = corrupt(mnist.x_test[:200], name, severity)
        return np.abs(corrupted.astype(float) - mnist.x_test[:200]).mean()

    assert change(len(CORRUPTIONS[name].amounts)) > change(1)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_digit_is_still_in_the_image(mnist, name):
    train, test = corrupt(mnist.x_train[:1000], name), corrupt(mnist.x_test[:300], name, seed=1)
    classifier = RidgeClassifier(alpha=1e6).fit(train.reshape(1000, -1) / 1.0, mnist.y_train[:1000])
    assert classifier.score(test.reshape(300, -1), mnist.y_test[:300]) > 0.5


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_channels_are_corrupted_alike_and_no_images_are_none(digits, name):
    coloured = corrupt(np.stack([digits, digits], axis=-1), name)
    np.testing.assert_array_equal(coloured[..., 0], corrupt(digits, name))
    np.testing.assert_array_equal(coloured[..., 1], coloured[..., 0])
    assert corrupt(digits[:0], name).shape == (0, 28, 28)


def test_stripes_are_the_outer_quarters_inverted(digits):
    striped = corrupt(digits, "stripe")
    np.testing.assert_array_equal(striped[:, :, :7], 255 - digits[:, :, :7])
    np.testing.assert_array_equal(striped[:, :, 7:21], digits[:, :, 7:21])
    np.testing.assert_array_equal(striped[:, :, 21:], 255 - digits[:, :, 21:])


def test_the_default_severity_is_the_published_one(digits):
    np.testing.assert_array_equal(corrupt(digits, "impulse_noise"), corrupt(digits, "impulse_noise", 4))
    share = np.mean(corrupt(np.full((50, 28, 28), 128, np.uint8), "impulse_noise") != 128)
    assert share == pytest.approx(0.17, abs=0.01)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda x: corrupt(x, "frog"), UnknownNameError, "Did you mean fog"),
        (lambda x: corrupt(x, "fog", 6), ArgumentError, "from 1 to 5. Received: severity=6"),
        (lambda x: corrupt(x, "fog", 0), ArgumentError, "severity=0"),
        (lambda x: corrupt(x, "fog", 2.5), ArgumentError, "severity=2.5"),
        (lambda x: corrupt(x, "stripe", 2), ArgumentError, "must be 1. Received: severity=2"),
        (lambda x: corrupt(x / 255, "fog"), ArgumentError, "float64"),
        (lambda x: corrupt(x[0], "fog"), ArgumentError, r"shape \(28, 28\)"),
    ],
)
def test_wrong_input_is_told_apart(digits, call, error, says):
    with pytest.raises(error, match=says):
        call(digits)

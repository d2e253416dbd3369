"""The recipe of the model that comes with scribal."""

from scribal.data import load_dataset
from scribal.recipes import RECIPES
from scribal.runs.preparation import samples_for
from scribal.runs.settings import settle


def test_the_last_5000_training_images_are_held_out_and_stay_as_they_are():
    mnist, recipe = load_dataset("mnist"), RECIPES["reader"]
    samples = samples_for(recipe.build(), mnist, settle(recipe))
    held_out, labels = samples.validation
    assert len(samples.x) == 55_000
    assert (held_out[..., 0] * 255).round().astype("uint8").tobytes() == mnist.x_train[-5000:].tobytes()
    assert (labels.argmax(axis=1) == mnist.y_train[-5000:]).all()
    assert samples.added == round(55_000 / 6)

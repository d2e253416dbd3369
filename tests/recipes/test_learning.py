"""Each recipe learns: a short training on a part of real MNIST beats a stated accuracy."""

import numpy as np
import pytest

import scribal
from scribal.recipes import recipe_names

# recipe: (training samples, epochs, accuracy to beat on 2,000 test samples)
SHORT = {
    "tiny-cnn": (20_000, 1, 0.80),
    "mlp": (20_000, 3, 0.90),
    "two-conv": (6_000, 1, 0.80),
    "lenet": (6_000, 4, 0.80),
    "dropout-cnn": (6_000, 2, 0.88),
    "softmax-mlp": (20_000, 2, 0.85),
    "vgg-mini": (3_000, 2, 0.80),
    "inception-mini": (3_000, 4, 0.50),
    "resnet-mini": (3_000, 3, 0.50),
    "reader": (3_000, 2, 0.50),
}
# Of few samples, in more steps: the running means of batch normalization need a few hundred of them to arrive.
BATCH_SIZES = {"vgg-mini": 64, "inception-mini": 64, "resnet-mini": 16, "reader": 32}


@pytest.mark.parametrize("name", SHORT)
def test_a_short_training_beats_the_stated_accuracy(name, tmp_path):
    samples, epochs, accuracy = SHORT[name]
    whole = scribal.load_dataset(scribal.find_recipe(name).dataset)
    part = scribal.Dataset(
        name="a part of MNIST",
        x_train=whole.x_train[:samples],
        y_train=whole.y_train[:samples],
        x_test=whole.x_test[:2000],
        y_test=whole.y_test[:2000],
        class_names=whole.class_names,
    )
    options = {"epochs": epochs, "batch_size": BATCH_SIZES.get(name), "validation": "none"}
    run = scribal.train(name, data=part, out=tmp_path / "run", **options)
    assert run.metrics["test_accuracy"] > accuracy


def test_the_toy_network_tells_its_four_samples_apart(tmp_path):
    """Its 20,000 epochs belong to the tables of the documentation; a higher learning rate gets there in 1,000."""
    run = scribal.train("toy-mlp", epochs=1000, learning_rate=0.5, seed=1, out=tmp_path / "run")
    assert run.metrics["test_accuracy"] == 1.0
    answer = scribal.predict(run.folder.path, np.array([[0, 1, 0]], dtype=np.float32))
    assert answer.digits == ["0"]
    assert np.asarray(answer).shape == (1, 2)


def test_every_recipe_is_trained_here():
    assert set(SHORT) | {"toy-mlp"} == set(recipe_names())

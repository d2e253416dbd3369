"""``scribal.train``, ``evaluate``, ``predict`` and ``errors`` with objects instead of names and paths."""

import keras
import numpy as np
import pytest

import scribal
from scribal.exceptions import ArgumentError, DataError, ModelError


@pytest.fixture(scope="module")
def two_classes(small_mnist):
    """Zeros and ones of MNIST, as a dataset in memory."""
    whole = scribal.load_dataset(small_mnist)
    train, test = whole.y_train < 2, whole.y_test < 2
    return scribal.Dataset(
        name="zeros and ones",
        x_train=whole.x_train[train],
        y_train=whole.y_train[train],
        x_test=whole.x_test[test],
        y_test=whole.y_test[test],
    )


def dense(units, activation=None):
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(units, activation=activation)]
    return keras.Sequential(layers)


@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [
        (1, "sigmoid", "binary_crossentropy"),
        (1, None, keras.losses.BinaryCrossentropy(from_logits=True)),
        (2, "softmax", "sparse_categorical_crossentropy"),
        (2, "softmax", keras.losses.CategoricalCrossentropy(label_smoothing=0.1)),
        (2, None, keras.losses.SparseCategoricalCrossentropy(from_logits=True)),
        (2, None, None),
        (1, None, None),
    ],
)
def test_any_loss_and_last_layer_learn(two_classes, tmp_path, units, activation, loss):
    model = dense(units, activation)
    if loss is not None:
        model.compile("adam", loss)
    run = scribal.train(model, data=two_classes, epochs=3, out=tmp_path / "run")
    assert run.metrics["test_accuracy"] > 0.95
    answers = scribal.predict(run, two_classes.x_test)
    np.testing.assert_allclose(np.asarray(answers).sum(axis=1), 1, atol=1e-5)
    assert (answers.classes == two_classes.y_test).mean() == pytest.approx(run.metrics["test_accuracy"])


def test_a_run_and_its_folder_are_models_too(two_classes, tmp_path):
    run = scribal.train("tiny-cnn", data=two_classes, epochs=1, out=tmp_path / "run")
    for model in (run, run.folder, run.folder.path, run.model, scribal.load_model(run.folder.path)):
        assert len(scribal.predict(model, two_classes.x_test[:3], scale=1.0)) == 3
    assert len(scribal.errors(run)) == len(scribal.errors(run.folder)) == run.metrics["test_errors"]
    assert scribal.evaluate(run, two_classes).loss == pytest.approx(run.metrics["test_loss"], rel=1e-5)


def test_data_in_memory_have_to_be_given_again(two_classes, tmp_path):
    run = scribal.train("tiny-cnn", data=two_classes, epochs=1, out=tmp_path / "run")
    with pytest.raises(DataError, match="must be told its data"):
        scribal.evaluate(run)
    again = scribal.train("tiny-cnn", data=two_classes, epochs=2, out=tmp_path / "run", resume=True)
    assert again.metrics["epochs"] == 2


def test_test_and_validation_loss_on_the_test_set_agree(two_classes, tmp_path):
    metrics = scribal.train("tiny-cnn", data=two_classes, epochs=1, validation="test", out=tmp_path / "run").metrics
    assert metrics["test_loss"] == pytest.approx(metrics["validation_loss"], rel=1e-4)


def test_a_compiled_models_optimizer_is_kept_with_another_rate(two_classes, tmp_path):
    model = dense(2, "softmax")
    model.compile("rmsprop", "categorical_crossentropy")
    run = scribal.train(model, data=two_classes, epochs=1, learning_rate=0.25, out=tmp_path / "run")
    settings = run.folder.read_json("run.json")["settings"]
    assert (settings["optimizer"], settings["optimizer_arguments"]) == ("rmsprop", {"learning_rate": 0.25})
    assert float(run.model.optimizer.learning_rate) == 0.25


def test_an_optimizer_may_be_an_object(two_classes, tmp_path):
    optimizer = keras.optimizers.SGD(0.125, momentum=0.5)
    run = scribal.train("tiny-cnn", data=two_classes, epochs=1, optimizer=optimizer, out=tmp_path / "run")
    assert run.model.optimizer is optimizer
    assert run.folder.read_json("run.json")["settings"]["optimizer"] == "sgd"


@pytest.mark.parametrize(
    "options",
    [{"learning_rate": "x"}, {"validation": (1, 2)}, {"within": "5"}, {"epochs": None, "batch_size": 2.5}],
)
def test_options_of_the_wrong_type_are_errors(two_classes, tmp_path, options):
    with pytest.raises(ArgumentError):
        scribal.train("tiny-cnn", data=two_classes, out=tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


def test_numpys_whole_numbers_are_numbers(two_classes, tmp_path):
    run = scribal.train("tiny-cnn", data=two_classes, out=tmp_path / "run", epochs=np.int64(1))
    assert run.metrics["epochs"] == 1


@pytest.mark.parametrize("images", [5, None, [], ["a.png", np.zeros((28, 28))], [[1], [2, 3]]])
def test_things_that_are_no_images_are_errors(finished_run, images):
    with pytest.raises(ArgumentError):
        scribal.predict(finished_run, images)


def test_one_class_is_nothing_to_learn(tmp_path):
    x, y = np.zeros((10, 28, 28), np.uint8), np.zeros(10, np.uint8)
    data = scribal.Dataset(name="zeros", x_train=x, y_train=y, x_test=x, y_test=y)
    with pytest.raises(DataError, match="two classes"):
        scribal.train("tiny-cnn", data=data, out=tmp_path / "run")


def test_lambda_layers_are_refused_before_training(two_classes, tmp_path):
    layers = [keras.Input((28, 28, 1)), keras.layers.Lambda(lambda x: x / 2), keras.layers.Flatten()]
    model = keras.Sequential([*layers, keras.layers.Dense(2)])
    with pytest.raises(ModelError, match="Lambda"):
        scribal.train(model, data=two_classes, out=tmp_path / "run")


def test_other_classes_are_not_evaluated(finished_run, small_mnist):
    digits = scribal.load_dataset(small_mnist)
    letters = scribal.Dataset(
        name="letters",
        x_train=digits.x_train,
        y_train=digits.y_train,
        x_test=digits.x_test,
        y_test=digits.y_test,
        class_names=tuple("abcdefghij"),
    )
    with pytest.raises(DataError, match="classes must be the model's"):
        scribal.evaluate(finished_run, letters)

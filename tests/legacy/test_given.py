"""What old libraries had and none has today."""

import importlib
import sys

import numpy as np
import pytest

from scribal.legacy.importing import installed_modules


@pytest.fixture
def modules(journal):
    with installed_modules():
        yield journal


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("concat", (None, 8)), ("sum", (None, 4)), ("mul", (None, 4)), ("max", (None, 4)), ("dot", (None, 1))],
)
def test_merge_is_a_function_and_a_module(modules, mode, expected):
    import keras
    import keras.layers.merge as module
    from keras.layers import merge

    inputs = [keras.Input((4,)), keras.Input((4,))]
    options = {"dot_axes": 1} if mode == "dot" else {}
    assert merge(inputs, mode=mode, **options).shape == expected
    assert module.Concatenate is keras.layers.Concatenate


def test_maxout_takes_the_largest_of_its_features(modules):
    from keras.layers.core import MaxoutDense

    layer = MaxoutDense(3, nb_feature=2, init="normal", input_dim=4)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    layer.build(x.shape)
    kernel, bias = (np.asarray(weight) for weight in layer.get_weights())
    expected = (x @ kernel + bias).reshape(5, 2, 3).max(axis=1)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-5, atol=1e-6)


def test_highway_lets_through_what_its_gate_does_not_replace(modules):
    from keras.layers.core import Highway

    layer = Highway(activation="tanh")
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    layer.build(x.shape)
    kernel, bias, gate, gate_bias = (np.asarray(weight) for weight in layer.get_weights())
    np.testing.assert_array_equal(gate_bias, np.full(4, -2))
    share = 1 / (1 + np.exp(-(x @ gate + gate_bias)))
    expected = share * np.tanh(x @ kernel + bias) + (1 - share) * x
    np.testing.assert_allclose(layer(x), expected, rtol=1e-5, atol=1e-6)


def test_probabilities_become_classes(modules):
    from keras.utils.np_utils import categorical_probas_to_classes, probas_to_classes

    p = np.array([[0.1, 0.9], [0.8, 0.2]])
    assert categorical_probas_to_classes(p).tolist() == [1, 0]
    assert probas_to_classes(np.array([[0.7], [0.2]])).tolist() == [[1], [0]]


def test_several_graphics_cards_are_one_model(modules):
    import keras
    from keras.utils import multi_gpu_model

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    assert multi_gpu_model(model, gpus=4) is model


def test_plot_model_says_what_it_needs_and_goes_on(modules, tmp_path, monkeypatch, capsys):
    import keras
    from keras.src.utils import model_visualization
    from keras.utils.vis_utils import model_to_dot, plot_model

    for check in ("check_graphviz", "check_pydot"):
        monkeypatch.setattr(model_visualization, check, lambda: False)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    assert plot_model(model, to_file=str(tmp_path / "model.png"), show_shapes=True) is None
    assert "Graphviz" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    assert model_to_dot(model).create(prog="dot", format="svg") == b""
    assert "pydot" in capsys.readouterr().out


def test_there_is_no_graphics_card(modules):
    from keras import backend

    assert backend.tensorflow_backend._get_available_gpus() == []


def test_folds_of_a_known_number_of_samples(modules):
    from sklearn.cross_validation import KFold, StratifiedKFold

    tested = [test.tolist() for _, test in KFold(6, n_folds=3)]
    assert tested == [[0, 1], [2, 3], [4, 5]]
    labels = np.array([0, 0, 0, 0, 1, 1])
    assert [sorted(labels[test]) for _, test in StratifiedKFold(labels, n_folds=2)] == [[0, 0, 1], [0, 0, 1]]


def test_mnist_of_openml_and_mldata_needs_no_network(modules):
    from sklearn.datasets import fetch_mldata, fetch_openml

    pixels, digits = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False)
    assert pixels.shape == (70_000, 784)
    assert digits[:3].tolist() == ["5", "0", "4"]
    frame = fetch_openml("mnist_784").data
    assert list(frame.columns[:2]) == ["pixel1", "pixel2"]
    old = fetch_mldata("MNIST original")
    assert old.target[[0, 59_999, 60_000, 69_999]].tolist() == [0, 9, 0, 9]


def two_blobs():
    random = np.random.default_rng(3)
    y = np.repeat(["left", "right"], 30)
    x = random.normal(size=(60, 2)) * 0.3 + np.where(y == "left", -2, 2)[:, None]
    return x.astype("float32"), y


def build(units=4):
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, "tanh"), keras.layers.Dense(1, "sigmoid")])
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
    return model


def test_a_classifier_of_keras_is_searched_and_validated_by_scikit_learn(modules):
    from keras.wrappers.scikit_learn import KerasClassifier
    from sklearn.model_selection import GridSearchCV, cross_val_score

    x, y = two_blobs()
    estimator = KerasClassifier(build_fn=build, epochs=20, batch_size=5, verbose=0)
    assert cross_val_score(estimator, x, y, cv=2).mean() > 0.9
    search = GridSearchCV(estimator=estimator, param_grid={"units": [2, 6]}, cv=2).fit(x, y)
    assert search.best_params_["units"] in {2, 6}
    best = search.best_estimator_
    assert set(best.predict(x)) == {"left", "right"}
    np.testing.assert_allclose(best.predict_proba(x).sum(axis=1), 1, rtol=1e-5)
    assert estimator.fit(x, y, epochs=1).history["loss"]


def test_a_regressor_of_keras_scores_its_loss(modules):
    import keras
    from keras.wrappers.scikit_learn import KerasRegressor

    def line():
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    x, _ = two_blobs()
    estimator = KerasRegressor(build_fn=line, nb_epoch=3, verbose=0)
    estimator.fit(x, x.sum(axis=1))
    assert estimator.predict(x).shape == (60,)
    assert estimator.score(x, x.sum(axis=1)) <= 0


def test_the_packages_called_mnist_are_served_and_a_module_of_the_user_comes_first(modules, tmp_path, monkeypatch):
    import mnist
    from keras.datasets import mnist as dataset

    (x_train, y_train), (x_test, y_test) = dataset.load_data()
    assert np.array_equal(mnist.train_images(), x_train)
    assert np.array_equal(mnist.train_labels(), y_train)
    assert np.array_equal(mnist.test_labels(), y_test)
    images, labels = mnist.MNIST("data", gz=True).load_testing()
    assert images[7] == x_test[7].ravel().tolist()
    assert labels[7] == y_test[7]

    monkeypatch.delitem(sys.modules, "mnist")
    (tmp_path / "mnist.py").write_text("mine = True")
    monkeypatch.syspath_prepend(tmp_path)
    assert importlib.import_module("mnist").mine

import json
import subprocess
import sys

import keras
import numpy as np
import pytest
from compare import close, randomize, sequential
from keras import layers

from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.lower import lower_config, lower_file, lower_model, weights_of
from scribal.engine.lower_training import lower_loss, lower_optimizer
from scribal.engine.operations import Activation, Add, Conv2D, Dense, Dropout, Input, MaxPool2D
from scribal.engine.reference import Network
from scribal.engine.window import Window
from scribal.exceptions import ModelError, ScribalError


def branching():
    """A functional model with a residual, two branches, and models inside the model."""
    image = keras.Input((8, 8, 3))
    stem = keras.Sequential([layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization()], name="stem")(image)
    left = layers.Conv2D(4, 1, activation="relu")(stem)
    right = layers.DepthwiseConv2D(3, padding="same")(stem)
    joined = layers.Concatenate()([layers.Add()([left, stem]), right])
    inside = keras.Input((8, 8, 8))
    head = keras.Model(inside, layers.Dense(5)(layers.GlobalAveragePooling2D()(inside)), name="head")
    return keras.Model(image, layers.Softmax()(head(joined)))


def inputs_for(graph, samples=3):
    return np.random.default_rng(0).normal(size=(samples, *graph.input_shape)).astype(np.float32)


def test_sequential_becomes_a_chain():
    graph = lower_model(
        sequential(
            (28, 28, 1),
            layers.Conv2D(6, 3, padding="same", activation="relu", name="conv"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Dropout(0.25, name="drop"),
            layers.Dense(10, name="dense"),
        )
    )
    operations = [node.operation for node in graph.nodes]
    assert operations == [
        Input((28, 28, 1)),
        Conv2D(6, Window((3, 3), padding="same")),
        Activation("relu"),
        MaxPool2D(Window((2, 2), (2, 2))),
        Dropout(0.25),
        Dense(10),
    ]
    assert [node.inputs for node in graph.nodes[1:]] == [(node.name,) for node in graph.nodes[:-1]]
    assert graph.shapes["pool"] == (14, 14, 6)
    assert [name for name, _ in graph.weights()] == ["conv/kernel", "conv/bias", "dense/kernel", "dense/bias"]


def test_functional_with_branches_and_inner_models_answers_like_keras():
    model = branching()
    randomize(model)
    graph, weights = lower_model(model), weights_of(model)
    assert list(weights) == [name for name, _ in graph.weights()]
    assert "stem/conv2d" in {node.name.rstrip("_0123456789") for node in graph.nodes}
    inputs = inputs_for(graph)
    close(Network(graph, weights).predict(inputs), model.predict(inputs, verbose=0))


def test_a_model_built_by_its_first_call_is_lowered():
    model = keras.Sequential([layers.Flatten(), layers.Dense(3)])
    model(np.zeros((1, 4, 2), np.float32))
    graph = lower_model(model)
    assert (graph.input_shape, graph.output_shape) == ((4, 2), (3,))


@pytest.mark.parametrize("model", [branching, lambda: sequential((4,), layers.Dense(2, "tanh"))])
def test_configuration_json_and_file_give_the_same_graph(model, tmp_path):
    model = model()
    model.save(tmp_path / "model.keras")
    assert lower_config(model.get_config()) == lower_config(json.loads(model.to_json())) == lower_model(model)
    assert lower_file(tmp_path / "model.keras") == lower_model(model)


def test_a_saved_file_is_lowered_without_keras(tmp_path):
    branching().save(tmp_path / "model.keras")
    program = (
        "import sys, pathlib; from scribal.engine.lower import lower_file;"
        "lower_file(pathlib.Path(sys.argv[1])); assert not {'keras', 'jax', 'tensorflow', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "model.keras")], check=True)


def test_a_file_that_is_no_model_is_named(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"no archive")
    with pytest.raises(ModelError, match=r"model\.keras"):
        lower_file(tmp_path / "model.keras")


def shared():
    image = keras.Input((4,))
    dense = layers.Dense(4)
    return keras.Model(image, dense(dense(image)))


def two_inputs():
    images = keras.Input((4,)), keras.Input((4,))
    return keras.Model(images, layers.Add()(images))


def arithmetic():
    image = keras.Input((4,))
    return keras.Model(image, keras.ops.square(image))


@keras.saving.register_keras_serializable("tests")
class OwnLayer(layers.Dense):
    """A user's own layer."""


class NamelessLayer(layers.Layer):
    """A user's own layer, whose constructor takes no name, so that its configuration has none."""

    def __init__(self, units=3):
        super().__init__()
        self.units = units

    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (lambda: sequential((8, 8, 4), layers.Conv2D(4, 3, groups=2, name="c")), "'c'.*groups.*Received: 2"),
        (
            lambda: sequential((8, 8, 4), layers.Conv2D(4, 3, data_format="channels_first", name="c")),
            "must have one channel",
        ),
        (lambda: sequential((8,), layers.Dense(4, activation="mish", name="d")), "'d'.*activation.*mish"),
        (lambda: sequential((8,), layers.Dense(4, kernel_constraint="non_neg", name="d")), "'d'.*kernel_constraint"),
        (lambda: sequential((8,), layers.Dense(4, activity_regularizer="l2", name="d")), "'d'.*activity_regularizer"),
        (lambda: sequential((8,), layers.Dense(4, kernel_regularizer="orthogonal_regularizer", name="d")), "'d'.*L1"),
        (lambda: sequential((8,), layers.Dense(4, dtype="mixed_bfloat16", name="d")), "'d'.*float32.*bfloat16"),
        (lambda: sequential((8, 4), layers.LSTM(4, name="r")), "'r'.*class.*Received: LSTM"),
        (lambda: sequential((8, 8, 1), layers.ReLU(max_value=6, name="a")), "'a'.*max_value.*Received: 6"),
        (lambda: sequential((8, 8, 1), layers.BatchNormalization(axis=1, name="n")), "'n'.*axis"),
        (lambda: sequential((8, 8, 1), layers.Softmax(axis=1, name="s")), "'s'.*axis"),
        (lambda: sequential((8,), OwnLayer(3, name="own")), "'own'.*Keras' own"),
        (lambda: sequential((8,), NamelessLayer()), "'NamelessLayer'.*Keras' own"),
        (lambda: sequential((None, None, 3), layers.GlobalMaxPooling2D()), "batch_shape"),
        (lambda: keras.Sequential([layers.Dense(3)]), "shape of its input"),
        (shared, "called once.*2 calls"),
        (two_inputs, "one input"),
        (arithmetic, "own layers"),
    ],
)
def test_what_cannot_be_lowered_is_named_with_its_reason(model, named):
    with pytest.raises(LoweringError, match=named) as error:
        lower_model(model())
    assert isinstance(error.value, ScribalError)


def test_a_layer_that_does_not_fit_is_named():
    config = sequential((8, 8, 1), layers.Conv2D(2, 3, name="c")).get_config()
    config["layers"][0]["config"]["batch_shape"] = (None, 2, 2, 1)
    with pytest.raises(LoweringError, match=r"'c'.*window.*Received"):
        lower_config(config)


@pytest.mark.parametrize(
    "nodes",
    [
        (Node("d", Dense(3)),),
        (Node("x", Input((3,))), Node("x", Dense(3), ("x",))),
        (Node("x", Input((3,))), Node("d", Dense(3), ("y",))),
        (Node("x", Input((3,))), Node("c", Conv2D(3, Window((2, 2))), ("x",))),
        (Node("x", Input((3,))), Node("d", Dense(2), ("x",)), Node("a", Add(), ("x", "d"))),
    ],
)
def test_a_graph_checks_its_nodes(nodes):
    with pytest.raises(ValueError, match="Received"):
        Graph(nodes)


@pytest.mark.parametrize(
    ("lower", "value"),
    [
        (lower_loss, "poisson"),
        (lower_loss, keras.losses.serialize(keras.losses.MeanSquaredError(reduction="sum"))),
        (lower_loss, keras.losses.serialize(keras.losses.CategoricalCrossentropy(axis=1))),
        (lower_optimizer, "lion"),
        (lower_optimizer, keras.optimizers.serialize(keras.optimizers.SGD(use_ema=True))),
        (lower_optimizer, {"class_name": "SGD", "config": {"learning_rate": {"class_name": "Own", "config": {}}}}),
    ],
)
def test_losses_and_optimizers_that_cannot_be_lowered_are_named(lower, value):
    with pytest.raises(LoweringError, match="Received"):
        lower(value)


@pytest.mark.parametrize("loss", ["mse", "mean_squared_error", keras.losses.MeanSquaredError()])
def test_losses_by_name_or_object(loss):
    model = sequential((2,), layers.Dense(1))
    model.compile("adam", loss)
    assert lower_loss(model.get_compile_config()["loss"]).name == "mean_squared_error"


def test_the_last_axis_of_images_may_be_counted_from_the_front():
    third, last = (lower_model(sequential((8, 8, 2), layers.BatchNormalization(axis=axis))) for axis in (3, -1))
    assert [node.operation for node in third.nodes] == [node.operation for node in last.nodes]

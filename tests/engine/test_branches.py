"""Networks with branches and batch normalization: steps as Keras takes them, the same bits on any number of threads."""

import keras
import numpy as np
import pytest
from compare import close, randomize, train_steps
from keras import layers

import scribal.engine
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.lower import lower_model
from scribal.engine.operations import Activation, Concatenate, Dense, Flatten, Input, MaxPool2D, Reshape
from scribal.engine.plan import make_plan
from scribal.engine.target import AVX512
from scribal.engine.window import Window
from scribal.recipes import RECIPES


def batches_for(model, batch_size, count, seed=0):
    generator = np.random.default_rng(seed)
    batches = []
    for _ in range(count):
        inputs = generator.uniform(size=(batch_size, *model.input_shape[1:])).astype(np.float32)
        classes = model.output_shape[-1]
        batches.append((inputs, np.eye(classes, dtype=np.float32)[generator.integers(classes, size=batch_size)]))
    return batches


def follow_keras(model, batch_size, count, tolerance=2e-5, optimizer="sgd"):
    program = scribal.engine.compile(
        model, loss="categorical_crossentropy", optimizer=optimizer, batch_size=batch_size, threads=2
    )
    batches = batches_for(model, batch_size, count)
    expected_losses, expected_weights = train_steps(model, "categorical_crossentropy", optimizer, batches)
    for (inputs, targets), expected, weights in zip(batches, expected_losses, expected_weights, strict=True):
        close(program.train_epoch(inputs, targets).loss, expected)
        for name, weight in weights.items():
            close(program.weights[name], weight, tolerance)
    close(program.predict(batches[0][0]), model.predict(batches[0][0], verbose=0), tolerance)


@pytest.mark.parametrize("name", ["inception-mini", "resnet-mini"])
def test_a_mini_trains_as_with_keras(name):
    keras.utils.set_random_seed(7)
    follow_keras(RECIPES[name].network((28, 28, 1), 10), batch_size=40, count=2)


def test_a_network_may_end_in_a_strided_convolution():
    inputs = keras.Input((5, 4, 2))
    x = layers.Conv2D(3, 2, strides=(2, 1))(layers.Conv2D(4, 2, padding="same")(inputs))
    follow_keras(keras.Model(inputs, layers.Softmax()(layers.Flatten()(x))), batch_size=17, count=2)


def normalized_vectors():
    inputs = keras.Input((11,))
    x = layers.BatchNormalization(momentum=0.7)(layers.Dense(17)(inputs))
    x = layers.Add()([layers.ReLU()(x), layers.BatchNormalization(scale=False)(layers.Dense(17)(x))])
    x = layers.Concatenate()([x, inputs, layers.BatchNormalization(center=False)(inputs)])
    return keras.Model(inputs, layers.Dense(5, "softmax")(x))


def frozen_parts():
    inputs = keras.Input((9, 9, 2))
    x = layers.Conv2D(6, 3, trainable=False)(inputs)
    x = layers.BatchNormalization(trainable=False)(x)
    x = layers.Conv2D(5, 3, padding="same", activation="gelu")(x)
    x = layers.BatchNormalization(trainable=False)(x)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, trainable=False)(x)
    return keras.Model(inputs, layers.Dense(4, "softmax")(layers.GlobalMaxPooling2D()(x)))


def shared_reader():
    """One value read four times, with borders of different sizes, as a part of itself, and flat."""
    inputs = keras.Input((8, 7, 3))
    x = layers.Conv2D(8, 3, activation="relu")(inputs)
    parts = [layers.Conv2D(8, size, padding="same", activation="silu")(x) for size in (1, 3, 5)]
    y = layers.Add()([x, *parts, x])
    y = layers.AveragePooling2D(3, strides=2, padding="same")(y)
    y = layers.Concatenate()([layers.Flatten()(y), layers.Flatten()(x)])
    return keras.Model(inputs, layers.Dense(3, "softmax")(y))


def pixels_in_a_row():
    inputs = keras.Input((84,))
    x = layers.Reshape((6, 14, 1))(inputs)
    x = layers.ZeroPadding2D(((1, 0), (2, 1)))(layers.Conv2D(4, 3, padding="same")(x))
    x = layers.Reshape((17, -1))(x)
    x = layers.BatchNormalization()(layers.Dense(6, activation="softmax")(x))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(3)(layers.Flatten()(x))))


@pytest.mark.parametrize("batch_size", [17, 70])
@pytest.mark.parametrize("build", [normalized_vectors, frozen_parts, shared_reader, pixels_in_a_row])
def test_a_network_trains_as_with_keras(build, batch_size):
    model = build()
    randomize(model)
    follow_keras(model, batch_size, count=2, tolerance=5e-5)


@pytest.mark.parametrize(
    "build", [normalized_vectors, shared_reader, lambda: RECIPES["resnet-mini"].network((12, 12, 1), 5)]
)
def test_the_same_bits_on_any_number_of_threads(build):
    keras.utils.set_random_seed(3)
    model = build()
    results = []
    for threads in (1, 2, 3):
        program = scribal.engine.compile(
            model, loss="categorical_crossentropy", optimizer="adam", batch_size=100, threads=threads
        )
        ((inputs, targets),) = batches_for(model, 250, 1)
        epoch = program.train_epoch(inputs, targets)
        results.append((epoch, program.weights, program.predict(inputs)))
    for epoch, weights, answers in results[1:]:
        assert epoch == results[0][0]
        assert all(np.array_equal(weight, results[0][1][name]) for name, weight in weights.items())
        assert np.array_equal(answers, results[0][2])


def test_frozen_weights_stay_to_the_bit():
    model = frozen_parts()
    randomize(model)
    program = scribal.engine.compile(model, loss="categorical_crossentropy", optimizer="adam", batch_size=8)
    before = program.weights
    program.train_epoch(*batches_for(model, 20, 1)[0])
    trained = {name for name, weight in program.graph.weights() if weight.trainable}
    assert {name for name, weight in program.weights.items() if not np.array_equal(weight, before[name])} == trained
    assert all(group.keys() == trained for group in program.slots().values())


def test_the_way_back_ends_before_the_first_trained_layer():
    plan = make_plan(lower_model(frozen_parts()), 16, AVX512)
    is_frozen = [tensor.gradient is None for tensor in plan.tensors]
    assert is_frozen == [True] * 3 + [False] * (len(is_frozen) - 3)


def test_a_convolutional_tutorial_stays_depth_first_with_all_its_short_cuts():
    plan = make_plan(lower_model(RECIPES["dropout-cnn"].build()), 300, AVX512)
    first, pooled, second, *_ = plan.tensors[1:]
    assert len(plan.phases) == plan.chunk == 1
    assert second.sparse is not None
    assert second.fast is not None
    assert {tensor.value.where for tensor in (first, pooled, second)} == {"thread"}


def test_a_chain_without_batch_normalization_is_one_phase():
    chain = make_plan(lower_model(shared_reader()), 16, AVX512)
    residual = make_plan(lower_model(RECIPES["resnet-mini"].network((12, 12, 1), 5)), 16, AVX512)
    assert len(chain.phases) == 1
    # Seven normalizations one behind the other, two shortcuts beside them: there and back.
    assert len(residual.phases) == 2 * 7 + 1


def test_a_result_that_nothing_reads_is_named():
    nodes = (
        Node("x", Input((4, 4, 1))),
        Node("lost", MaxPool2D(Window((2, 2))), ("x",)),
        Node("flat", Flatten(), ("x",)),
        Node("d", Dense(2), ("flat",)),
        Node("s", Activation("softmax"), ("d",)),
    )
    with pytest.raises(LoweringError, match=r"'lost'.*nothing reads"):
        make_plan(Graph(nodes), 4, AVX512)


def test_joining_along_a_leading_axis_of_many_is_named():
    nodes = (
        Node("x", Input((4, 4))),
        Node("r", Reshape((2, 2, 2, 2)), ("x",)),
        Node("c", Concatenate(0), ("r", "r")),
        Node("f", Flatten(), ("c",)),
        Node("d", Dense(2), ("f",)),
    )
    with pytest.raises(LoweringError, match=r"'c'.*axis 0 of 4"):
        make_plan(Graph(nodes), 4, AVX512)

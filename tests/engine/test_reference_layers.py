import jax
import numpy as np
import pytest
from compare import close, randomize
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers
from strategies import sliding

from scribal.engine.graph import Graph, Node
from scribal.engine.lower_layers import lower_layer
from scribal.engine.operations import Input
from scribal.engine.reference.layers import Context, apply

IMAGE = (7, 6, 4)
ACTIVATIONS = ["relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus", "softmax", "linear"]
LAYERS = [
    (layers.Dense(5), [(7,)]),
    (layers.Dense(5, use_bias=False, activation="tanh"), [(3, 4)]),
    (layers.Conv2D(5, 3), [IMAGE]),
    (layers.Conv2D(3, (5, 2), strides=(2, 3), padding="same", activation="softplus"), [IMAGE]),
    (layers.Conv2D(3, 2, dilation_rate=(2, 3), use_bias=False), [IMAGE]),
    (layers.DepthwiseConv2D(3, depth_multiplier=2), [IMAGE]),
    (layers.DepthwiseConv2D(3, strides=2, padding="same", activation="elu"), [IMAGE]),
    (layers.MaxPooling2D(2), [IMAGE]),
    (layers.MaxPooling2D(3, strides=2, padding="same"), [IMAGE]),
    (layers.AveragePooling2D((3, 2), strides=1, padding="same"), [IMAGE]),
    (layers.AveragePooling2D(3), [IMAGE]),
    (layers.GlobalAveragePooling2D(), [IMAGE]),
    (layers.GlobalAveragePooling2D(keepdims=True), [IMAGE]),
    (layers.GlobalMaxPooling2D(), [IMAGE]),
    (layers.ZeroPadding2D(((1, 2), (0, 3))), [IMAGE]),
    (layers.Flatten(), [IMAGE]),
    (layers.Reshape((4, -1)), [IMAGE]),
    (layers.Dropout(0.5), [IMAGE]),
    (layers.BatchNormalization(), [IMAGE]),
    (layers.BatchNormalization(center=False, scale=False, epsilon=0.1), [(5,)]),
    (layers.Rescaling(1 / 255, offset=-0.5), [IMAGE]),
    (layers.Add(), [IMAGE, IMAGE, IMAGE]),
    (layers.Concatenate(), [(3, 3, 2), (3, 3, 5)]),
    (layers.Concatenate(axis=1), [(3, 3, 2), (4, 3, 2)]),
    (layers.ReLU(), [IMAGE]),
    (layers.ReLU(negative_slope=0.3), [IMAGE]),
    (layers.LeakyReLU(), [IMAGE]),
    (layers.ELU(0.7), [IMAGE]),
    (layers.Softmax(), [(9,)]),
    *((layers.Activation(name), [IMAGE]) for name in ACTIVATIONS),
]


def check(layer, shapes, *, training=False, samples=3, whole_numbers=False):
    """Compare a layer's output and all its gradients with Keras' on JAX."""
    generator = np.random.default_rng(1)
    inputs = [generator.normal(size=(samples, *shape)).astype(np.float32) for shape in shapes]
    if whole_numbers:
        inputs = [np.round(array) for array in inputs]
    layer.build(inputs[0].shape if len(inputs) == 1 else [array.shape for array in inputs])
    randomize(layer)
    fixed = [variable.value for variable in layer.non_trainable_variables]

    def keras_layer(trained, arrays):
        options = {"training": training} if isinstance(layer, layers.BatchNormalization | layers.Dropout) else {}
        return layer.stateless_call(trained, fixed, arrays[0] if len(arrays) == 1 else arrays, **options)

    @jax.jit
    def forward_and_backward(trained, arrays, gradient):
        output, backward, state = jax.vjp(keras_layer, trained, arrays, has_aux=True)
        return output, backward(gradient), state

    trained = [variable.value for variable in layer.trainable_variables]
    shape = jax.eval_shape(keras_layer, trained, inputs)[0].shape
    gradient = generator.normal(size=shape).astype(np.float32)
    expected, (weight_gradients, input_gradients), state = forward_and_backward(trained, inputs, gradient)

    operations = lower_layer(type(layer).__name__, layer.get_config())
    tape, arrays = [], tuple(array.astype(np.float64) for array in inputs)
    weights = {variable.name: np.array(variable, np.float64) for variable in layer.weights}
    arriving = shapes
    for operation in operations:
        shape = operation.output_shape(*arriving)
        own = {weight.name: weights[weight.name] for weight in operation.weights(*arriving)}
        tape.append(apply(operation, arrays, own, Context(training=training, key=(0, 0), shape=shape)))
        arrays, arriving = (tape[-1].output,), (shape,)
        assert arrays[0].shape == (samples, *shape)
    close(arrays[0], expected)

    gradients, own_gradients = (gradient.astype(np.float64),), {}
    for applied in reversed(tape):
        gradients, found = applied.backward(gradients[0])
        own_gradients |= found
    for actual, wanted in zip(gradients, input_gradients, strict=True):
        close(actual, wanted)
    for variable, wanted in zip(layer.trainable_variables, weight_gradients, strict=True):
        close(own_gradients[variable.name], wanted)
    if training:
        for variable, wanted in zip(layer.non_trainable_variables, state, strict=True):
            close(tape[0].updates[variable.name], wanted)


@pytest.mark.parametrize(
    ("layer", "shapes"), LAYERS, ids=[f"{index}-{layer.name}" for index, (layer, _) in enumerate(LAYERS)]
)
def test_a_layer_and_its_gradients_are_keras(layer, shapes):
    check(layer, shapes)


@pytest.mark.parametrize("shape", [IMAGE, (5,)])
def test_batch_normalization_in_training_is_keras(shape):
    check(layers.BatchNormalization(momentum=0.7), [shape], training=True, samples=6)


@pytest.mark.parametrize("layer", [layers.MaxPooling2D(3, strides=1, padding="same"), layers.GlobalMaxPooling2D()])
def test_equal_maxima_share_gradients_as_in_keras(layer):
    check(layer, [IMAGE], whole_numbers=True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sliding(), st.integers(1, 4), st.booleans())
def test_any_convolution_is_keras(case, filters, use_bias):
    window, image = case
    check(
        layers.Conv2D(
            filters, window.size, window.strides, window.padding, dilation_rate=window.dilation, use_bias=use_bias
        ),
        [image],
        samples=2,
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sliding(), st.integers(1, 2))
def test_any_depthwise_convolution_is_keras(case, multiplier):
    window, image = case
    # Keras on JAX has one stride for both axes here.
    strides = (window.strides[0], window.strides[0])
    layer = layers.DepthwiseConv2D(
        window.size,
        strides,
        window.padding,
        depth_multiplier=multiplier,
        dilation_rate=window.dilation if strides == (1, 1) else 1,
    )
    check(layer, [image], samples=2)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sliding(dilated=False), st.sampled_from([layers.MaxPooling2D, layers.AveragePooling2D]))
def test_any_pooling_is_keras(case, kind):
    window, image = case
    check(kind(window.size, window.strides, window.padding), [image], samples=2)


def test_dropout_keeps_the_expected_share_and_the_mean():
    graph = Graph((Node("x", Input((100, 100))),))
    operation = lower_layer("Dropout", layers.Dropout(0.3).get_config())[0]
    ones = np.ones((2, *graph.input_shape))
    output = apply(operation, (ones,), {}, Context(training=True, key=(1, 2), shape=(100, 100))).output
    assert set(np.unique(output)) == {0.0, 1 / 0.7}
    assert abs((output == 0).mean() - 0.3) < 0.01
    assert not np.array_equal(output[0], output[1])

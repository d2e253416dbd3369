"""Results and gradients inside a network: the reference's trace against Keras on JAX."""

import jax
import keras
import numpy as np
import pytest
from compare import close, randomize
from keras import layers

from scribal.engine.lower import lower_model, weights_of
from scribal.engine.reference.network import Network


def residual():
    inputs = keras.Input((9, 8, 2))
    first = layers.Conv2D(4, 3, padding="same")(inputs)
    x = layers.ReLU(name="open")(layers.BatchNormalization()(first))
    x = layers.Add(name="sum")([x, first])
    x = layers.Concatenate(name="both")([layers.MaxPooling2D(2)(x), layers.AveragePooling2D(2)(x)])
    return keras.Model(inputs, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))


def plain():
    return keras.Sequential(
        [
            keras.Input((9, 8, 2)),
            layers.DepthwiseConv2D(3, activation="elu"),
            layers.Dropout(0.5),
            layers.Conv2D(3, 3, strides=2, activation="tanh", name="both"),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


@pytest.mark.parametrize("build", [residual, plain])
def test_results_and_gradients_inside_a_network_are_keras(build):
    model = build()
    randomize(model)
    inputs = np.random.default_rng(1).normal(size=(2, 9, 8, 2)).astype(np.float32)
    trace = Network(lower_model(model), weights_of(model)).trace(inputs)
    close(trace.output, model(inputs))
    sent = np.array([[0, 1, 0], [0.5, 0, -2]], np.float32)
    gradients = trace.backward(sent)
    expected = jax.grad(lambda x: (model(x) * sent).sum())(inputs)
    close(gradients.results[trace.graph.nodes[0].name], expected)
    # What is read once can be cut off, and Keras be asked for the rest.
    result = model.get_layer("both").output
    value = keras.Model(model.inputs[0], result)(inputs)
    behind = keras.Model(result, model.outputs[0])
    node = next(node for node in reversed(trace.graph.nodes) if node.name.partition(":")[0] == "both")
    close(trace.result(node.name), value)
    close(gradients.results[node.name], jax.grad(lambda x: (behind(x) * sent).sum())(value))

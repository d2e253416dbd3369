"""A compiled network that is small, and samples for any network."""

import numpy as np
from compare import sequential
from keras import layers

from scribal.engine.lower import lower_model, weights_of
from scribal.engine.program import Program
from scribal.engine.training import Adam, Loss

CROSSENTROPY = Loss("categorical_crossentropy")


def samples_for(graph, count, seed=0):
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(count, *graph.input_shape)).astype(np.float32)
    classes = graph.output_shape[-1]
    return inputs, np.eye(classes, dtype=np.float32)[generator.integers(classes, size=count)]


def random_weights(graph, seed=0):
    generator = np.random.default_rng(seed)
    weights = {}
    for name, weight in graph.weights():
        value = generator.normal(size=weight.shape) / np.sqrt(np.prod(weight.shape[:-1]))
        weights[name] = np.abs(value) + 0.5 if weight.name == "moving_variance" else value
    return weights


def small_program(optimizer=None, scale=1.0, activation="softmax"):
    model = sequential(
        (6, 6, 2), layers.Conv2D(3, 3), layers.Flatten(name="f"), layers.Dense(4, activation, name="dense")
    )
    graph, weights = lower_model(model), weights_of(model)
    weights = {"/".join(name.split("/")): scale * value for name, value in weights.items()}
    return Program(graph, weights, CROSSENTROPY, optimizer or Adam(0.01), batch_size=8)

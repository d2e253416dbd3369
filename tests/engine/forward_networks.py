"""Random networks of every layer that prediction has a form for, with branches, for the property tests."""

import numpy as np
from hypothesis import strategies as st
from strategies import windows

from scribal.engine import operations as op
from scribal.engine.graph import Graph, Node

SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20, 33]
POINTWISE = [op.Activation("relu"), op.Activation("tanh"), op.Activation("elu", 0.7), op.Activation("leaky_relu", 0.2)]
ANYWHERE = [*POINTWISE, op.Rescaling(0.5, -0.25), op.BatchNormalization(), op.Dropout(0.4), op.Activation("linear")]


@st.composite
def one_input(draw, shape):
    """Draw an operation that reads one value of this shape."""
    choices = [*ANYWHERE, op.Dense(draw(st.sampled_from(SIZES)), draw(st.booleans())), op.Activation("softmax")]
    total = int(np.prod(shape))
    choices += [op.Flatten(), op.Reshape((total,)), op.Reshape((1, -1)), op.Reshape((1, total, 1))]
    if len(shape) == 3:
        window = draw(windows(shape, padded=True))
        plain = type(window)(window.size, window.strides, padding=window.padding)
        padding = draw(st.tuples(*[st.tuples(st.integers(0, 2), st.integers(0, 2))] * 2))
        choices += [
            op.Conv2D(draw(st.sampled_from(SIZES)), window, draw(st.booleans())),
            op.DepthwiseConv2D(window, use_bias=draw(st.booleans())),
            op.MaxPool2D(plain),
            op.AveragePooling2D(plain),
            op.GlobalAveragePooling2D(draw(st.booleans())),
            op.GlobalMaxPooling2D(draw(st.booleans())),
            op.ZeroPadding2D(padding),
        ]
    return draw(st.sampled_from(choices))


@st.composite
def forward_networks(draw):
    """Draw a network in which any value may be read more than once."""
    shape = draw(st.tuples(st.integers(1, 7), st.integers(1, 7), st.sampled_from([1, 3, 4, 17])))
    nodes = [Node("n0", op.Input(draw(st.sampled_from([shape, shape[1:], shape[2:]]))))]
    for number in range(1, draw(st.integers(2, 9))):
        shapes = Graph(tuple(nodes)).shapes
        # Mostly the newest value, so that networks grow deep.
        first = nodes[-draw(st.sampled_from([1, 1, 1, min(2, len(nodes))]))].name
        fitting = [name for name in shapes if shapes[name] == shapes[first]]
        kind = draw(st.sampled_from(["one", "one", "one", "one", "add", "concatenate"]))
        if kind == "one":
            operation, inputs = draw(one_input(shapes[first])), (first,)
        else:
            inputs = (first, *draw(st.lists(st.sampled_from(fitting), min_size=1, max_size=2)))
            axis = draw(st.integers(-len(shapes[first]), len(shapes[first]) - 1))
            operation = op.Add() if kind == "add" else op.Concatenate(axis)
        nodes.append(Node(f"n{number}", operation, inputs))
    return Graph(tuple(nodes))


def forward_weights(graph, seed=0):
    """Random weights; variances are positive."""
    generator = np.random.default_rng(seed)
    weights = {}
    for name, weight in graph.weights():
        value = generator.normal(size=weight.shape) / np.sqrt(max(np.prod(weight.shape[:-1]), 1))
        weights[name] = np.abs(value) + 0.5 if "variance" in name else value
    return weights

import numpy as np
import pytest
from compare import close
from forward_networks import forward_networks, forward_weights
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scribal.engine import operations as op
from scribal.engine.arrays import aligned
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.reference import Network
from scribal.engine.single_image.form import SingleImage
from scribal.engine.single_image.plan import plan_images
from scribal.engine.target import AVX2, AVX512, NEON, SSE, host_target
from scribal.engine.window import Window

EVERY_WIDTH = [AVX512, AVX2, SSE, NEON] if host_target() == AVX512 else [AVX2, SSE, NEON]


def answers_of(graph, weights, inputs, target):
    outputs = aligned(len(inputs) * int(np.prod(graph.output_shape)))
    SingleImage(graph, weights, target).answer(inputs, outputs)
    return outputs.reshape(-1, *graph.output_shape)


def follow(graph, target, samples=2, *, as_bytes=False):
    """Answer for images one by one, and by the reference."""
    weights, generator = forward_weights(graph), np.random.default_rng(1)
    inputs = generator.normal(size=(samples, *graph.input_shape)).astype(np.float32)
    if as_bytes:
        inputs = generator.integers(256, size=inputs.shape, dtype=np.uint8)
    expected = Network(graph, weights).predict(inputs.astype(float))
    close(answers_of(graph, weights, inputs, target), expected)


def chain(*operations):
    nodes = [Node("n0", operations[0])]
    nodes += [Node(f"n{i}", operation, (f"n{i - 1}",)) for i, operation in enumerate(operations[1:], start=1)]
    return Graph(tuple(nodes))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(forward_networks(), st.sampled_from(EVERY_WIDTH), st.booleans())
def test_any_network_answers_as_the_reference_does(graph, target, as_bytes):
    follow(graph, target, as_bytes=as_bytes)


@pytest.mark.parametrize("target", EVERY_WIDTH)
@pytest.mark.parametrize("units", [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 36, 130])
def test_channels_at_every_filling_of_the_lanes(target, units):
    follow(chain(op.Input((5, 9, 3)), op.Conv2D(units, Window((3, 2), padding="same")), op.Activation("relu")), target)
    follow(chain(op.Input((19,)), op.Dense(units), op.Activation("softmax")), target)


@pytest.mark.parametrize("columns", [1, 2, 6, 7, 8, 13, 24, 25, 49])
def test_rows_of_every_length(columns):
    follow(chain(op.Input((2, columns, 2)), op.Conv2D(6, Window((1, 1))), op.MaxPool2D(Window((1, 1)))), host_target())


@pytest.mark.parametrize("target", EVERY_WIDTH)
@pytest.mark.parametrize(("size", "rows", "columns"), [(3, 6, 6), (3, 7, 9), (5, 8, 8), (5, 9, 12), (3, 2, 20)])
@pytest.mark.parametrize(("channels", "filters", "padding"), [(8, 8, "same"), (9, 17, "valid"), (17, 36, "same")])
def test_convolutions_with_fewer_multiplications(target, size, rows, columns, channels, filters, padding):
    rows, columns = (rows, columns) if padding == "same" else (rows + size - 1, columns + size - 1)
    window = Window((size, size), padding=padding)
    graph = chain(
        op.Input((rows, columns, channels)),
        op.Conv2D(filters, window),
        op.BatchNormalization(),
        op.Activation("elu", 1),
    )
    assert plan_images(graph, target).steps[1].tiling is not None
    follow(graph, target)


def test_normalization_is_folded_into_the_weights_before_it():
    convolution = op.Conv2D(5, Window((3, 3)), use_bias=False)
    graph = chain(op.Input((8, 8, 2)), convolution, op.BatchNormalization(), op.Activation("relu"))
    assert len(plan_images(graph, host_target()).steps) == 2
    follow(graph, host_target())


def test_what_others_read_is_left_as_it_is():
    """The convolution's own result is added to what normalization and activation make of it."""
    nodes = [
        Node("image", op.Input((4, 4, 1))),
        Node("convolution", op.Conv2D(5, Window((3, 3))), ("image",)),
        Node("dropout", op.Dropout(0.5), ("convolution",)),
        Node("normalization", op.BatchNormalization(), ("dropout",)),
        Node("relu", op.Activation("relu"), ("normalization",)),
        Node("sum", op.Add(), ("relu", "convolution")),
    ]
    follow(Graph(tuple(nodes)), host_target())


def test_zeros_around_an_image_are_no_pixels_to_an_activation():
    border = op.ZeroPadding2D(((1, 2), (0, 1)))
    follow(chain(op.Input((3, 3, 5)), border, op.Activation("sigmoid"), op.Flatten()), host_target())


@pytest.mark.parametrize(
    "operation",
    [op.DepthwiseConv2D(Window((2, 2)), depth_multiplier=2), op.Concatenate(0)],
)
def test_what_has_no_form_is_named(operation):
    images = op.Reshape((2, 2, 2, 2)) if isinstance(operation, op.Concatenate) else op.Activation("linear")
    nodes = [Node("n0", op.Input((4, 4, 1))), Node("n1", images, ("n0",))]
    nodes.append(Node("odd", operation, ("n1", "n1") if isinstance(operation, op.Concatenate) else ("n1",)))
    with pytest.raises(LoweringError, match="odd"):
        plan_images(Graph(tuple(nodes)), host_target())

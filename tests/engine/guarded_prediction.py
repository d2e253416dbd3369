"""Answer for images with every array between two pages that must not be touched; run as a program."""

import os

import numpy as np
from forward_networks import forward_networks, forward_weights
from guarded_training import WIDTHS, GuardedArrays
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import networks

import scribal.engine.many_images
import scribal.engine.single_image.form
from scribal.engine import operations as op
from scribal.engine.cache import CACHE_VARIABLE
from scribal.engine.graph import Graph, Node
from scribal.engine.many_images import BATCH, ManyImages
from scribal.engine.plan import make_plan
from scribal.engine.single_image.form import SingleImage
from scribal.engine.window import Window


@st.composite
def fast_convolutions(draw):
    """Draw a convolution that takes fewer multiplications than the plain one."""
    size, padding = draw(st.sampled_from([3, 5])), draw(st.sampled_from(["same", "valid"]))
    rows, columns, channels = draw(st.tuples(st.integers(8, 13), st.integers(8, 13), st.integers(8, 18)))
    window = Window((size, size), padding=padding)
    image = Node("n0", op.Input((rows, columns, channels)))
    return Graph((image, Node("n1", op.Conv2D(draw(st.integers(8, 37)), window), ("n0",))))


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(forward_networks(), fast_convolutions()), st.sampled_from(WIDTHS), st.booleans(), st.booleans())
def predict_guarded(graph, target, at_end, as_bytes):
    """Predict twice, with memory that was used before."""
    # The kernels read nothing by whole lines.
    arrays = GuardedArrays(at_end=at_end, line=4)
    scribal.engine.single_image.form.aligned = arrays.array
    form = SingleImage(graph, forward_weights(graph), target)
    size = int(np.prod(graph.input_shape))
    inputs = arrays.array(2 * size)
    if as_bytes:
        inputs = arrays.array(-(-2 * size // 4)).view(np.uint8)[: 2 * size]
    outputs = arrays.array(2 * int(np.prod(graph.output_shape)))
    for _ in range(2):
        form.answer(inputs.reshape(2, *graph.input_shape), outputs)
        assert np.isfinite(outputs).all()


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(networks(), st.sampled_from(WIDTHS), st.integers(1, 40), st.booleans())
def predict_groups_guarded(graph, target, count, at_end):
    """Predict for many images twice, with memory that was used before."""
    arrays = GuardedArrays(at_end=at_end)
    scribal.engine.many_images.aligned = arrays.array
    plan = make_plan(graph, BATCH, target, training=False)
    form = ManyImages(graph, forward_weights(graph), plan, target)
    inputs = arrays.array(count * int(np.prod(graph.input_shape))).reshape(count, *graph.input_shape)
    outputs = arrays.array(count * int(np.prod(graph.output_shape)))
    for _ in range(2):
        form.answer(inputs, outputs)
        assert np.isfinite(outputs).all()


if __name__ == "__main__":
    os.environ[CACHE_VARIABLE] = "off"
    predict_guarded()
    predict_groups_guarded()

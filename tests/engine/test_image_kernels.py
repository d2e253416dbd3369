"""Kernels over images against the NumPy reference: poolings, depthwise convolution, batch normalization."""

import numpy as np
import pytest
from compare import close
from test_kernels import TARGETS, run
from test_pooled_convolution import in_lanes

from scribal.engine.arrays import aligned
from scribal.engine.ir import INT64
from scribal.engine.kernels.global_pool import emit_global_maximum, emit_global_maximum_backward
from scribal.engine.kernels.normalization import Groups, emit_measure
from scribal.engine.kernels.pool import (
    Pool,
    emit_average_pool,
    emit_average_pool_backward,
    emit_max_pool,
    emit_max_pool_backward,
)
from scribal.engine.kernels.statistics import Channels, Measures, emit_merge
from scribal.engine.layout import Border, bordered_layout, dense_layout
from scribal.engine.reference import pooling
from scribal.engine.window import Window

WINDOWS = [
    Window((2, 2), (2, 2)),
    Window((3, 3), (2, 2), padding="same"),
    Window((3, 2), (1, 1), padding="same"),
    Window((4, 3), (3, 1)),
    Window((1, 2), (2, 3), padding="same"),
]


def bordered(shape):
    """A layout with a border of another window."""
    return bordered_layout(shape, [Border(Window((5, 3), padding="same"))])


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("kind", ["max", "average"])
def test_a_pooling_is_that_of_the_reference(kind, window, target):
    generator = np.random.default_rng(0)
    images = generator.normal(size=(target.lanes, 7, 8, 3)).round(1)
    forward, backward = {
        "max": (pooling.max_pool, pooling.max_pool_backward),
        "average": (pooling.average_pool, pooling.average_pool_backward),
    }[kind]
    pooled = forward(images, window)
    gradient = generator.normal(size=pooled.shape)
    layout, outputs = bordered(images.shape[1:]), dense_layout(pooled.shape[1:])
    pool = Pool(window, layout, outputs)
    inputs, results = in_lanes(images, layout, target.lanes), aligned(pooled.size)
    # What was there before does not count.
    input_gradients = aligned(images.size)
    input_gradients[:] = 7
    own = dense_layout(images.shape[1:])

    def write(code, values, answers, gradients, to):
        if kind == "max":
            emit_max_pool(code, pool, values, answers)
            emit_max_pool_backward(code, pool, values, (to, gradients), (own, outputs), rectified=False)
        else:
            emit_average_pool(code, pool, values, answers)
            emit_average_pool_backward(code, pool, (to, gradients), (own, outputs))

    run(target, write, inputs, results, in_lanes(gradient, outputs, target.lanes), input_gradients)
    close(results, in_lanes(pooled, outputs, target.lanes))
    close(input_gradients, in_lanes(backward(gradient, images, window), own, target.lanes))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("channels", [1, 7, 25])
def test_equal_maxima_of_an_image_share_the_gradient(channels, target):
    generator = np.random.default_rng(0)
    images = generator.integers(0, 3, size=(target.lanes, 4, 5, channels)).astype(float)
    gradient = generator.normal(size=(target.lanes, 1, 1, channels))
    layout, own = bordered(images.shape[1:]), dense_layout(images.shape[1:])
    results, input_gradients = aligned(target.lanes * channels), aligned(images.size)

    def write(code, values, answers, gradients, to):
        emit_global_maximum(code, layout, values, answers)
        emit_global_maximum_backward(code, (layout, own), values, gradients, to)

    at_gradient = in_lanes(gradient, dense_layout((channels,)), target.lanes)
    run(target, write, in_lanes(images, layout, target.lanes), results, at_gradient, input_gradients)
    close(results, images.max(axis=(1, 2)).T.reshape(-1))
    expected = pooling.global_maximum_backward(gradient, images)
    close(input_gradients, in_lanes(expected, own, target.lanes))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("channels", [3, 16, 29])
@pytest.mark.parametrize("missing", [0, 1, 3])
def test_chunks_far_from_zero_merge_to_the_variance_of_all(missing, channels, target):
    lanes, chunks, epsilon = target.lanes, 3, 1e-3
    samples = chunks * lanes - missing
    images = 1000 + np.random.default_rng(0).normal(size=(chunks * lanes, 2, 3, channels)).astype(np.float32)
    layout = dense_layout(images.shape[1:])
    values = np.concatenate([in_lanes(images[i * lanes : (i + 1) * lanes], layout, lanes) for i in range(chunks)])
    inputs, statistics, factors = aligned(len(values)), aligned(chunks * 2 * channels), aligned(6 * channels)
    inputs[:] = values

    def write(code, from_, to, results):
        for chunk in range(chunks):
            own = code.vector_at(from_, chunk * layout.size)
            groups = Groups(1, INT64(samples - chunk * lanes))
            emit_measure(code, groups, layout, own, code.at(to, chunk * 2 * channels))
        measures = Measures(to, 2 * channels, INT64(chunks), INT64(samples), lanes, pixels=6)
        emit_merge(code, Channels(channels, epsilon, None, None), measures, results)

    run(target, write, inputs, statistics, factors)
    kept = images[:samples].astype(np.float64)
    mean, variance = kept.mean(axis=(0, 1, 2)), kept.var(axis=(0, 1, 2))
    close(factors[:channels], mean, 1e-6)
    close(factors[3 * channels : 4 * channels], 1 / np.sqrt(variance + epsilon), 1e-4)
    close(factors[4 * channels : 5 * channels], variance, 1e-4)

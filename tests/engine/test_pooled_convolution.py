import numpy as np
import pytest
from compare import close
from test_kernels import TARGETS, run

from scribal.engine import operations as op
from scribal.engine.arrays import aligned
from scribal.engine.blocks import unit_block
from scribal.engine.kernels.pooled_convolution import PooledConvolution, emit_pooled_backward, emit_pooled_convolution
from scribal.engine.layout import dense_layout, padded_layout
from scribal.engine.reference.convolution import correlate, correlate_backward
from scribal.engine.reference.pooling import max_pool, max_pool_backward
from scribal.engine.window import Window


def in_lanes(images, layout, lanes):
    """Images ``(samples, rows, columns, channels)`` in the places of a layout, one in each lane."""
    values = aligned(layout.size * lanes)
    rows, columns, channels = np.ogrid[tuple(slice(size) for size in layout.shape)]
    places = layout.first + rows * layout.row_step + columns * layout.column_step + channels
    values.reshape(-1, lanes)[places] = np.moveaxis(images, 0, -1)
    return values


SIZES = [
    (1, 3, Window((3, 3), (1, 1)), Window((2, 2), (2, 2))),
    (1, 16, Window((5, 5), (1, 1), padding="same"), Window((2, 2), (2, 2))),
    (2, 5, Window((3, 2), (2, 1)), Window((1, 3), (1, 3))),
    (3, 12, Window((3, 3), (1, 1), (2, 1), "same"), Window((3, 2), (3, 2))),
    (5, 4, Window((3, 3), (1, 1)), Window((2, 2), (2, 2))),
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize(("channels", "units", "window", "pooling"), SIZES)
def test_a_pooled_convolution_is_a_convolution_and_a_pooling(channels, units, window, pooling, rectified, target):
    generator = np.random.default_rng(0)
    images = generator.normal(size=(target.lanes, 13, 11, channels))
    kernel, bias = generator.normal(size=(*window.size, channels, units)), generator.normal(size=units)
    sums = correlate(images, kernel, window) + bias
    active = np.maximum(sums, 0) if rectified else sums
    pooled = max_pool(active, pooling)
    gradient = generator.normal(size=pooled.shape)

    inputs = padded_layout(images.shape[1:], op.Conv2D(units, window))
    outputs, block = dense_layout(pooled.shape[1:]), unit_block(units)
    nest = PooledConvolution(window, pooling, inputs, outputs, block, rectified)
    packed = kernel.reshape(-1, units // block, block).swapaxes(0, 1).reshape(-1).astype(np.float32)
    values, choices = aligned(pooled.size), aligned(-(-pooled.size // 4)).view(np.uint8)
    at_inputs, biases = in_lanes(images, inputs, target.lanes), bias.astype(np.float32)
    run(
        target,
        lambda code, x, w, y, b, to: emit_pooled_convolution(code, nest, (x, w, y), b, to),
        *(at_inputs, packed, values, biases, choices),
    )
    close(values, in_lanes(pooled, outputs, target.lanes))

    weight_gradient, bias_gradient = aligned(kernel.size), aligned(units)
    run(
        target,
        lambda code, x, c, g, w, b: emit_pooled_backward(code, nest, (x, c, g), outputs, (w, b)),
        *(at_inputs, choices, in_lanes(gradient, outputs, target.lanes), weight_gradient, bias_gradient),
    )
    back = max_pool_backward(gradient, active, pooling) * (active > 0 if rectified else 1)
    _, expected = correlate_backward(back, images, kernel, window)
    unpacked = weight_gradient.reshape(-1, expected[..., 0].size, block).swapaxes(0, 1).reshape(kernel.shape)
    close(unpacked, expected)
    close(bias_gradient, back.sum(axis=(0, 1, 2)))

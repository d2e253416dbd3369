"""Depthwise convolution's kernels, forward and back, against its sums written out."""

import itertools

import numpy as np
import pytest
from compare import close
from test_kernels import TARGETS, run

from scribal.engine.arrays import aligned
from scribal.engine.kernels.depthwise import (
    Depthwise,
    emit_depthwise,
    emit_depthwise_backward,
    emit_depthwise_weights,
)
from scribal.engine.kernels.product import Output

TAPS = (3, 2)
ROWS, COLUMNS = 4, 5
# Channels, units of each, and units of a block.
SIZES = [(1, 1, 1), (6, 1, 3), (4, 2, 2), (2, 3, 1)]


class Case:
    """Random images ``(row, column, channel, lane)`` and weights ``(row, column, unit)``, and the nest over them."""

    def __init__(self, target, channels, multiplier, block):
        self.channels, self.units = channels, channels * multiplier
        self.nest = Depthwise(self.units, multiplier, block, TAPS)
        generator = np.random.default_rng(channels)
        rows, columns = ROWS + TAPS[0] - 1, COLUMNS + TAPS[1] - 1
        self.inputs = generator.normal(size=(rows, columns, channels, target.lanes))
        self.weights = generator.normal(size=(*TAPS, self.units))
        self.bias = generator.normal(size=self.units)
        self.gradient = generator.normal(size=(ROWS, COLUMNS, self.units, target.lanes))
        self.steps = (columns * channels, channels)
        self.output = Output(ROWS, COLUMNS, *self.steps, COLUMNS * self.units, self.units)

    def seen(self, row, column):
        """What a tap reads: its input of every place and unit."""
        part = self.inputs[row : row + ROWS, column : column + COLUMNS]
        return np.repeat(part, self.nest.multiplier, axis=2)

    def packed(self):
        """Weights as the kernels read them: by block, tap, and unit in the block."""
        blocks = self.weights.reshape(-1, self.units // self.nest.block, self.nest.block)
        return blocks.transpose(1, 0, 2)


def array(values):
    flat = aligned(np.size(values))
    flat[:] = np.ravel(values)
    return flat


def taps():
    return itertools.product(*map(range, TAPS))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_outputs_are_sums_over_the_taps(target, sizes):
    case = Case(target, *sizes)
    outputs = array(np.zeros_like(case.gradient))

    def write(code, inputs, weights, bias, results):
        emit_depthwise(code, case.nest, case.output, case.steps, (inputs, weights, results), bias, code.builder.fneg)

    run(target, write, array(case.inputs), array(case.packed()), array(case.bias), outputs)
    sums = sum(case.seen(*tap) * case.weights[tap][:, None] for tap in taps())
    close(outputs.reshape(case.gradient.shape), -(sums + case.bias[:, None]))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_every_tap_gets_the_inputs_it_read_times_the_gradients(target, sizes):
    case = Case(target, *sizes)
    results = array(np.zeros_like(case.weights))

    def write(code, inputs, gradients, gradient):
        emit_depthwise_weights(code, case.nest, case.output, case.steps, (inputs, gradients, gradient))

    run(target, write, array(case.inputs), array(case.gradient), results)
    expected = np.array([(case.seen(*tap) * case.gradient).sum((0, 1, 3)) for tap in taps()])
    blocks = results.reshape(-1, len(expected), case.nest.block).transpose(1, 0, 2)
    close(blocks.reshape(expected.shape), expected)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_every_input_gets_the_gradients_of_what_read_it(target, sizes):
    case = Case(target, *sizes)
    rows, columns, channels, lanes = case.inputs.shape
    border = [(size - 1, size - 1) for size in TAPS]
    bordered = np.pad(case.gradient, [*border, (0, 0), (0, 0)])
    steps = (bordered.shape[1] * case.units, case.units)
    output = Output(rows, columns, *steps, columns * channels, channels)
    results = array(np.zeros_like(case.inputs))

    def write(code, gradients, weights, gradient):
        emit_depthwise_backward(code, case.nest, output, steps, (gradients, weights, gradient))

    run(target, write, array(bordered), array(case.packed()), results)
    expected = np.zeros_like(case.inputs)
    for row, column in taps():
        part = case.gradient * case.weights[row, column][:, None]
        by_channel = part.reshape(ROWS, COLUMNS, channels, -1, lanes).sum(3)
        expected[row : row + ROWS, column : column + COLUMNS] += by_channel
    close(results.reshape(expected.shape), expected)

import ctypes
import math

import numpy as np
import pytest
from compare import sequential
from keras import layers

from scribal.engine.arrays import aligned
from scribal.engine.blocks import even_runs, unit_block
from scribal.engine.ir import BYTE, FLOAT, POINTER, define
from scribal.engine.jit import Native
from scribal.engine.kernels.activation import FUNCTIONS
from scribal.engine.kernels.functions import erfc, exp, log_of_positive, softplus
from scribal.engine.kernels.run_sum import emit_run_sum
from scribal.engine.kernels.transpose import emit_gather
from scribal.engine.kernels.winograd import OUTPUT_TILE, weight_gradient_matrices, winograd_matrices
from scribal.engine.lower import lower_model, weights_of
from scribal.engine.predictor import Predictor
from scribal.engine.target import AVX2, AVX512, SSE, host_target

TARGETS = [AVX512, AVX2, SSE] if host_target() == AVX512 else [AVX2, SSE]


def run(target, write, *arrays):
    """Compile a kernel that gets pointers to arrays, and call it."""
    code, arguments = define(target, "kernel", [(f"a{i}", POINTER) for i in range(len(arrays))])
    write(code, *arguments)
    code.builder.ret_void()
    native = Native(lambda take: take(code.builder.function.module()), target)
    native.function("kernel", *[ctypes.c_void_p] * len(arrays))(*[array.ctypes.data for array in arrays])


def pointwise(target, function, inputs):
    values = aligned(len(inputs))
    values[:] = inputs
    assert len(inputs) % target.lanes == 0

    def write(code, pointer):
        with code.loop(len(inputs) // target.lanes) as loop:
            code.store(function(code, code.load(pointer, loop.index)), pointer, loop.index)

    run(target, write, values)
    return values


def ulps(actual, expected):
    """Largest difference in units of the last place of float32."""
    return (np.abs(actual - expected) / np.spacing(np.abs(expected).astype(np.float32))).max()


@pytest.mark.parametrize("target", TARGETS)
def test_exp_is_within_two_units_in_the_last_place(target):
    inputs = np.linspace(-87, 88.7, 65536, dtype=np.float32)
    assert ulps(pointwise(target, exp, inputs), np.exp(inputs.astype(float))) <= 2


def test_exp_at_its_ends():
    inputs = np.resize(np.array([-1e30, -np.inf, 0, np.nan], np.float32), 64)
    small, zero, one, nan = pointwise(host_target(), exp, inputs)[:4]
    assert 0 <= small < 1e-37
    assert 0 <= zero < 1e-37
    assert one == 1
    assert np.isnan(nan)


@pytest.mark.parametrize("target", TARGETS)
def test_log_is_within_two_units_in_the_last_place_or_of_rounding_at_one(target):
    inputs = np.geomspace(1e-37, 3e38, 65536, dtype=np.float32)
    expected = np.log(inputs.astype(float))
    actual = pointwise(target, log_of_positive, inputs)
    assert (np.abs(actual - expected) <= 2 * np.maximum(np.spacing(np.abs(expected).astype(np.float32)), 1e-8)).all()


@pytest.mark.parametrize("target", TARGETS)
def test_the_error_function_is_accurate_into_its_tails(target):
    inputs = np.linspace(-6, 9, 65536, dtype=np.float32)
    expected = np.array([math.erfc(x) for x in inputs.astype(float)])
    assert ulps(pointwise(target, erfc, inputs), expected) <= 12


def test_the_error_function_at_its_ends():
    inputs = np.resize(np.array([-np.inf, -1e30, 0, 1e30, np.inf, np.nan], np.float32), 96)
    *values, nan = pointwise(host_target(), erfc, inputs)[:6]
    assert values == pytest.approx([2, 2, 1, 0, 0], abs=1e-7)
    assert np.isnan(nan)


@pytest.mark.parametrize("target", TARGETS)
def test_softplus_is_accurate_on_both_sides(target):
    inputs = np.linspace(-80, 80, 65536, dtype=np.float32)
    assert ulps(pointwise(target, softplus, inputs), np.logaddexp(inputs.astype(float), 0)) <= 8


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("tanh", np.tanh),
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x))),
        ("elu", lambda x: np.where(x > 0, x, np.expm1(x))),
    ],
)
def test_activations_are_accurate_everywhere(name, function):
    inputs = np.concatenate([np.linspace(-20, 20, 4096), np.linspace(-0.2, 0.2, 4096), np.geomspace(1e-30, 1, 4096)])
    inputs = inputs.astype(np.float32)
    assert (
        ulps(
            pointwise(host_target(), lambda code, x: FUNCTIONS[name](code, x, 1.0), inputs),
            function(inputs.astype(float)),
        )
        <= 6
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 8, 15, 16])
def test_lane_sums_keep_the_order_of_the_vectors(target, count):
    count = min(count, target.lanes)
    values, sums = aligned(count * target.lanes), aligned(count)
    values[:] = np.arange(len(values))

    def write(code, from_, to):
        code.store_unaligned(code.lane_sums([code.load(from_, vector) for vector in range(count)]), to, 0)

    run(target, write, values, sums)
    assert np.array_equal(sums, values.reshape(count, -1).sum(axis=1))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("wholes", [0, 1, 3])
@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_run_is_summed_to_its_end_and_no_further(target, wholes, extra):
    count = max(wholes * target.lanes + extra, 1)
    values, sums = aligned(count + 4), aligned(1)
    values[:] = np.arange(count + 4) ** 2

    def write(code, from_, to):
        total = emit_run_sum(code, 2, count, lambda place, kind: code.load_unaligned(from_, place, kind))
        code.store_number(total, to)

    run(target, write, values, sums)
    assert sums[0] == values[2 : count + 2].sum()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("extra", [-1, 0, 1])
@pytest.mark.parametrize("kind", [BYTE, FLOAT])
def test_gather_turns_rows_into_lanes_and_stays_inside(target, extra, kind):
    size = 2 * target.lanes + extra
    rows = (
        np.random.default_rng(0).integers(0, 256, target.lanes * size).astype(np.uint8 if kind == BYTE else np.float32)
    )
    values = aligned(target.lanes * (size + 1))
    values[:] = -1

    def write(code, from_, to):
        emit_gather(code, size, [code.at(from_, lane * size, kind) for lane in range(target.lanes)], to, kind)

    run(target, write, rows, values)
    assert np.array_equal(values[: target.lanes * size].reshape(size, -1), rows.reshape(target.lanes, size).T)
    assert (values[target.lanes * size :] == -1).all()


@pytest.mark.parametrize(("filter_size", "tile"), [(3, OUTPUT_TILE), (5, OUTPUT_TILE), (3, 4)])
def test_winograd_matrices_filter_exactly(filter_size, tile):
    to_output, to_filter, to_input = (np.array(matrix) for matrix in winograd_matrices(filter_size, tile))
    generator = np.random.default_rng(0)
    signal, taps = (generator.integers(-9, 9, size=size) for size in (tile + filter_size - 1, filter_size))
    expected = np.correlate(signal, taps, "valid")
    assert (to_output @ ((to_filter @ taps) * (to_input @ signal)) == expected).all()


@pytest.mark.parametrize(("filter_size", "tile"), [(3, 4), (5, 2)])
def test_winograd_matrices_of_weight_gradients_filter_exactly(filter_size, tile):
    to_weights, to_gradient, to_input = (np.array(matrix) for matrix in weight_gradient_matrices(filter_size, tile))
    generator = np.random.default_rng(0)
    signal, gradient = (generator.integers(-9, 9, size=size) for size in (tile + filter_size - 1, tile))
    expected = np.correlate(signal, gradient, "valid")
    assert (to_weights @ ((to_gradient @ gradient) * (to_input @ signal)) == expected).all()


@pytest.mark.parametrize("filter_size", [3, 5])
def test_a_convolution_of_nothing_is_exactly_its_bias(filter_size):
    edge = filter_size - 1
    model = sequential((12, 12, 8), layers.Conv2D(8, filter_size, use_bias=False))
    images = np.random.default_rng(0).normal(size=(16, 12, 12, 8)).astype(np.float32)
    images[:, 3 : 3 + filter_size + 1, 5 : 5 + filter_size] = 0
    outputs = Predictor(lower_model(model), weights_of(model)).predict(images)
    assert (outputs[:, 3:5, 5] == 0).all()
    assert (outputs[:, 2, 5] != 0).all()
    assert outputs.shape == (16, 12 - edge, 12 - edge, 8)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("units", [1, 3, 6, 7, 10, 16, 36, 128])
@pytest.mark.parametrize("columns", [1, 2, 13, 14, 28, 97])
def test_blocks_cover_all_columns_and_fit_the_registers(target, units, columns):
    block = unit_block(units)
    runs = even_runs(columns, block, target)
    assert units % block == 0
    assert sum(size * count for size, count in runs) == columns
    assert all(size * block <= target.accumulators for size, _ in runs)

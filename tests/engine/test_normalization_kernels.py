"""Batch normalization's kernels, forward and back, chunk by chunk, against the reference over the whole batch."""

import numpy as np
import pytest
from compare import close
from test_kernels import TARGETS, run

from scribal.engine.arrays import aligned
from scribal.engine.ir import INT64
from scribal.engine.kernels.normalization import Groups, emit_measure, emit_normalize, emit_settle, emit_total
from scribal.engine.kernels.statistics import Channels, Measures, emit_merge, emit_move, emit_moving, emit_pull
from scribal.engine.layout import Layout, dense_layout
from scribal.engine.reference.normalization import move, normalize, normalize_backward

ROWS, COLUMNS = 2, 3
GROUPS, CHUNKS = 2, 3
EPSILON, MOMENTUM = 1e-3, 0.9
_, SCALE, _, INVERSE, PULL, _ = range(6)
# Between the numbers of one chunk and of the next lie others.
GAP = 5


class Case:
    """A batch ``(sample, row, column, channel)`` and its gradient, which lie in memory as three chunks of two groups.

    Args:
        target: The vectors.
        extra: Channels more than a vector has lanes.
        last: Samples of the last chunk; negative, how many it lacks.
    """

    def __init__(self, target, extra, last=-1):
        self.lanes, self.channels = target.lanes, target.lanes + extra
        self.chunk_samples = GROUPS * target.lanes
        self.samples = (CHUNKS - 1) * self.chunk_samples + last % self.chunk_samples
        generator = np.random.default_rng(self.samples * self.channels)
        shape = (self.samples, ROWS, COLUMNS, self.channels)
        # Squares summed about 0 rather than the mean would lose their digits.
        self.values = generator.normal(size=shape) + generator.choice([-20, 20], self.channels)
        self.gradient = generator.normal(size=shape)
        self.gamma, self.beta = generator.normal(size=(2, self.channels))
        self.mean, self.variance = self.values.mean((0, 1, 2)), self.values.var((0, 1, 2))
        self.normalized = normalize(self.values, self.mean, self.variance, EPSILON)
        self.dense, self.bordered = dense_layout(shape[1:]), bordered(self.channels)

    def factors(self, gamma=1.0, beta=0.0):
        """Mean, scale, shift and the inverse of the standard deviation of each channel."""
        inverse = 1 / np.sqrt(self.variance + EPSILON)
        return np.array([self.mean, gamma * inverse, beta + 0 * inverse, inverse])

    def way_back(self):
        """All six factors, for gradients as they are."""
        factors = self.factors(self.gamma)
        pull = factors[SCALE] * self.gradient.mean((0, 1, 2))
        stretch = factors[SCALE] * factors[INVERSE] * (self.gradient * self.normalized).mean((0, 1, 2))
        return np.array([*factors, pull, stretch])

    def parts(self, values):
        """The chunks' own samples."""
        return np.split(values, range(self.chunk_samples, self.samples, self.chunk_samples))

    def memory(self, part, layout, filler=0.0):
        """A chunk as it lies in memory; lanes without a sample hold ``filler``."""
        samples = np.full((self.chunk_samples, *part.shape[1:]), filler)
        samples[: len(part)] = part
        memory = np.zeros((GROUPS, layout.size, self.lanes))
        memory[:, places(layout)] = samples.reshape(GROUPS, self.lanes, *part.shape[1:]).transpose(0, 2, 3, 4, 1)
        return array(memory)

    def measures(self, numbers, samples):
        step = 2 * self.channels + GAP
        return Measures(numbers, step, INT64(CHUNKS), INT64(samples), self.chunk_samples, ROWS * COLUMNS)

    def as_measures(self, of_chunks):
        """Numbers ``(chunk, kind, channel)`` as the chunks leave them."""
        flat = np.reshape(of_chunks, (CHUNKS, -1))
        return array(np.pad(flat, [(0, 0), (0, GAP)], constant_values=np.nan))


def bordered(channels):
    """An image with a border of one pixel."""
    step = (COLUMNS + 2) * channels
    return Layout((ROWS, COLUMNS, channels), step, channels, step + channels, (ROWS + 2) * step)


def places(layout):
    """Positions of an image's values."""
    row, column, channel = np.ogrid[tuple(map(slice, layout.shape))]
    return layout.first + row * layout.row_step + column * layout.column_step + channel


def array(values):
    flat = aligned(np.size(values))
    flat[:] = np.ravel(values)
    return flat


every_width = pytest.mark.parametrize("target", TARGETS)
# Vectors of channels, what is left of them, and an odd number.
every_rest = pytest.mark.parametrize("extra", [-1, 0, 1])
every_end = pytest.mark.parametrize("last", [1, -1])


@every_width
@every_rest
@every_end
def test_a_chunk_measures_its_own_samples_alone(target, extra, last):
    case = Case(target, extra, last)
    parts = case.parts(case.values)
    for part in (parts[0], parts[-1]):
        groups, statistics = Groups(GROUPS, INT64(len(part))), array(np.zeros(2 * case.channels))

        def write(code, values, results, groups=groups):
            emit_measure(code, groups, case.bordered, values, results)

        run(target, write, case.memory(part, case.bordered, filler=np.nan), statistics)
        mean, squares = statistics.reshape(2, -1)
        close(mean, part.mean((0, 1, 2)))
        close(squares, part.var((0, 1, 2)) * part[..., 0].size)


@every_width
@every_rest
@every_end
@pytest.mark.parametrize("is_plain", [False, True], ids=["gamma and beta", "plain"])
def test_merged_measures_are_those_of_the_whole_batch(target, extra, last, is_plain):
    case = Case(target, extra, last)
    parts = case.parts(case.values)
    measured = [(part.mean((0, 1, 2)), part.var((0, 1, 2)) * part[..., 0].size) for part in parts]
    results = array(np.zeros(6 * case.channels))

    def write(code, numbers, gamma, beta, factors):
        given = (None, None) if is_plain else (gamma, beta)
        channels = Channels(case.channels, EPSILON, *given)
        emit_merge(code, channels, case.measures(numbers, case.samples), factors)

    run(target, write, case.as_measures(measured), array(case.gamma), array(case.beta), results)
    factors = results.reshape(6, -1)
    for kind, expected in enumerate(case.factors() if is_plain else case.factors(case.gamma, case.beta)):
        close(factors[kind], expected)
    close(factors[PULL], case.variance)


@every_width
@every_rest
def test_moving_averages_give_the_same_factors(target, extra):
    case = Case(target, extra)
    results = array(np.zeros(6 * case.channels))

    def write(code, moving, gamma, beta, factors):
        emit_moving(code, Channels(case.channels, EPSILON, gamma, beta), moving, factors)

    run(target, write, array([case.mean, case.variance]), array(case.gamma), array(case.beta), results)
    for factor, expected in zip(results.reshape(6, -1), case.factors(case.gamma, case.beta), strict=False):
        close(factor, expected)


@every_width
@every_rest
def test_moving_averages_go_towards_the_batch(target, extra):
    case = Case(target, extra)
    before = np.random.default_rng(1).normal(size=(2, case.channels))
    merged = [*case.factors(case.gamma, case.beta), case.variance, 0 * case.mean]
    moving = array(before)
    run(target, lambda code, *arrays: emit_move(code, case.channels, MOMENTUM, *arrays), array(merged), moving)
    for moved, kept, batch in zip(moving.reshape(2, -1), before, (case.mean, case.variance), strict=True):
        close(moved, move(kept, batch, MOMENTUM))


@every_width
@every_rest
def test_values_are_normalized_stretched_and_finished(target, extra):
    case = Case(target, extra)
    part, normalized = case.parts(case.values)[0], case.parts(case.normalized)[0]
    results = array(np.zeros(GROUPS * case.bordered.size * target.lanes))

    def write(code, values, factors, outputs):
        with code.loop(GROUPS) as group:
            layouts = (case.dense, case.bordered)
            arrays = zip((values, outputs), layouts, strict=True)
            own = tuple(code.vector_at(base, code.times(group.index, layout.size)) for base, layout in arrays)
            emit_normalize(code, layouts, factors, own, code.builder.fneg)

    factors = array(case.factors(case.gamma, case.beta))
    run(target, write, case.memory(part, case.dense), factors, results)
    # The border as well: it has to stay zero.
    close(results, case.memory(-(normalized * case.gamma + case.beta), case.bordered))


@every_width
@every_rest
@every_end
def test_a_chunk_sums_gradients_and_gradients_times_normalized_values(target, extra, last):
    case = Case(target, extra, last)
    part, gradient, normalized = (case.parts(whole)[-1] for whole in (case.values, case.gradient, case.normalized))
    statistics = array(np.zeros(2 * case.channels))

    def write(code, values, gradients, factors, results):
        layouts = (case.dense, case.bordered)
        groups = Groups(GROUPS, INT64(len(part)))
        emit_total(code, groups, layouts, factors, (values, gradients), results)

    memory = case.memory(part, case.dense, filler=7.0), case.memory(gradient, case.bordered)
    run(target, write, *memory, array(case.factors(case.gamma)), statistics)
    plain, stretched = statistics.reshape(2, -1)
    close(plain, gradient.sum((0, 1, 2)))
    close(stretched, (gradient * normalized).sum((0, 1, 2)))


@every_width
@every_rest
@every_end
def test_sums_of_gradients_become_pull_and_stretch(target, extra, last):
    case = Case(target, extra, last)
    pairs = zip(case.parts(case.gradient), case.parts(case.normalized), strict=True)
    totals = [(gradient.sum((0, 1, 2)), (gradient * values).sum((0, 1, 2))) for gradient, values in pairs]
    expected = case.way_back()
    results = array([*expected[:PULL], case.variance, case.variance])

    def write(code, numbers, factors):
        emit_pull(code, case.channels, case.measures(numbers, case.samples), factors)

    run(target, write, case.as_measures(totals), results)
    for factor, value in zip(results.reshape(6, -1), expected, strict=True):
        close(factor, value)


@every_width
@every_rest
@every_end
@pytest.mark.parametrize("by_batch", [True, False])
def test_gradients_of_inputs_are_the_references(target, extra, last, by_batch):
    case = Case(target, extra, last)
    part, gradient = case.parts(case.values)[-1], case.parts(case.gradient)[-1]
    results = array(np.zeros(GROUPS * case.dense.size * target.lanes))

    def write(code, values, gradients, factors, outputs):
        layouts = (case.dense, case.bordered, case.dense)
        for group in range(GROUPS):
            arrays = zip((values, gradients, outputs), layouts, strict=True)
            own = tuple(code.vector_at(base, group * layout.size) for base, layout in arrays)
            present = Groups(1, INT64(len(part) - group * target.lanes)).present(code, 0) if by_batch else None
            emit_settle(code, layouts, present, factors, own)

    memory = case.memory(part, case.dense, filler=7.0), case.memory(gradient, case.bordered)
    run(target, write, *memory, array(case.way_back()), results)
    if by_batch:
        backward = normalize_backward(case.gradient * case.gamma, case.normalized, case.variance, EPSILON)
        expected = case.parts(backward)[-1]
    else:
        expected = gradient * case.factors(case.gamma)[SCALE]
    close(results, case.memory(expected, case.dense))

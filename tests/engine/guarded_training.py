"""Train random networks with every array between two pages that must not be touched; run as a program.

Each array lies at the beginning or at the end of its pages, so that machine code that reads or writes outside ends
the process.
"""

import ctypes
import mmap

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import networks, residual_network

import scribal.engine.program
from scribal.engine.program import Program
from scribal.engine.target import AVX2, AVX512, SSE, host_target
from scribal.engine.training import SGD, Adam, Loss

WIDTHS = [AVX512, AVX2, SSE] if host_target() == AVX512 else [AVX2, SSE]
PAGE = mmap.PAGESIZE
LINE = 64


class GuardedArrays:
    """Makes arrays, and lets go of all of them at once; they take whole lines, of so many bytes."""

    def __init__(self, *, at_end, line=LINE):
        self.at_end = at_end
        self.line = line
        self.maps = []
        self.library = ctypes.CDLL(None, use_errno=True)

    def array(self, count):
        """Zeros, aligned like the engine's, between two pages without access."""
        size = -(-max(4 * count, 4) // self.line) * self.line
        body = -(-size // PAGE) * PAGE
        pages = mmap.mmap(-1, body + 2 * PAGE)
        self.maps.append(pages)
        start = ctypes.addressof(ctypes.c_char.from_buffer(pages))
        for page in (start, start + PAGE + body):
            assert self.library.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(PAGE), 0) == 0
        first = PAGE + (body - size if self.at_end else 0)
        return np.frombuffer(pages, np.float32, count, first)


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    networks(),
    st.sampled_from(WIDTHS),
    st.sampled_from([Adam(), SGD(clipnorm=0.1)]),
    st.integers(1, 40),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
)
@example(residual_network(), WIDTHS[0], Adam(), 19, 2, True, False)
@example(residual_network(), WIDTHS[-1], SGD(clipnorm=0.1), 19, 2, False, True)
def train_guarded(graph, target, optimizer, batch_size, threads, at_end, is_weighted):
    """Train and predict once."""
    arrays = GuardedArrays(at_end=at_end)
    scribal.engine.program.aligned = arrays.array
    generator = np.random.default_rng(0)
    weights = {name: generator.normal(size=weight.shape) for name, weight in graph.weights()}
    weights |= {name: np.abs(value) for name, value in weights.items() if name.endswith("variance")}
    loss = Loss("categorical_crossentropy")
    program = Program(graph, weights, loss, optimizer, batch_size=batch_size, threads=threads, target=target)
    count = 2 * batch_size - 1
    inputs = arrays.array(count * int(np.prod(graph.input_shape))).reshape(count, *graph.input_shape)
    targets = arrays.array(count * graph.output_shape[0]).reshape(count, -1)
    inputs[:] = generator.normal(size=inputs.shape)
    targets[:, 0] = 1
    outputs = arrays.array(targets.size).reshape(targets.shape)
    outputs[:] = np.nan
    sample_weight = arrays.array(count) if is_weighted else None
    samples = program.samples(inputs, targets, sample_weight)
    assert np.isfinite(program.train_epoch(samples, outputs=outputs).loss)
    assert np.isfinite(outputs).all()
    assert program.predict(inputs).shape == targets.shape


if __name__ == "__main__":
    train_guarded()

"""The most multiply-adds that one core of this machine does: independent ones, in registers, without memory."""

import ctypes
import time

from scribal.engine.arrays import aligned
from scribal.engine.ir import INT64, POINTER, define
from scribal.engine.jit import Native
from scribal.engine.target import host_target

__all__ = ["peak_gflops"]

_TURNS = 1_000_000
_REPEATS = 50
_OPERATIONS = 2  # a multiply-add counts as two


def peak_gflops() -> float:
    """Billions of float32 operations a second, the best of many short runs in one thread."""
    target = host_target()
    code, (turns, numbers) = define(target, "peak", [("turns", INT64), ("numbers", POINTER)])
    factor, addend = code.load(numbers, 0), code.load(numbers, 1)
    with code.loop(turns, [code.load(numbers, 2 + i) for i in range(target.accumulators)]) as loop:
        loop.carry([code.fma(value, factor, addend) for value in loop.values])
    for number, value in enumerate(loop.values):
        code.store(value, numbers, 2 + number)
    code.builder.ret_void()
    native = Native(lambda take: take(code.builder.function.module()), target)
    peak = native.function("peak", ctypes.c_int64, ctypes.c_void_p)
    memory = aligned((2 + target.accumulators) * target.lanes)
    # Sums converge to 2, so that no number on the way is denormal or infinite.
    memory[: target.lanes], memory[target.lanes : 2 * target.lanes] = 0.5, 1.0
    best = float("inf")
    for _ in range(_REPEATS):
        start = time.perf_counter()
        peak(_TURNS, memory.ctypes.data)
        best = min(best, time.perf_counter() - start)
    return _OPERATIONS * target.lanes * target.accumulators * _TURNS / best / 1e9

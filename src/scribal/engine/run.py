"""Calling machine code from many threads, and stopping it."""

import _thread
import contextlib
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, SimpleQueue
from typing import Any

from numpy.typing import NDArray

from scribal.engine.assemble import turns
from scribal.engine.jit import NativeFunction
from scribal.engine.time_slice import ask_for_short_slices

__all__ = ["run"]

_SECONDS_BETWEEN_LOOKS = 0.05


def run(
    function: NativeFunction,
    names: tuple[str, ...],
    arrays: Mapping[str, NDArray[Any]],
    samples: int,
    threads: int,
    *,
    is_short: bool,
) -> None:
    """Call a native function in all threads; ctypes lets go of the interpreter lock.

    The caller waits in Python, where an interrupt can reach it; a short call for one thread it makes itself.

    Args:
        function: The function.
        names: Names of its arguments: thread, threads, samples, then arrays.
        arrays: The arrays, by name.
        samples: Samples to work on.
        threads: Threads to start.
        is_short: Whether the call is over before anybody could want to stop it.
    """
    if is_short and threads == 1:
        function(0, 1, samples, *_pointers(names, arrays))
        return
    to_begin, finished = set(range(threads)), set[int]()
    wake: SimpleQueue[None] = SimpleQueue()

    def work(number: int) -> None:
        try:
            to_begin.remove(number)
        except KeyError:
            return
        # Function and arrays belong to this closure: they stay for as long as it runs, whatever happens to the caller.
        function(number, threads, samples, *_pointers(names, arrays))
        finished.add(number)
        wake.put(None)

    try:
        _start(work, range(threads))
        _wait(finished, threads, wake)
    except BaseException:
        arrays["control"][turns.STOP] = 1
        if "results" not in arrays:
            arrays["control"][turns.CLAIMS] = turns.NO_MORE_CLAIMS
        # None may begin once the caller has gone on: those that an interrupt kept from starting are started now.
        _start(work, sorted(to_begin))
        _wait(finished, threads, wake)
        raise


def _start(work: Callable[[int], None], numbers: Iterable[int]) -> None:
    # Thread.start waits for an Event, and an interrupt inside Event.wait may leave its lock locked for good.
    for number in numbers:
        try:
            _thread.start_new_thread(_work_promptly, (work, number))
        except RuntimeError:
            # The interpreter is ending, or the system gives no more threads. Any one can do all the work.
            work(number)


def _work_promptly(work: Callable[[int], None], number: int) -> None:
    """Work in a thread that ends with it."""
    ask_for_short_slices()
    work(number)


def _wait(finished: set[int], threads: int, wake: "SimpleQueue[None]") -> None:
    while len(finished) < threads:
        # An interrupt may swallow what wakes the caller up; so it looks for itself now and then.
        with contextlib.suppress(Empty):
            wake.get(timeout=_SECONDS_BETWEEN_LOOKS)


def _pointers(names: tuple[str, ...], arrays: Mapping[str, NDArray[Any]]) -> list[int]:
    # Several times as fast as ``ctypes.data``, which short trainings feel.
    return [arrays[name].__array_interface__["data"][0] for name in names[3:]]

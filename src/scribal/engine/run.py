"""Calling machine code from many threads, and stopping it."""

import threading
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from scribal.engine.assemble import barrier
from scribal.engine.jit import NativeFunction

__all__ = ["run"]


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

    The caller waits in Python, where an interrupt can reach it, unless the call is short.

    Args:
        function: The function.
        names: Names of its arguments: thread, threads, samples, then arrays.
        arrays: The arrays, by name.
        samples: Samples to work on.
        threads: Threads to start.
        is_short: Whether the call is over before anybody could want to stop it.
    """
    finished = [threading.Event() for _ in range(threads)]

    def work(number: int) -> None:
        # Function and arrays belong to this closure: they stay for as long as it runs, whatever happens to the caller.
        function(number, threads, samples, *(arrays[name].ctypes.data for name in names[3:]))
        finished[number].set()

    for number in range(int(is_short), threads):
        threading.Thread(target=work, args=(number,)).start()
    # Events, as Thread.join may return too early once it has been interrupted (Python 3.11).
    try:
        if is_short:
            work(0)
        _wait(finished)
    except BaseException:
        arrays["control"][barrier.STOP] = 1
        if "results" not in arrays:
            arrays["control"][barrier.CLAIMS] = barrier.NO_MORE_CLAIMS
        _wait(finished)
        raise


def _wait(finished: list[threading.Event]) -> None:
    for event in finished:
        event.wait()

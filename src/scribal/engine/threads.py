"""How many threads there is a processor core for, and calls that run in them."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, Self, TypeVar

__all__ = ["Workers", "usable_threads"]

P = ParamSpec("P")
T = TypeVar("T")


def usable_threads() -> int:
    """How many processor cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Threads for calls; where none is to be had, the caller makes them itself.

    A thread of the user's own may go on when the main one has ended; from then on Python starts no other. Leaving the
    block waits for the calls that have begun; those that have not are dropped.

    Args:
        threads: How many, at the most.
    """

    def __init__(self, threads: int) -> None:
        self._executor = ThreadPoolExecutor(threads)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for what has begun."""
        self._executor.shutdown(cancel_futures=True)

    def begin(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Callable[[], T]:
        """Have a function called; returns what waits for its result, and raises what the function did."""
        try:
            return self._executor.submit(function, *arguments, **named).result
        except RuntimeError:
            # The interpreter is ending, or the system gives no more threads.
            return partial(_same, function(*arguments, **named))


def _same(value: T) -> T:
    return value

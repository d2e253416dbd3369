"""Samples that are new in every epoch: those of the next are made while one trains."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scribal.engine.threads import Workers
from scribal.runs.samples import Pair, Samples

__all__ = ["renewed"]


class _StoppedError(Exception):
    """Nobody wants the samples any more."""


@contextmanager
def renewed(samples: Samples, epochs: int) -> Iterator[Callable[[int], Pair]]:
    """Give a function that makes the inputs and targets of an epoch, by its number.

    It is asked for one epoch after the other, up to ``epochs``; while one is in use, a thread makes the next.

    Args:
        samples: What is renewed.
        epochs: How many there are.
    """
    renew = samples.renew
    if renew is None:
        yield lambda _epoch: (samples.x, samples.y)
        return
    stopped = threading.Event()
    begun: dict[int, Callable[[], Pair]] = {}

    def stop_if_told() -> None:
        if stopped.is_set():
            raise _StoppedError

    with Workers(1) as workers:

        def begin(epoch: int) -> Callable[[], Pair]:
            return workers.begin(renew, epoch, stop_if_told)

        def samples_of(epoch: int) -> Pair:
            pair = (begun.pop(epoch, None) or begin(epoch))()
            if epoch + 1 < epochs:
                begun[epoch + 1] = begin(epoch + 1)
            return pair

        try:
            yield samples_of
        finally:
            stopped.set()

"""Pictures of one digit each: in batches, and by several processes where there are thousands.

Most of the time for a small picture is Python's own, of which only one thread of a process runs at a time.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scribal.exceptions import ImageError, MissingExtraError, ScribalError

if TYPE_CHECKING:
    from scribal.reading import PictureReader, Reading
    from scribal.reading.loading import Page

__all__ = ["Answer", "in_order", "read_singles"]

_BATCH, _BATCH_SIZE = 256, 100_000_000  # pictures, and bytes of them
_MANY = 1_500  # pictures: fewer are read before another process has begun
_MOST_PROCESSES = 8  # each takes some hundred megabytes

Item = TypeVar("Item")
Result = TypeVar("Result")
Answer = tuple[list["Reading"], ScribalError | None]
"""What was read of a picture's pages, and why it could not be read to its end."""


def read_singles(
    reader: "PictureReader", make_reader: Callable[[], "PictureReader"], pictures: Sequence[Path]
) -> Iterator[Answer]:
    """Read pictures of one digit each.

    Args:
        reader: Reads them.
        make_reader: Makes another such reader, in a process of its own; ``pickle`` has to know it.
        pictures: Their files.

    Yields:
        What was read of each, in their order.
    """
    from scribal.engine.threads import usable_threads

    batches = [pictures[first : first + _BATCH] for first in range(0, len(pictures), _BATCH)]
    processes = min(usable_threads(), _MOST_PROCESSES)
    if processes == 1 or len(pictures) < _MANY:
        for batch in batches:
            yield from _read_batch(reader, batch)
        return
    import multiprocessing

    # Not forked: threads of libraries that run already would be missing in the copy.
    spawn = multiprocessing.get_context("spawn")
    done = 0
    pool = ProcessPoolExecutor(processes, spawn, _begin, (make_reader,))
    try:
        for answers in in_order(pool, _read_here, batches, processes):
            yield from answers
            done += 1
    except BrokenProcessPool:  # the system has stopped one, for want of memory
        for batch in batches[done:]:
            yield from _read_batch(reader, batch)


def in_order(pool: Executor, work: Callable[[Item], Result], items: Iterable[Item], ahead: int) -> Iterator[Result]:
    """Do work for many items in a pool, which is closed at the end, and give the results in the items' order.

    Args:
        pool: Whose threads or processes work.
        work: What is done for each.
        items: What it is done for.
        ahead: How many are begun before they are asked for.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_reader: "PictureReader | None" = None


def _begin(make_reader: Callable[[], "PictureReader"]) -> None:
    """Begin a process of its own: it reads until it is told to stop, and leaves Ctrl-C to the first one."""
    import signal

    global _reader  # noqa: PLW0603 (what a process keeps between its batches)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _reader = make_reader()


def _read_here(pictures: Sequence[Path]) -> list[Answer]:
    assert _reader is not None
    return list(_read_batch(_reader, pictures))


def _read_batch(reader: "PictureReader", pictures: Sequence[Path]) -> Iterator[Answer]:
    """Read so many pictures at a time that the network answers to many at once, and memory holds them."""
    from scribal.reading.loading import load_pages

    pages: list[Page] = []
    ends: list[tuple[int, ScribalError | None]] = []
    size = 0
    for picture in pictures:
        error: ScribalError | None = None
        try:
            for page in load_pages(picture, reader.limits):
                pages.append(page)
                size += page.pixels.size
        except (ImageError, MissingExtraError) as met:
            error = met
        ends.append((len(pages), error))
        if picture is pictures[-1] or size > _BATCH_SIZE:
            readings, start = reader.singles(pages), 0
            for end, met_before in ends:
                yield readings[start:end], met_before
                start = end
            pages, ends, size = [], [], 0

"""Tracebacks as plain Python shows them: the user's frames and those of libraries, none of scribal's.

Python lets the links of a traceback be set, so frames are taken out of it before whoever shows it, be it the script's
own ``sys.excepthook``, sees it.
"""

import contextlib
import functools
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import scribal
from scribal.legacy.notebook import is_cell

__all__ = ["show", "shown_without_frames_of_scribal", "without_frames_of_scribal"]

_HOME = str(Path(scribal.__file__).parent)
_IMPORTS = "<frozen importlib"


def show(error: BaseException) -> None:
    """Print an error that ends the program, through the script's own ``sys.excepthook`` if it has set one."""
    without_frames_of_scribal(error)
    kind, trace = type(error), error.__traceback__
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    if sys.excepthook is sys.__excepthook__ and _has_cells(error):
        # Python's own display reads source lines from files only, and cells of a notebook are none.
        traceback.print_exception(kind, error, trace)
    else:
        sys.excepthook(kind, error, trace)


@contextlib.contextmanager
def shown_without_frames_of_scribal() -> Iterator[None]:
    """Leave scribal's frames out of what the program itself shows of errors, in threads or by `traceback`."""
    in_thread, described = threading.excepthook, traceback.TracebackException.__init__

    def show_in_thread(ended: Any) -> None:
        if ended.exc_value is not None:
            without_frames_of_scribal(ended.exc_value)
            trace = ended.exc_value.__traceback__
            ended = threading.ExceptHookArgs((ended.exc_type, ended.exc_value, trace, ended.thread))
        in_thread(ended)

    @functools.wraps(described)
    def describe(self: Any, exc_type: Any, exc_value: Any, exc_traceback: Any, **options: Any) -> None:
        if exc_value is not None and exc_traceback is exc_value.__traceback__:
            without_frames_of_scribal(exc_value)
            exc_traceback = exc_value.__traceback__
        described(self, exc_type, exc_value, exc_traceback, **options)

    threading.excepthook = show_in_thread
    traceback.TracebackException.__init__ = describe  # type: ignore[method-assign]  # for this process only
    try:
        yield
    finally:
        threading.excepthook = in_thread
        traceback.TracebackException.__init__ = described  # type: ignore[method-assign]


def without_frames_of_scribal(error: BaseException) -> None:
    """Take scribal's frames out of an error and of all that it came from, in place."""
    for each in _with_origins(error, set()):
        each.__traceback__ = _linked([entry for entry, kept in _judged(each.__traceback__) if kept])


def _with_origins(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    yield from _with_origins(error.__cause__, seen)
    yield from _with_origins(error.__context__, seen)
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _with_origins(part, seen)


def _judged(trace: TracebackType | None) -> Iterator[tuple[TracebackType, bool]]:
    """Each entry with whether it stays: not scribal's, nor the import machinery's next to scribal's."""
    entries = list(_entries(trace))
    files = [entry.tb_frame.f_code.co_filename for entry in entries]
    of_scribal = [file.startswith(_HOME) for file in files]
    for order in (range(len(files)), reversed(range(len(files)))):
        before = False
        for index in order:
            before = of_scribal[index] = of_scribal[index] or (before and files[index].startswith(_IMPORTS))
    return zip(entries, [not own for own in of_scribal], strict=True)


def _entries(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _linked(entries: list[TracebackType]) -> TracebackType | None:
    following: TracebackType | None = None
    for entry in reversed(entries):
        entry.tb_next = following
        following = entry
    return following


def _has_cells(error: BaseException) -> bool:
    files = {
        entry.tb_frame.f_code.co_filename
        for each in _with_origins(error, set())
        for entry in _entries(each.__traceback__)
    }
    files |= {each.filename or "" for each in _with_origins(error, set()) if isinstance(each, SyntaxError)}
    return any(is_cell(file) for file in files)

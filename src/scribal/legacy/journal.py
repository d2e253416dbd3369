"""What happens to a user's program while it runs: what was adapted and where, what ran on which side, what it wrote.

Whoever adapts something tells the current journal, and the journal finds the line of the user's file by itself. Outside
a run nothing is kept.
"""

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import scribal

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["Change", "Journal", "Place", "Run", "current_journal", "recording"]

_SCRIBAL = str(Path(scribal.__file__).parent)


@dataclass(frozen=True, order=True)
class Place:
    """A line of the user's program.

    Attributes:
        file: The name that Python shows in a traceback: a path, or a cell of a notebook.
        line: Counted from 1.
    """

    file: str
    line: int


@dataclass(frozen=True)
class Change:
    """A thing of old code, and what today's code would say.

    Attributes:
        place: Where; None when no line of the user's is to blame, as in a thread of a library.
        old: What the program says, as source text.
        modern: What to write instead, as source text.
    """

    place: Place | None
    old: str
    modern: str


@dataclass(frozen=True)
class Run:
    """A call that trained or asked a network.

    Attributes:
        place: Where it stands.
        call: Its name, such as ``fit``.
        on: Who did the work.
        reason: Why Keras did it, where the engine could not.
    """

    place: Place | None
    call: str
    on: Literal["engine", "Keras"]
    reason: str | None


class Journal:
    """Keeps what happened, in order; the same on the same line counts once.

    Args:
        is_own: Whether a file, named as in a traceback, is the user's own.

    Attributes:
        changes: What was adapted.
        refusals: What could not be.
        runs: Which calls ran where, with how often.
        files: What the program wrote.
        figures: Pictures saved in place of windows.
    """

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._judge = is_own
        self._own: dict[str, bool] = {}
        self.changes: dict[Change, None] = {}
        self.refusals: dict[Change, None] = {}
        self.runs: Counter[Run] = Counter()
        self.files: dict[Path, None] = {}
        self.figures: dict[Path, None] = {}

    def adapted(self, old: str, modern: str, *, place: Place | None = None) -> None:
        """Note that ``old`` was carried out as ``modern``, both as source text.

        Args:
            old: What the program says, such as ``Dense(output_dim=10)`` or ``nb_epoch=``.
            modern: What to write, such as ``Dense(units=10)``; empty where the line can go.
            place: The line; by default the innermost one of the user's that is being executed.
        """
        self.changes.setdefault(Change(place or self.place(), old, modern))

    def refused(self, what: str, modern: str, *, place: Place | None = None) -> None:
        """Note that ``what`` cannot be adapted, and what to write instead; the arguments are those of `adapted`."""
        self.refusals.setdefault(Change(place or self.place(), what, modern))

    def ran(self, call: str, on: Literal["engine", "Keras"], reason: str | None = None) -> None:
        """Note who carried out a call such as ``fit``, and why Keras did if it did."""
        self.runs[Run(self.place(), call, on, reason)] += 1

    def wrote(self, path: str | Path) -> None:
        """Note a file that the program wrote."""
        self.files.setdefault(Path(path).absolute())

    def drew(self, path: str | Path) -> None:
        """Note a picture saved in place of a window."""
        self.figures.setdefault(Path(path).absolute())

    def place(self) -> Place | None:
        """The innermost line of the user's that is being executed in this thread."""
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (the documented way to a frame without reading source files)
        while frame is not None:
            if self.is_own(frame.f_code.co_filename):
                return Place(frame.f_code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return None

    def is_asked_by_user(self) -> bool:
        """Whether the innermost call that is neither scribal's nor an import's stands in a file of the user's."""
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (as in `place`)
        while frame is not None and frame.f_code.co_filename.startswith((_SCRIBAL, "<frozen importlib")):
            frame = frame.f_back
        return frame is not None and self.is_own(frame.f_code.co_filename)

    def is_own(self, file: str) -> bool:
        """Whether a file, named as in a traceback, is the user's own."""
        if file not in self._own:
            self._own[file] = self._judge(file)
        return self._own[file]


_current: Journal | None = None


def current_journal() -> Journal:
    """The journal of the run that is going on; outside a run, one that nobody reads."""
    return _current or Journal(lambda _: False)


@contextlib.contextmanager
def recording(journal: Journal) -> Iterator[Journal]:
    """Make a journal the current one of this process until the block ends."""
    global _current  # noqa: PLW0603 (one process runs one program)
    before, _current = _current, journal
    try:
        yield journal
    finally:
        _current = before

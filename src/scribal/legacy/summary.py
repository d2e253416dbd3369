"""What is said on standard error when a program has ended."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from scribal.legacy.journal import Change, Journal, Place
from scribal.legacy.written import written_files

__all__ = ["summary", "write_summary"]

_LONGEST = 160


def write_summary(journal: Journal, name: str, seconds: float, here: Path) -> None:
    """Write the summary to standard error; the arguments are those of `summary`."""
    sys.stdout.flush()
    print("\n".join(summary(journal, name, seconds, here)), file=sys.stderr)


def summary(journal: Journal, name: str, seconds: float, here: Path) -> Iterator[str]:
    """The lines of the summary.

    Args:
        journal: What happened.
        name: The program's, as it was given.
        seconds: How long it took.
        here: Where it began; paths below are shown from there.
    """
    yield f"scribal: {name} took {seconds:.1f} s"
    yield from _section("Adapted; today one writes", [_change(change, here) for change in journal.changes])
    yield from _section("Not adapted; please write", [_change(change, here) for change in journal.refusals])
    ran = [
        f"{_where(run.place, here)}{run.call} on {'the engine' if run.on == 'engine' else 'Keras'}"
        + (f", {often} times" if often > 1 else "")
        + (f": {textwrap.shorten(run.reason, _LONGEST, placeholder=' …')}" if run.reason else "")
        for run, often in journal.runs.items()
    ]
    yield from _section("Ran", ran)
    yield from _section("Figures", _shown(journal.figures, here))
    yield from _section("Files written", _shown(written_files(journal, here), here))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def _change(change: Change, here: Path) -> str:
    old, modern = (" ".join(text.split()) for text in (change.old, change.modern))
    return f"{_where(change.place, here)}{old}  ->  {modern or '(nothing)'}"


def _where(place: Place | None, here: Path) -> str:
    return f"{_near(Path(place.file), here)}:{place.line}: " if place else ""


def _shown(paths: Iterable[Path], here: Path) -> list[str]:
    return [_near(path, here) for path in paths]


def _near(path: Path, here: Path) -> str:
    """A path as seen from here, if it lies below."""
    return str(path.relative_to(here) if path.is_relative_to(here) else path)

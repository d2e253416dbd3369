"""How ``scribal read`` tells what it read: JSON, CSV, plain lines, or a table for people."""

import csv
import json
import sys
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from scribal.runs.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.progress import Progress
    from rich.text import Text

    from scribal.reading import Line, Number, Reading

__all__ = ["Output", "output_of"]

_COLUMNS = ("file", "page", "line", "number", "text", "confidence", "x", "y", "width", "height", "expected", "note")
_CHOICES = 3  # answers to a digit in doubt that are told, ...
_LEAST_TOLD = 0.01  # ... of those that are as probable
_MOST_NAMED = 20  # pictures to look at
_WIDE = 10_000  # columns, where no terminal shows them: a table is also read by grep


def output_of(*, as_json: bool, as_csv: bool, lines: bool, pictures: int) -> "Output":
    """Choose the form.

    Args:
        as_json: One JSON object a line and picture; with ``lines`` these are in it.
        as_csv: A row for each number; with ``lines`` for each line.
        lines: Only what is written.
        pictures: How many there are.
    """
    if as_json:
        return _Json(lines=lines)
    if as_csv:
        return _Csv(lines=lines)
    return _Lines(several=pictures > 1) if lines else _Table(pictures)


class Output(ABC):
    """What is told of each reading; as a context, also at the end, even if it comes before all is read."""

    @abstractmethod
    def add(self, reading: "Reading") -> None:
        """Tell what was read on a picture or page."""

    def __enter__(self) -> None:
        return

    def __exit__(self, *_: object) -> None:
        return


class _Json(Output):
    def __init__(self, *, lines: bool) -> None:
        self._lines = lines

    def add(self, reading: "Reading") -> None:
        plain = reading.as_dict()
        if self._lines:
            plain["lines"] = [line.as_dict() for line in reading.lines]
        # Whoever reads the pipe has each result at once.
        print(json.dumps(plain, ensure_ascii=False), flush=True)


class _Csv(Output):
    """Pages on which nothing is read have a row too, so that no picture is missing from the table."""

    def __init__(self, *, lines: bool) -> None:
        self._lines = lines
        self._table = csv.writer(sys.stdout, lineterminator="\n")
        self._table.writerow(_COLUMNS)

    def add(self, reading: "Reading") -> None:
        note = "; ".join(reading.notes)
        start = (reading.file, reading.page)
        for place, line in enumerate(reading.lines, 1):
            parts: Sequence[Line | Number] = [line] if self._lines else line.numbers
            for number, part in enumerate(parts, 1):
                confidence = f"{part.confidence:.4f}"
                named = "" if self._lines else number
                expected = "" if part.is_expected is None else str(part.is_expected).lower()
                self._table.writerow((*start, place, named, part.text, confidence, *part.box, expected, note))
        if not reading.lines:
            self._table.writerow((*start, *[""] * (len(_COLUMNS) - 3), note))
        sys.stdout.flush()


class _Lines(Output):
    """As grep does it, the picture's name stands before each line where there are several pictures."""

    def __init__(self, *, several: bool) -> None:
        self._several = several

    def add(self, reading: "Reading") -> None:
        for line in reading.lines:
            print(f"{reading.file}: {line.text}" if self._several else line.text, flush=True)


class _Table(Output):
    def __init__(self, pictures: int) -> None:
        self._pictures = pictures
        self._readings: list[Reading] = []
        self._progress: Progress | None = None

    def __enter__(self) -> None:
        if self._pictures == 1 or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("reading", total=self._pictures)
        self._progress.start()

    def add(self, reading: "Reading") -> None:
        self._readings.append(reading)
        if self._progress is not None and reading.page == reading.pages:
            self._progress.advance(self._task)

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()
        if self._readings:
            self._print()

    def _print(self) -> None:
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        table.add_column("file", overflow="fold")
        table.add_column("read", no_wrap=True)
        table.add_column("confidence", justify="right", no_wrap=True)
        table.add_column("remarks")
        for reading in self._readings:
            for row in _rows(reading):
                table.add_row(*row)
        console = Console()
        if not console.is_terminal:
            console.width = _WIDE
        console.print(table, highlight=False, markup=False)
        if len(self._readings) > 1:
            console.print(_summary(self._readings), highlight=False, markup=False)


def _rows(reading: "Reading") -> list[tuple["Text | str", ...]]:
    """A row for each line of what is written; the notes stand in the first."""
    name = f"{reading.file}, page {reading.page}" if reading.pages > 1 else reading.file
    notes = list(reading.notes)
    rejected = sum(digit.rejected for digit in reading.digits)
    if rejected:
        notes.append(f"{counted(rejected, 'mark')} rejected")
    if not reading.lines:
        return [(name, "", "", "; ".join(notes))]
    rows: list[tuple[Text | str, ...]] = []
    for line in reading.lines:
        remarks = [*_doubts(line), *([] if rows else notes)]
        rows.append(("" if rows else name, _coloured(line), f"{line.confidence:.1%}", "; ".join(remarks)))
    return rows


def _coloured(line: "Line") -> "Text":
    from rich.text import Text

    text = Text()
    for place, number in enumerate(line.numbers):
        text.append(" " if place else "")
        for digit in number.digits:
            in_doubt = digit.is_doubtful or digit.read_as or number.is_expected is False
            text.append(digit.digit, style="bold yellow" if in_doubt else "bold")
    return text


def _doubts(line: "Line") -> list[str]:
    """Each digit in doubt, with what it may be."""
    doubts = []
    for place, digit in enumerate((digit for number in line.numbers for digit in number.digits), 1):
        if digit.is_doubtful:
            answers = [(digit.digit, digit.confidence)]
            answers += [(other.digit, other.probability) for other in digit.alternatives]
            told = [f"{name} {share:.0%}" for name, share in answers[:_CHOICES] if share >= _LEAST_TOLD]
            doubts.append(f"digit {place}: {', '.join(told)}")
    return doubts


def _summary(readings: "list[Reading]") -> str:
    digits = [digit for reading in readings for number in reading.numbers for digit in number.digits]
    doubtful = [
        reading
        for reading in readings
        if not reading.lines
        or any(number.is_expected is False for number in reading.numbers)
        or any(digit.is_doubtful for number in reading.numbers for digit in number.digits)
    ]
    told = f"{counted(len(readings), 'picture')}, {counted(len(digits), 'digit')}"
    if not doubtful:
        return f"{told}; none in doubt."
    return f"{told}; look at {counted(len(doubtful), 'picture')}: {', '.join(_named(doubtful))}"


def _named(readings: "list[Reading]") -> list[str]:
    names = list(dict.fromkeys(reading.file for reading in readings))
    return names if len(names) <= _MOST_NAMED else [*names[:_MOST_NAMED], "…"]

"""How far a training is: a live line in a terminal, plain lines elsewhere, or nothing."""

import time
from collections.abc import Mapping
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from scribal.runs.counting import counted

__all__ = ["LiveProgress", "PlainProgress", "SilentProgress", "TrainingProgress", "progress_for"]

_LINES_A_SECOND = 1.0
_SECONDS_BETWEEN_MOVES = 0.1


class TrainingProgress(Protocol):
    """What a training tells while it runs."""

    def begin(self, epochs: int, done: int, batches: int) -> None:
        """Training starts: ``epochs`` in all, of which ``done`` are done, with ``batches`` steps each."""

    def batch(self, batch: int, logs: Mapping[str, float]) -> None:
        """``batch`` steps of the current epoch are done; ``logs`` holds the means since its beginning."""

    def epoch(self, row: Mapping[str, float]) -> None:
        """An epoch is done; ``row`` is its line of the history."""

    def note(self, text: str) -> None:
        """Something is worth a line."""

    def end(self) -> None:
        """Training is over, finished or not."""


class SilentProgress:
    """Tells nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def begin(self, epochs: int, done: int, batches: int) -> None:
        """Nothing."""

    def batch(self, batch: int, logs: Mapping[str, float]) -> None:
        """Nothing."""

    def epoch(self, row: Mapping[str, float]) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class PlainProgress(SilentProgress):
    """One line an epoch; of epochs that take less than a second, one line a second and the last."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._epochs = 0
        self._last_line = 0.0

    def begin(self, epochs: int, done: int, batches: int) -> None:
        """Remember how many epochs there are, and say where a resumed training goes on."""
        self._epochs = epochs
        if done:
            self._say(f"going on after epoch {done} of {epochs}")
        self._say(f"{counted(epochs - done, 'epoch')} of {counted(batches, 'batch', 'batches')}")

    def epoch(self, row: Mapping[str, float]) -> None:
        """Print the epoch's line."""
        now = time.monotonic()
        if now - self._last_line >= 1 / _LINES_A_SECOND or row["epoch"] == self._epochs:
            self._last_line = now
            self._say(f"epoch {row['epoch']:.0f}/{self._epochs}  {figures(row)}  {row['seconds']:.1f} s")

    def note(self, text: str) -> None:
        """Print the line."""
        self._say(text)

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)


class LiveProgress(SilentProgress):
    """A live line with epoch, batch, loss, accuracy and the time left; finished epochs stay above it."""

    def __init__(self, console: Console) -> None:
        self._lines = PlainProgress(console)
        self._display = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._epochs = self._done = self._batches = 0
        self._last_move = 0.0

    def begin(self, epochs: int, done: int, batches: int) -> None:
        """Start the display."""
        self._epochs, self._done, self._batches = epochs, done, batches
        self._lines.begin(epochs, done, batches)
        self._task = self._display.add_task("", total=epochs * batches, completed=done * batches, figures="")
        self._display.start()

    def batch(self, batch: int, logs: Mapping[str, float]) -> None:
        """Move the bar."""
        self._move(self._done, batch, logs)

    def epoch(self, row: Mapping[str, float]) -> None:
        """Print the epoch's line above the bar and, of many short epochs, move it now and then."""
        self._done += 1
        self._lines.epoch(row)
        if time.monotonic() - self._last_move >= _SECONDS_BETWEEN_MOVES:
            self._move(self._done - 1, self._batches, row)

    def _move(self, epochs: int, batch: int, logs: Mapping[str, float]) -> None:
        self._last_move = time.monotonic()
        self._display.update(
            self._task,
            completed=epochs * self._batches + batch,
            description=f"epoch {epochs + 1}/{self._epochs}  batch {batch}/{self._batches}",
            figures=figures(logs),
        )

    def note(self, text: str) -> None:
        """Print the line above the bar."""
        self._lines.note(text)

    def end(self) -> None:
        """Take the display away; the lines stay."""
        self._display.stop()


def progress_for(console: Console) -> TrainingProgress:
    """A live display where the console is a terminal, plain lines where it is not."""
    return LiveProgress(console) if console.is_terminal else PlainProgress(console)


def figures(logs: Mapping[str, float]) -> str:
    """Loss and accuracy, training and validation, as one short line."""
    parts = []
    if "loss" in logs:
        parts.append(f"loss {logs['loss']:.4f}")
    if "accuracy" in logs:
        parts.append(f"accuracy {logs['accuracy']:.2%}")
    if "val_loss" in logs:
        parts.append(f"validation loss {logs['val_loss']:.4f}")
    if "val_accuracy" in logs:
        parts.append(f"accuracy {logs['val_accuracy']:.2%}")
    return "  ".join(parts)

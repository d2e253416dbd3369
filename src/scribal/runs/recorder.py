"""What follows a training epoch by epoch, whatever trains: history, checkpoints, progress, and the end of its time."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scribal.runs.checkpoint import save_checkpoint
from scribal.runs.progress import TrainingProgress

__all__ = ["History", "Recorder"]

_SECONDS_BETWEEN_CHECKPOINTS = 1.0
_SECONDS_BETWEEN_TICKS = 0.1
_DECIMALS = 7
_RESOLUTION = 10**-_DECIMALS  # of the seconds of an epoch

History = list[dict[str, float]]


class Recorder:
    """Keeps the history of a training, and writes a checkpoint after each epoch or, if epochs are shorter, each second.

    Args:
        model: The ``keras.Model`` whose state checkpoints hold.
        history: One mapping for each epoch that is done; it grows.
        epochs: How many there will be.
        checkpoint: Where checkpoints are written.
        progress: Told how far the training is.
        within: Seconds after which no further epoch is begun that would not fit.
    """

    def __init__(
        self,
        model: Any,
        history: History,
        *,
        epochs: int,
        checkpoint: Path,
        progress: TrainingProgress,
        within: float | None,
    ) -> None:
        self.status = "finished"
        self.history = history
        self._model = model
        self._epochs = epochs
        self._checkpoint = checkpoint
        self._progress = progress
        self._within = within
        self._begin = self._last_checkpoint = time.monotonic()
        self._epoch_begin = self._last_tick = 0.0

    @property
    def is_over(self) -> bool:
        """Whether no further epoch is to be begun."""
        return self.status != "finished" or len(self.history) >= self._epochs

    def epoch_begins(self) -> None:
        """Start the epoch's clock."""
        self._epoch_begin = time.monotonic()

    def batch_ends(self, batches: int, logs: Mapping[str, Any]) -> None:
        """Tell the progress, not too often, that so many batches of the epoch are done, with these means."""
        now = time.monotonic()
        if now - self._last_tick >= _SECONDS_BETWEEN_TICKS:
            self._last_tick = now
            self._progress.batch(batches, {name: float(value) for name, value in logs.items()})

    def epochs_at_once(self) -> int:
        """How many epochs may be trained before this hears of them: short ones come many at a time."""
        left = self._epochs - len(self.history)
        if not self.history:
            return 1
        seconds = _SECONDS_BETWEEN_TICKS
        if self._within is not None:
            seconds = min(seconds, self._begin + self._within - time.monotonic())
        return max(1, min(left, int(seconds / max(self.history[-1]["seconds"], _RESOLUTION))))

    def epoch_ends(self, logs: Mapping[str, Any], before_checkpoint: Callable[[], None] = lambda: None) -> None:
        """Add an epoch to the history.

        Args:
            logs: Its means.
            before_checkpoint: Called before a checkpoint is written, to bring the model's variables up to date.
        """
        self.epochs_end([logs], before_checkpoint)

    def epochs_end(
        self, many: Sequence[Mapping[str, Any]], before_checkpoint: Callable[[], None] = lambda: None
    ) -> None:
        """Add epochs that were trained at once to the history; each is taken to have lasted as long as the others.

        Args:
            many: The means of each.
            before_checkpoint: As for :meth:`epoch_ends`.
        """
        now = time.monotonic()
        seconds = round((now - self._epoch_begin) / len(many), _DECIMALS)
        for logs in many:
            row = {"epoch": len(self.history) + 1} | {name: float(value) for name, value in logs.items()}
            row["seconds"] = seconds
            self.history.append(row)
            self._progress.epoch(row)
        is_last = len(self.history) >= self._epochs
        is_late = self._within is not None and now - self._begin + seconds > self._within
        if is_late and not is_last:
            self.status = "time is up"
        if is_last or is_late or now - self._last_checkpoint >= _SECONDS_BETWEEN_CHECKPOINTS:
            before_checkpoint()
            save_checkpoint(self._checkpoint, self._model, self.history)
            self._last_checkpoint = now

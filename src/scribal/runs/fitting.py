"""Training by Keras itself, with what a run needs around it: repeatable order, history, checkpoints, an orderly end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.runs.checkpoint import load_checkpoint, restore, save_checkpoint
from scribal.runs.logits import training_form
from scribal.runs.progress import TrainingProgress
from scribal.runs.settings import Settings

__all__ = ["Fitted", "Samples", "fit_with_keras"]

_SECONDS_BETWEEN_CHECKPOINTS = 1.0
_SECONDS_BETWEEN_TICKS = 0.1

History = list[dict[str, float]]


@dataclass(frozen=True)
class Samples:
    """What a network is trained on, prepared for it.

    Attributes:
        x: Inputs, shape (n, *input_shape), float32.
        y: Targets as the loss wants them, shape (n, …).
        validation: The same for validation, or ``None``.
    """

    x: np.ndarray
    y: np.ndarray
    validation: tuple[np.ndarray, np.ndarray] | None


@dataclass(frozen=True)
class Fitted:
    """How a training ended.

    Attributes:
        history: One mapping an epoch: ``epoch``, ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``, ``seconds``.
        status: ``"finished"``, ``"interrupted"`` (by Ctrl-C) or ``"time is up"``.
    """

    history: History
    status: str


def fit_with_keras(
    model: Any,
    samples: Samples,
    settings: Settings,
    *,
    checkpoint: Path,
    progress: TrainingProgress,
    within: float | None = None,
) -> Fitted:
    """Train a compiled model to the settings' number of epochs, from its checkpoint if there is one.

    After a Ctrl-C, or when the time is up, the model holds the state of the last checkpoint, so that everything
    written afterwards agrees with what a resumed training starts from.

    Args:
        model: A compiled ``keras.Model``; trained in place.
        samples: What it is trained on.
        settings: Number of epochs, batch size and seed.
        checkpoint: Where the state is kept, after each epoch or, if epochs are shorter, each second.
        progress: Told how far the training is.
        within: Seconds after which no further epoch is begun that would not fit.
    """
    found = load_checkpoint(checkpoint)
    history: History = []
    if found:
        restore(model, found)
        history = list(found.history)
    if len(history) >= settings.epochs:
        return Fitted(history, "finished")
    recorder = _Recorder(model, settings, history, checkpoint, progress=progress, within=within)
    batches = -(-len(samples.x) // settings.batch_size)
    progress.begin(settings.epochs, len(history), batches)
    try:
        with training_form(model) as form:
            form.fit(
                samples.x,
                samples.y,
                batch_size=settings.batch_size,
                epochs=settings.epochs,
                initial_epoch=len(history),
                validation_data=samples.validation,
                callbacks=[recorder.as_callback()],
                verbose=0,
            )
    except KeyboardInterrupt:
        recorder.status = "interrupted"
        found = load_checkpoint(checkpoint)
        if found:
            restore(model, found)
        history = list(found.history) if found else []
    finally:
        progress.end()
    return Fitted(history, recorder.status)


class _Recorder:
    """Follows a training epoch by epoch."""

    def __init__(
        self,
        model: Any,
        settings: Settings,
        history: History,
        checkpoint: Path,
        *,
        progress: TrainingProgress,
        within: float | None,
    ) -> None:
        self.status = "finished"
        self._model = model
        self._settings = settings
        self._history = history
        self._checkpoint = checkpoint
        self._progress = progress
        self._within = within
        self._begin = self._last_checkpoint = time.monotonic()
        self._epoch_begin = self._last_tick = 0.0

    def as_callback(self) -> Any:
        """A Keras callback that calls this recorder."""
        methods = {
            "on_epoch_begin": _forward(self.epoch_begins),
            "on_train_batch_end": _forward(self.batch_ends),
            "on_epoch_end": _forward(self.epoch_ends),
        }
        # Made here, since Keras is not to be imported with this module.
        return type("Recorder", (import_keras().callbacks.Callback,), methods)()

    def epoch_begins(self, _callback: Any, epoch: int, _logs: Any) -> None:
        # Keras draws the order of an epoch from NumPy's global generator when the epoch begins; a seed of its own for
        # each epoch lets a resumed training go on in the same order.
        np.random.seed(np.random.SeedSequence([self._settings.seed, epoch]).generate_state(4))  # noqa: NPY002
        self._epoch_begin = time.monotonic()

    def batch_ends(self, _callback: Any, batch: int, logs: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if now - self._last_tick >= _SECONDS_BETWEEN_TICKS:
            self._last_tick = now
            self._progress.batch(batch + 1, {name: float(value) for name, value in (logs or {}).items()})

    def epoch_ends(self, callback: Any, epoch: int, logs: Mapping[str, Any]) -> None:
        now = time.monotonic()
        row = {"epoch": epoch + 1} | {name: float(value) for name, value in logs.items()}
        row["seconds"] = round(now - self._epoch_begin, 4)
        self._history.append(row)
        self._progress.epoch(row)
        is_last = epoch + 1 == self._settings.epochs
        is_late = self._within is not None and now - self._begin + row["seconds"] > self._within
        if is_late and not is_last:
            self.status = "time is up"
            callback.model.stop_training = True
        if is_last or is_late or now - self._last_checkpoint >= _SECONDS_BETWEEN_CHECKPOINTS:
            save_checkpoint(self._checkpoint, self._model, self._history)
            self._last_checkpoint = now


def _forward(method: Callable[..., None]) -> Callable[..., None]:
    """A method of a callback that hands its arguments to ``method``."""

    def call(callback: Any, number: int, logs: Any = None) -> None:
        method(callback, number, logs)

    return call

"""Training to the last epoch, from a checkpoint if there is one, by the engine or by Keras."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribal.engine.errors import LoweringError
from scribal.engine.threads import usable_threads
from scribal.runs.checkpoint import load_checkpoint, restore
from scribal.runs.keras_fitting import fit_with_keras
from scribal.runs.native_fitting import fit_natively
from scribal.runs.progress import TrainingProgress
from scribal.runs.recorder import History, Recorder
from scribal.runs.samples import Samples
from scribal.runs.settings import Settings

__all__ = ["Fitted", "fit"]


@dataclass(frozen=True)
class Fitted:
    """How a training ended.

    Attributes:
        history: One mapping an epoch: ``epoch``, ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``, ``seconds``.
        status: ``"finished"``, ``"interrupted"`` (by Ctrl-C) or ``"time is up"``.
        engine: What trained: ``"native"`` or ``"keras"``.
    """

    history: History
    status: str
    engine: str


def fit(
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
        settings: Number of epochs, batch size, seed and engine.
        checkpoint: Where the state is kept.
        progress: Told how far the training is.
        within: Seconds after which no further epoch is begun that would not fit.

    Raises:
        LoweringError: The engine is to train, and has no native form for the network.
    """
    found = load_checkpoint(checkpoint)
    if found:
        restore(model, found)
    recorder = Recorder(
        model,
        found.history if found else [],
        epochs=settings.epochs,
        checkpoint=checkpoint,
        progress=progress,
        within=within,
    )
    progress.begin(settings.epochs, len(recorder.history), -(-samples.count // settings.batch_size))
    engine = "keras" if settings.engine == "keras" else "native"
    try:
        if engine == "native":
            try:
                fit_natively(model, samples, settings, recorder, usable_threads())
            except LoweringError as error:
                if settings.engine == "native":
                    raise
                engine = "keras"
                progress.note(f"Keras trains this network, not the engine: {error.rule}. Received: {error.received}.")
        if engine == "keras" and not recorder.is_over:
            fit_with_keras(model, samples, settings, recorder)
    except KeyboardInterrupt:
        found = load_checkpoint(checkpoint)
        if found:
            restore(model, found)
        return Fitted(found.history if found else [], "interrupted", engine)
    finally:
        progress.end()
    return Fitted(recorder.history, recorder.status, engine)

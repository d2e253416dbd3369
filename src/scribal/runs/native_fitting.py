"""Training on the engine, with the same history, checkpoints and orderly end as training by Keras."""

from typing import Any

from scribal.runs.recorder import Recorder
from scribal.runs.samples import Samples
from scribal.runs.settings import Settings

__all__ = ["fit_natively"]


def fit_natively(model: Any, samples: Samples, settings: Settings, recorder: Recorder, threads: int) -> None:
    """Train a compiled model from the recorder's last epoch to the settings' last.

    Args:
        model: A compiled ``keras.Model``; trained in place.
        samples: What it is trained on.
        settings: Number of epochs, batch size and seed.
        recorder: Told of every epoch; ends the training early when the time is up.
        threads: Processor cores to use.

    Raises:
        LoweringError: The engine has no native form for the model, its loss or its optimizer.
        KeyboardInterrupt: Ctrl-C; the model holds the state of an earlier epoch.
    """
    from scribal.engine.trainer import Trainer, order_of

    trainer = Trainer(model, batch_size=settings.batch_size, seed=settings.seed, threads=threads)
    training = trainer.program.samples(samples.x, samples.y)
    if recorder.is_over:
        return
    validation = None if samples.validation is None else trainer.program.samples(*samples.validation)
    for epoch in range(len(recorder.history), settings.epochs):
        recorder.epoch_begins()
        logs = trainer.run_epoch(training, order_of(settings.seed, epoch, len(samples.x)), recorder.batch_ends)
        if validation is not None:
            logs |= {f"val_{name}": value for name, value in trainer.evaluate(validation).items()}
        recorder.epoch_ends(logs, before_checkpoint=trainer.write_back)
        if recorder.is_over:
            break

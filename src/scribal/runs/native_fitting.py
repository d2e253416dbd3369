"""Training on the engine, with the same history, checkpoints and orderly end as training by Keras."""

from typing import Any

from scribal.runs.recorder import Recorder
from scribal.runs.renewal import renewed
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
    from scribal.engine.trainer import Trainer, order_of, orders_of

    count = samples.count
    # Batches that are never full would only take memory.
    batch_size = min(settings.batch_size, count)
    trainer = Trainer(model, batch_size=batch_size, seed=settings.seed, threads=threads)
    training = trainer.program.samples(samples.x, samples.y)
    validation = None if samples.validation is None else trainer.program.samples(*samples.validation)
    may_join = validation is None and count % batch_size == 0 and samples.renew is None
    with renewed(samples, settings.epochs) as samples_of:
        while not recorder.is_over:
            epoch = len(recorder.history)
            joined = recorder.epochs_at_once() if may_join else 1
            recorder.epoch_begins()
            if joined > 1:
                orders = orders_of(settings.seed, range(epoch, epoch + joined), count)
                recorder.epochs_end(trainer.run_epochs(training, orders), before_checkpoint=trainer.write_back)
                continue
            if samples.renew is not None:
                training = trainer.program.samples(*samples_of(epoch))
            logs = trainer.run_epoch(training, order_of(settings.seed, epoch, count), recorder.batch_ends)
            if validation is not None:
                logs |= {f"val_{name}": value for name, value in trainer.evaluate(validation).items()}
            recorder.epoch_ends(logs, before_checkpoint=trainer.write_back)

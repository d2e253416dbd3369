"""Training by Keras' own ``fit``, in an order of samples that depends on the seed and the epoch alone."""

from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.backend import import_keras
from scribal.runs.logits import training_form
from scribal.runs.recorder import Recorder
from scribal.runs.samples import Samples
from scribal.runs.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fit_with_keras"]


def fit_with_keras(model: Any, samples: Samples, settings: Settings, recorder: Recorder) -> None:
    """Train a compiled model from the recorder's last epoch to the settings' last.

    Args:
        model: A compiled ``keras.Model``; trained in place.
        samples: What it is trained on.
        settings: Number of epochs, batch size and seed.
        recorder: Told of every epoch; ends the training early when the time is up.

    Raises:
        KeyboardInterrupt: Ctrl-C; the model is then in no state to be used.
    """
    with training_form(model) as form:
        form.fit(
            samples.x,
            samples.y,
            batch_size=settings.batch_size,
            epochs=settings.epochs,
            initial_epoch=len(recorder.history),
            validation_data=samples.validation,
            callbacks=[_callback(recorder, settings.seed)],
            verbose=0,
        )


def _callback(recorder: Recorder, seed: int) -> Any:
    """A Keras callback that calls the recorder and fixes the order of each epoch."""

    def epoch_begins(_callback: Any, epoch: int, _logs: Any = None) -> None:
        # Keras draws the order of an epoch from NumPy's global generator when the epoch begins; a seed of its own for
        # each epoch lets a resumed training go on in the same order.
        np.random.seed(np.random.SeedSequence([seed, epoch]).generate_state(4))  # noqa: NPY002
        recorder.epoch_begins()

    def batch_ends(_callback: Any, batch: int, logs: Any = None) -> None:
        recorder.batch_ends(batch + 1, logs or {})

    def epoch_ends(callback: Any, _epoch: int, logs: Any = None) -> None:
        recorder.epoch_ends(logs or {})
        callback.model.stop_training = recorder.is_over

    methods: dict[str, Callable[..., None]] = {
        "on_epoch_begin": epoch_begins,
        "on_train_batch_end": batch_ends,
        "on_epoch_end": epoch_ends,
    }
    # The class is made here, since Keras is not to be imported with this module.
    return type("RecorderCallback", (import_keras().callbacks.Callback,), methods)()

"""Training by Keras' own ``fit``, in an order of samples that depends on the seed and the epoch alone."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.runs.logits import training_form
from scribal.runs.recorder import Recorder
from scribal.runs.renewal import renewed
from scribal.runs.samples import Samples
from scribal.runs.settings import Settings

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
    epochs = settings.epochs
    with training_form(model) as form, _remembered_interrupt() as raise_again, renewed(samples, epochs) as samples_of:
        callback = [_callback(recorder, settings.seed, raise_again)]
        while not recorder.is_over:
            first = len(recorder.history)
            x, y = samples_of(first)
            form.fit(
                x,
                y,
                batch_size=settings.batch_size,
                # Samples that are new in every epoch are trained on for one.
                epochs=epochs if samples.renew is None else first + 1,
                initial_epoch=first,
                validation_data=samples.validation,
                callbacks=callback,
                verbose=0,
            )


@contextlib.contextmanager
def _remembered_interrupt() -> Iterator[Callable[[], None]]:
    """Give a function that raises a Ctrl-C again if there was one.

    One that falls into NumPy's conversion of a JAX array, where Keras spends much of a step, is lost: NumPy takes it
    for a failed attempt and tries the next way. So it is remembered.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield lambda: None
        return
    seen = threading.Event()

    def remember(number: int, frame: Any) -> None:
        seen.set()
        signal.default_int_handler(number, frame)

    def raise_again() -> None:
        if seen.is_set():
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, remember)
    try:
        yield raise_again
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _callback(recorder: Recorder, seed: int, raise_again: Callable[[], None]) -> Any:
    """A Keras callback that calls the recorder and fixes the order of each epoch."""

    def epoch_begins(_callback: Any, epoch: int, _logs: Any = None) -> None:
        # Keras draws the order of an epoch from NumPy's global generator when the epoch begins; a seed of its own for
        # each epoch lets a resumed training go on in the same order.
        np.random.seed(np.random.SeedSequence([seed, epoch]).generate_state(4))  # noqa: NPY002
        recorder.epoch_begins()

    def batch_ends(_callback: Any, batch: int, logs: Any = None) -> None:
        raise_again()
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

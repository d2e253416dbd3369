"""What callbacks look at, so that only what somebody sees is brought up to date, and only as often.

Keras' own callbacks are known; whatever else overrides a method is taken to look at everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scribal.backend import import_keras

__all__ = ["Watched", "watched_by"]

_TRAINING_HOOKS = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
_TEST_HOOKS = ("on_test_batch_begin", "on_test_batch_end")
_PREDICT_HOOKS = ("on_predict_batch_begin", "on_predict_batch_end")


@dataclass(frozen=True)
class Watched:
    """What at least one callback looks at.

    Attributes:
        weights: Weights or other variables, at the end of an epoch.
        batches: Every step of training, with all variables.
        test_batches: Every batch of an evaluation.
        predict_batches: Every batch of a prediction.
        progress: How far an epoch has come, now and then.
        anything: Anything but the measures of an epoch.
        more_than_measures: Anything that could not be told a moment later of several epochs at once.
    """

    weights: bool
    batches: bool
    test_batches: bool
    predict_batches: bool
    progress: bool
    anything: bool
    more_than_measures: bool


def watched_by(callbacks: Iterable[Any]) -> Watched:
    """Find out what callbacks look at.

    Args:
        callbacks: Objects of ``keras.callbacks.Callback``.
    """
    keras = import_keras().callbacks
    # They look at measures and, at most, at the learning rate. Of the weights EarlyStopping keeps the best if asked to.
    blind = (
        keras.History,
        keras.ProgbarLogger,
        keras.CSVLogger,
        keras.TerminateOnNaN,
        keras.ReduceLROnPlateau,
        keras.LearningRateScheduler,
    )
    told_later = (keras.History, keras.ProgbarLogger, keras.CSVLogger)
    others = [
        callback
        for callback in callbacks
        if type(callback) not in blind
        and not (type(callback) is keras.EarlyStopping and not callback.restore_best_weights)
    ]
    steppers = [callback for callback in others if not _sees_epochs_only(callback)]
    progress = any(
        type(callback) is keras.TerminateOnNaN or (type(callback) is keras.ProgbarLogger and _draws(callback))
        for callback in callbacks
    )
    return Watched(
        weights=bool(others),
        batches=_override(steppers, _TRAINING_HOOKS),
        test_batches=_override(steppers, _TEST_HOOKS),
        predict_batches=_override(steppers, _PREDICT_HOOKS),
        progress=progress,
        anything=any(type(callback) is not keras.History for callback in callbacks),
        more_than_measures=any(type(callback) not in told_later for callback in callbacks),
    )


def _sees_epochs_only(callback: Any) -> bool:
    """Whether one of Keras' callbacks has methods for batches which, as it is set up, do nothing."""
    keras = import_keras().callbacks
    if type(callback) in (keras.ModelCheckpoint, keras.BackupAndRestore):
        return bool(callback.save_freq == "epoch")
    if type(callback) is keras.TensorBoard:
        traces = getattr(callback, "_should_trace", True)
        return callback.update_freq == "epoch" and not callback.write_steps_per_second and not traces
    return False


def _draws(bar: Any) -> bool:
    """Whether a progress bar moves within an epoch."""
    return bar.verbose not in (0, 2)


def _override(callbacks: Iterable[Any], hooks: Iterable[str]) -> bool:
    base = import_keras().callbacks.Callback
    return any(
        getattr(method := getattr(callback, hook), "__func__", method) is not getattr(base, hook)
        for callback in callbacks
        for hook in hooks
    )

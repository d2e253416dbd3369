"""A decaying learning rate that programs want to set.

Keras 1 and 2 kept ``decay`` beside the rate, and both worked at once. A schedule of Keras 3 takes the rate's place, and
nobody can set it.
"""

from collections.abc import Iterator
from types import FunctionType
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.data.dataset import Array
from scribal.legacy.journal import current_journal

__all__ = ["decaying_rate", "leave_rate_to_callbacks", "set_decaying_rate"]

_RATES = {"learning_rate", "lr"}
_SETTING = {"assign", "set_value"}


class _Rate(np.ndarray):
    """The rate before its decay: a number that can be given another value, as Keras 2's variable could."""

    optimizer: Any = None

    def assign(self, value: Any) -> None:
        set_decaying_rate(self.optimizer, value)

    def get_value(self) -> Array:
        return np.array(self)


def decaying_rate(optimizer: Any) -> Any:
    """The rate of an optimizer that was made with ``decay``, before its decay; None if it was not."""
    schedule = _decay(optimizer)
    if schedule is None:
        return None
    rate = np.asarray(schedule.initial_learning_rate, np.float32).view(_Rate)
    rate.optimizer = optimizer
    return rate


def set_decaying_rate(optimizer: Any, value: Any, setter: str = "the program") -> bool:
    """Give an optimizer that was made with ``decay`` a plain rate in its place, and tell the journal.

    Without the decay, steps are longer by the factor ``1 + decay * steps`` than they were in Keras 1 and 2.

    Args:
        optimizer: Whose rate it is.
        value: The rate.
        setter: What sets it, for the journal.

    Returns:
        Whether the rate decayed; otherwise nothing is done.
    """
    schedule = _decay(optimizer)
    if schedule is None:
        return False
    rate = import_keras().Variable(float(value), name="learning_rate", trainable=False)
    optimizer._track_variable(rate)  # noqa: SLF001 (as Keras' own constructor does with a rate)
    optimizer._learning_rate = rate  # noqa: SLF001
    current_journal().adapted(f"decay={schedule.decay_rate} beside {setter}", f"{setter} alone")
    return True


def leave_rate_to_callbacks(optimizer: Any, callbacks: object) -> None:
    """Make a rate that decays by ``decay`` a plain one if a callback is there to set it.

    Args:
        optimizer: Of a compiled model.
        callbacks: Of the training that is about to begin, as it is given them: a list, one, or none.
    """
    schedule = _decay(optimizer)
    each = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    setters = [type(callback).__name__ for callback in each if _sets_rate(callback)] if schedule is not None else []
    if schedule is not None and setters:
        set_decaying_rate(optimizer, schedule.initial_learning_rate, setters[0])


def _decay(optimizer: Any) -> Any:
    schedule = getattr(optimizer, "_learning_rate", None)
    kind = import_keras().optimizers.schedules.InverseTimeDecay
    return schedule if isinstance(schedule, kind) and schedule.decay_steps == 1 else None


def _sets_rate(callback: object) -> bool:
    """Whether a callback is one of Keras' that set a rate, or the user's own and its code speaks of that."""
    keras = import_keras()
    if isinstance(callback, (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)):
        return True
    words = [set(function.__code__.co_names) for function in _functions(callback)]
    return any(said & _RATES and said & _SETTING for said in words)


def _functions(callback: object) -> Iterator[FunctionType]:
    for member in (*vars(type(callback)).values(), *getattr(callback, "__dict__", {}).values()):
        if isinstance(member, FunctionType) and current_journal().is_own(member.__code__.co_filename):
            yield member

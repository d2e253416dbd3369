"""A decaying learning rate that callbacks want to set.

Keras 1 and 2 kept ``decay`` beside the rate, and both worked at once. A schedule of Keras 3 takes the rate's place, and
nobody can set it.
"""

from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["leave_rate_to_callbacks"]


def leave_rate_to_callbacks(optimizer: Any, callbacks: object) -> None:
    """Make a rate that decays by ``decay`` a plain one if a callback is there to set it, and tell the journal.

    Without the decay, steps are longer by the factor ``1 + decay * steps`` than they were in Keras 1 and 2.

    Args:
        optimizer: Of a compiled model.
        callbacks: Of the training that is about to begin, as it is given them: a list, one, or none.
    """
    import keras

    setting = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)
    schedule = getattr(optimizer, "_learning_rate", None)
    decays = isinstance(schedule, keras.optimizers.schedules.InverseTimeDecay) and schedule.decay_steps == 1
    each = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    setters = [type(callback).__name__ for callback in each if isinstance(callback, setting)]
    if schedule is None or not decays or not setters:
        return
    rate = keras.Variable(float(schedule.initial_learning_rate), name="learning_rate", trainable=False)
    optimizer._track_variable(rate)  # noqa: SLF001 (as Keras' own constructor does with a rate)
    optimizer._learning_rate = rate  # noqa: SLF001
    current_journal().adapted(f"decay={schedule.decay_rate} beside {setters[0]}", f"{setters[0]} alone")

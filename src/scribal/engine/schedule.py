"""Learning-rate schedules of Keras, evaluated by Keras."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.engine.errors import LoweringError
from scribal.engine.training import Schedule

__all__ = ["lower_schedule"]

# Steps that are evaluated together: JAX compiles once for this number, and training step by step asks for few blocks.
_BLOCK = 1024


def lower_schedule(value: Mapping[str, Any]) -> Schedule:
    """Lower a learning-rate schedule.

    Args:
        value: A serialized ``keras.optimizers.schedules.LearningRateSchedule``, Keras' own or a registered one.

    Returns:
        A function from step numbers to learning rates, which calls Keras' object.

    Raises:
        LoweringError: Keras does not know the schedule's class.
    """
    from scribal.backend import import_keras

    keras = import_keras()
    schedules = keras.optimizers.schedules
    try:
        schedule = schedules.deserialize(dict(value))
    except (TypeError, ValueError):
        schedule = None
    if not isinstance(schedule, schedules.LearningRateSchedule):
        raise LoweringError(
            "The learning rate must be a number or a schedule that Keras can deserialize",
            received=value.get("class_name"),
            advice="Decorate its class with keras.saving.register_keras_serializable(), or train with Keras",
        )

    return _KerasSchedule(value, schedule)


class _KerasSchedule:
    """Learning rates by Keras' object; pickled as its configuration."""

    def __init__(self, config: Mapping[str, Any], schedule: Callable[[Any], Any]) -> None:
        self._config, self._schedule = config, schedule
        self._block = lru_cache(maxsize=2)(self._evaluated)

    def __call__(self, steps: NDArray[Any]) -> NDArray[np.float32]:
        blocks = range(int(steps.min()) // _BLOCK, int(steps.max()) // _BLOCK + 1)
        known = np.concatenate([self._block(number) for number in blocks])
        return known[steps - blocks[0] * _BLOCK]

    def __reduce__(self) -> tuple[object, ...]:
        return lower_schedule, (dict(self._config),)

    def _evaluated(self, number: int) -> NDArray[np.float32]:
        from scribal.backend import import_keras

        steps = np.arange(number * _BLOCK, (number + 1) * _BLOCK, dtype=np.int32)
        try:
            return np.asarray(import_keras().ops.vectorized_map(self._schedule, steps), np.float32)
        except TypeError:
            # A schedule that JAX cannot trace, as it branches on the step or hands it to NumPy.
            return np.array([self._schedule(step) for step in steps], np.float32)

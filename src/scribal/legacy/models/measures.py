"""Metrics as Keras 2 had them: ``reset_states``, and labels of another number of axes than the answers."""

import functools
from collections.abc import Callable
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_measures"]


def adapt_measures(patches: Patches) -> None:
    """Let metrics be used as they were.

    Args:
        patches: Where the changes are kept.
    """
    from keras.src.metrics.reduction_metrics import MeanMetricWrapper

    metric = import_keras().Metric
    patches.put(metric, "reset_states", _reset_states)
    patches.put(metric, "__init_subclass__", classmethod(_with_result_as_tensor))
    patches.put(MeanMetricWrapper, "update_state", _of_equal_ranks(MeanMetricWrapper.update_state))


def _reset_states(self: Any) -> None:
    """``reset_state``, as it was called until TensorFlow 2.5."""
    current_journal().adapted("reset_states()", "reset_state()")
    self.reset_state()


def _with_result_as_tensor(cls: Any, /, **_: Any) -> None:
    """Let a metric of the program's own give one of its variables as the result: JAX takes no variables."""
    result = vars(cls).get("result")
    if result is None:
        return

    @functools.wraps(result)
    def stand_in(self: Any) -> Any:
        given = result(self)
        return given.value if isinstance(given, import_keras().Variable) else given

    cls.result = stand_in


def _of_equal_ranks(method: Callable[..., Any]) -> Callable[..., Any]:
    """Labels (n,) measured against answers (n, 1) are (n, 1): Keras 3 does so for losses only."""

    @functools.wraps(method)
    def stand_in(self: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        ranks = len(getattr(y_true, "shape", ())), len(getattr(y_pred, "shape", ()))
        if ranks[0] + 1 == ranks[1] and y_pred.shape[-1] == 1:
            y_true = import_keras().ops.expand_dims(y_true, -1)
        return method(self, y_true, y_pred, sample_weight)

    return stand_in

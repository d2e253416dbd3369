"""What training tells: a ``History``, and ``logs`` for callbacks, with measures by their old names and new ones."""

import functools
from collections.abc import Callable
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal
from scribal.legacy.models.measure_names import Measures, name_among

__all__ = ["adapt_histories"]


def adapt_histories(patches: Patches) -> None:
    """Let histories, logs and monitors take the names of any Keras.

    Args:
        patches: Where the changes are kept.
    """
    from keras.src.callbacks.monitor_callback import MonitorCallback
    from keras.src.utils import python_utils

    keras = import_keras()
    history = keras.callbacks.History
    patches.put(history, "__init__", _remembering(history.__init__))
    patches.put(python_utils, "pythonify_logs", _answering(python_utils.pythonify_logs))
    patches.put(MonitorCallback, "_set_monitor_op", _monitoring(MonitorCallback._set_monitor_op))  # noqa: SLF001
    patches.put(keras.Model, "metrics_names", property(_metrics_names))


def _remembering(method: Callable[..., None]) -> Callable[..., None]:
    """``History.__init__``, with a history that knows both names of each measure."""

    @functools.wraps(method)
    def stand_in(self: Any, *args: Any, **kwargs: Any) -> None:
        method(self, *args, **kwargs)
        self.history = Measures(self.history)

    return stand_in


def _answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function that makes the ``logs`` for callbacks, with logs that know both names of each measure."""

    @functools.wraps(function)
    def stand_in(logs: Any) -> Any:
        return Measures(function(logs))

    return stand_in


def _monitoring(method: Callable[..., None]) -> Callable[..., None]:
    """A monitoring callback's choice of up or down, by the name that the model has for what is monitored."""

    @functools.wraps(method)
    def stand_in(self: Any) -> None:
        wanted = self.monitor
        prefix = "val_" if wanted.startswith("val_") else ""
        known = name_among(wanted.removeprefix(prefix), _metrics_names(self.model))
        if known is not None and prefix + known != wanted:
            self.monitor = prefix + known
            if known != "acc":
                current_journal().adapted(f"monitor={wanted!r}", f"monitor={self.monitor!r}")
        method(self)

    return stand_in


def _metrics_names(model: Any) -> list[str]:
    """What ``evaluate`` returns, in its order; before the first batch, the names that ``compile`` was given."""
    names: list[str] = []
    last: list[str] = []
    for metric in model.metrics:
        if type(metric).__name__ != "CompileMetrics":
            names.append(metric.name)
        elif not metric.built:
            given = import_keras().tree.flatten([metric._user_metrics, metric._user_weighted_metrics])  # noqa: SLF001
            names.extend(_given_name(measure) for measure in given if measure is not None)
        elif (several := set(metric.result())) == {measure.name for measure in metric.metrics}:
            names.extend(measure.name for measure in metric.metrics)
        else:
            # Measures of several outputs are named after these, and come behind the losses.
            last = sorted(several)
    return names + last


def _given_name(metric: Any) -> str:
    if isinstance(metric, str):
        return metric
    return str(getattr(metric, "name", None) or getattr(metric, "__name__", type(metric).__name__))

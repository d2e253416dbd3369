"""Searches and cross-validation of Keras' networks stay in this process, whatever ``n_jobs`` says.

The processes that scikit-learn would start know nothing of old code, and the engine uses all processors by itself.
"""

import contextlib
import functools
import importlib
from collections.abc import Callable
from typing import Any

from scribal.legacy.journal import current_journal
from scribal.legacy.other_libraries.names import replace

__all__ = ["stay_in_this_process"]

_FUNCTIONS = ("cross_val_predict", "cross_val_score", "cross_validate", "learning_curve", "validation_curve")
_WRAPPERS = "scribal.legacy.given.estimators"


def stay_in_this_process(model_selection: Any, undo: contextlib.ExitStack) -> None:
    """Let scikit-learn train networks in this process.

    Args:
        model_selection: ``sklearn.model_selection``.
        undo: Gets what takes it out again.
    """
    for name in _FUNCTIONS:
        function = getattr(model_selection, name)
        replace(model_selection, name, _here(function, lambda estimator, given: (estimator, given.get("n_jobs"))), undo)
    for name in ("GridSearchCV", "RandomizedSearchCV"):
        search = getattr(model_selection, name)
        replace(search, "fit", _here(search.fit, lambda search, _: (search.estimator, search.n_jobs)), undo)


def _here(
    function: Callable[..., Any], trained: Callable[[Any, dict[str, Any]], tuple[Any, Any]]
) -> Callable[..., Any]:
    @functools.wraps(function)
    def stand_in(first: Any, *args: Any, **kwargs: Any) -> Any:
        estimator, jobs = trained(first, kwargs)
        if jobs in (None, 1) or not _is_network(estimator):
            return function(first, *args, **kwargs)
        current_journal().adapted(f"n_jobs={jobs}", "n_jobs=1")
        with importlib.import_module("joblib").parallel_config(backend="sequential"):
            return function(first, *args, **kwargs)

    return stand_in


def _is_network(estimator: Any) -> bool:
    """Whether an estimator is one of Keras' wrappers, or a pipeline with one in it."""
    parts = estimator.get_params(deep=True).values() if hasattr(estimator, "get_params") else ()
    return any(type(part).__module__ == _WRAPPERS for part in (estimator, *parts))

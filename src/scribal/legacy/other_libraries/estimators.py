"""scikit-learn's classes that take other arguments, or say other things, than they did."""

import contextlib
from collections import namedtuple
from typing import Any

from scribal.legacy.changes.libraries import LIBRARIES
from scribal.legacy.constructors.adapting import adapted_function, adapted_init
from scribal.legacy.journal import current_journal
from scribal.legacy.other_libraries.names import replace

__all__ = ["adapt_calls", "adapt_encoders", "adapt_searches"]

_Score = namedtuple("_Score", ("parameters", "mean_validation_score", "cv_validation_scores"))  # noqa: PYI024 (as it was)


def adapt_calls(module: Any, undo: contextlib.ExitStack) -> None:
    """Let a module's functions and classes take old arguments, as ``OneHotEncoder(sparse=False)``.

    Classes keep their signature, by which scikit-learn copies estimators.

    Args:
        module: One of scikit-learn's.
        undo: Gets what takes it out again.
    """
    for name, form in LIBRARIES.items():
        owner, _, last = name.rpartition(".")
        if owner == module.__name__ and name == form.modern:
            what = getattr(module, last)
            if isinstance(what, type):
                replace(what, "__init__", adapted_init(what, name), undo)
            else:
                replace(module, last, adapted_function(what, name), undo)


def adapt_encoders(preprocessing: Any, undo: contextlib.ExitStack) -> None:
    """Give ``OneHotEncoder`` back ``get_feature_names``, which scikit-learn 1.2 has no more."""

    def get_feature_names(self: Any, input_features: Any = None) -> Any:
        current_journal().adapted("get_feature_names()", "get_feature_names_out()")
        return self.get_feature_names_out(input_features)

    replace(preprocessing.OneHotEncoder, "get_feature_names", get_feature_names, undo)


def adapt_searches(model_selection: Any, undo: contextlib.ExitStack) -> None:
    """Give searches of a grid ``grid_scores_``, a row for each setting, as scikit-learn 0.17 had it."""
    for name in ("GridSearchCV", "RandomizedSearchCV"):
        replace(getattr(model_selection, name), "grid_scores_", property(_grid_scores), undo)


def _grid_scores(search: Any) -> list[_Score]:
    import numpy as np

    current_journal().adapted("grid_scores_", 'cv_results_["params"], ["mean_test_score"] and ["std_test_score"]')
    results = search.cv_results_
    folds = np.stack([results[f"split{fold}_test_score"] for fold in range(search.n_splits_)], axis=1)
    return list(map(_Score, results["params"], results["mean_test_score"], folds))

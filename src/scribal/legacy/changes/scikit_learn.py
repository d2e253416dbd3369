"""scikit-learn's functions and classes that take other arguments than they did.

Sources: https://scikit-learn.org/stable/whats_new/older_versions.html, and those of 0.22 to 1.8, by version: arguments
by position ended with 1.0, ``random_state`` without ``shuffle`` with 0.24.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments
from scribal.legacy.changes.form import Form, Gone

__all__ = ["SCIKIT_LEARN"]

_ANSWERS = ("y_true", "y_pred")
_AVERAGED = (*_ANSWERS, "labels", "pos_label", "average", "sample_weight")
_SCORES = MappingProxyType(
    {name: f"neg_{name}" for name in ("log_loss", "mean_absolute_error", "mean_squared_error", "median_absolute_error")}
)


def _without_idle_seed(arguments: Arguments[Any]) -> None:
    """Parts that are not shuffled need no seed, and today refuse one."""
    has_seed = arguments.literal("random_state") is not None
    if has_seed and not arguments.literal("shuffle", default=False):
        arguments.drop("random_state")


def _folds(name: str) -> Form:
    return Form(
        modern=f"sklearn.model_selection.{name}",
        order=("n_splits",),
        old_order=("n_splits", "shuffle", "random_state"),
        steps=(_without_idle_seed,),
    )


def _scored(name: str, *old_order: str) -> Form:
    return Form(modern=f"sklearn.metrics.{name}", order=_ANSWERS, old_order=(*_ANSWERS, *old_order))


def _search(name: str) -> Form:
    return Form(modern=f"sklearn.model_selection.{name}", gone={"iid": Gone()}, spelled={"scoring": _SCORES})


def _forest(name: str, words: Mapping[str, object]) -> Form:
    return Form(modern=f"sklearn.ensemble.{name}", spelled={"max_features": words})


_FORMS = (
    _folds("KFold"),
    _folds("StratifiedKFold"),
    _search("GridSearchCV"),
    _search("RandomizedSearchCV"),
    Form(modern="sklearn.model_selection.cross_val_score", spelled={"scoring": _SCORES}),
    _scored("accuracy_score", "normalize", "sample_weight"),
    _scored("classification_report", "labels", "target_names", "sample_weight", "digits"),
    _scored("confusion_matrix", "labels", "sample_weight"),
    *(_scored(f"{name}_score", *_AVERAGED[2:]) for name in ("f1", "precision", "recall")),
    _forest("ExtraTreesClassifier", {"auto": "sqrt"}),
    _forest("RandomForestClassifier", {"auto": "sqrt"}),
    _forest("RandomForestRegressor", {"auto": 1.0}),
    Form(modern="sklearn.linear_model.LogisticRegression", gone={"multi_class": Gone()}),
    Form(modern="sklearn.manifold.TSNE", renamed={"n_iter": "max_iter"}),
    Form(
        modern="sklearn.utils.class_weight.compute_class_weight",
        order=("class_weight",),
        old_order=("class_weight", "classes", "y"),
    ),
)

SCIKIT_LEARN: Final[Mapping[str, Form]] = MappingProxyType({form.modern: form for form in _FORMS})
"""By their names, which are those of today."""

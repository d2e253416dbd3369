"""``keras.wrappers.scikit_learn``: a Keras model as scikit-learn's estimator, as Keras 1 and 2 had it.

Keras 3's ``keras.wrappers.SKLearnClassifier`` takes a model where these took a function that builds one, and its
parameters are not those of the function; so these are estimators of their own.
"""

import inspect
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from scribal.backend import import_keras
from scribal.data.dataset import Array

__all__ = ["KerasClassifier", "KerasRegressor"]

MODERN = {
    "KerasClassifier": "a class of your own on sklearn.base, as scribal modernise writes it",
    "KerasRegressor": "a class of your own on sklearn.base, as scribal modernise writes it",
}
_RENAMED = {"nb_epoch": "epochs"}


class _KerasEstimator:
    """What both estimators share: parameters of the building function and of ``fit``, told apart by name.

    Args:
        build_fn: Builds and compiles a model.
        parameters: Of ``build_fn``, and of the model's ``fit``, ``evaluate`` and ``predict``.
    """

    _estimator_type = ""

    def __init__(self, build_fn: Callable[..., Any] | None = None, **parameters: Any) -> None:
        self.build_fn = build_fn
        self.sk_params = parameters

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """All parameters, as scikit-learn copies an estimator with them."""
        del deep
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **parameters: Any) -> Self:
        """Change parameters."""
        self.build_fn = parameters.pop("build_fn", self.build_fn)
        self.sk_params.update(parameters)
        return self

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags

        is_classifier = self._estimator_type == "classifier"
        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags() if is_classifier else None,
            regressor_tags=None if is_classifier else RegressorTags(),
        )

    def __sklearn_is_fitted__(self) -> bool:
        """Whether there is a trained model, as scikit-learn's pipelines ask."""
        return hasattr(self, "model")

    def fit(self, x: Any, y: Any, **options: Any) -> Any:
        """Build a model and train it.

        Returns:
            Keras' history, as in Keras 1 and 2.
        """
        build: Any = self.build_fn if self.build_fn is not None else self
        self.model = build(**self._accepted(build))
        targets = self._targets(np.asarray(y))
        self.history = self.model.fit(np.asarray(x), targets, **{**self._taken_by("fit"), **options})
        return self.history

    def _targets(self, y: Array) -> Array:
        return y

    def _accepted(self, build: Callable[..., Any]) -> dict[str, Any]:
        """Those parameters that a building function takes."""
        taken = inspect.signature(build).parameters
        return {name: value for name, value in self.sk_params.items() if name in taken}

    def _taken_by(self, method: str) -> dict[str, Any]:
        """Those parameters that a method of the model takes."""
        taken = inspect.signature(getattr(import_keras().Model, method)).parameters
        modern = {_RENAMED.get(name, name): value for name, value in self.sk_params.items()}
        return {name: value for name, value in modern.items() if name in taken}


class KerasClassifier(_KerasEstimator):
    """A Keras model that tells classes apart; see the base for its arguments."""

    _estimator_type = "classifier"

    def _targets(self, y: Array) -> Array:
        if y.ndim > 1 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
            return y
        self.classes_, numbers = np.unique(y.ravel(), return_inverse=True)
        if "categorical_crossentropy" not in {self.model.loss, getattr(self.model.loss, "__name__", None)}:
            return numbers
        one_hot: Array = import_keras().utils.to_categorical(numbers, len(self.classes_))
        return one_hot

    def predict(self, x: Any, **options: Any) -> Array:
        """The class of each sample."""
        outputs = self._probabilities(x, options)
        best = outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs > 0.5).astype(np.int64).ravel()  # noqa: PLR2004
        classes: Array = self.classes_[best]
        return classes

    def predict_proba(self, x: Any, **options: Any) -> Array:
        """The probability of each class; two columns for a single output."""
        outputs = self._probabilities(x, options)
        return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    def score(self, x: Any, y: Any, **options: Any) -> float:
        """The share of samples that are given their class."""
        y = np.asarray(y)
        true = self.classes_[y.argmax(axis=1)] if y.ndim > 1 and y.shape[1] > 1 else y.ravel()
        return float(np.mean(self.predict(x, **options) == true))

    def _probabilities(self, x: Any, options: dict[str, Any]) -> Array:
        return np.asarray(self.model.predict(np.asarray(x), **{**self._taken_by("predict"), **options}))


class KerasRegressor(_KerasEstimator):
    """A Keras model that gives numbers; see the base for its arguments."""

    _estimator_type = "regressor"

    def predict(self, x: Any, **options: Any) -> Array:
        """The number, or numbers, of each sample."""
        outputs = self.model.predict(np.asarray(x), **{**self._taken_by("predict"), **options})
        return np.squeeze(np.asarray(outputs), axis=-1) if outputs.shape[-1] == 1 else np.asarray(outputs)

    def score(self, x: Any, y: Any, **options: Any) -> float:
        """The loss with its sign changed, so that more is better, as in Keras 1 and 2."""
        loss = self.model.evaluate(np.asarray(x), np.asarray(y), **{**self._taken_by("evaluate"), **options})
        return -float(loss[0] if isinstance(loss, list) else loss)

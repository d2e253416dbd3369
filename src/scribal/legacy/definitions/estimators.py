"""Keras' models as estimators of scikit-learn, as ``keras.wrappers.scikit_learn`` had them."""

import inspect

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

__all__ = ["KerasClassifier", "KerasRegressor"]


class KerasEstimator(BaseEstimator):
    """A model for scikit-learn; its parameters are those of build_fn, and of the model's fit and predict."""

    def __init__(self, build_fn=None, **parameters):
        self.build_fn = build_fn
        self.parameters = parameters

    def get_params(self, deep=True):
        return {"build_fn": self.build_fn, **self.parameters}

    def set_params(self, **parameters):
        self.build_fn = parameters.pop("build_fn", self.build_fn)
        self.parameters.update(parameters)
        return self

    def fit(self, x, y, **options):
        build = self.build_fn or self
        self.model = build(**self.parameters_of(build))
        targets = self.targets(np.asarray(y))
        self.history = self.model.fit(np.asarray(x), targets, **{**self.parameters_of(self.model.fit), **options})
        return self.history

    def outputs(self, x, **options):
        return self.model.predict(np.asarray(x), **{**self.parameters_of(self.model.predict), **options})

    def parameters_of(self, function):
        """Those that a function takes; a grid's are NumPy's numbers, where layers take Python's."""
        taken = inspect.signature(function).parameters
        known = {name: value for name, value in self.parameters.items() if name in taken}
        return {name: value.item() if isinstance(value, np.generic) else value for name, value in known.items()}

    def __sklearn_is_fitted__(self):
        return hasattr(self, "model")


class KerasClassifier(ClassifierMixin, KerasEstimator):
    """A model that tells classes apart; targets are their labels, or one-hot."""

    def targets(self, y):
        if y.ndim > 1 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
            return y
        self.classes_, numbers = np.unique(y.ravel(), return_inverse=True)
        return np.eye(len(self.classes_))[numbers] if self.model.loss == "categorical_crossentropy" else numbers

    def predict(self, x, **options):
        outputs = self.outputs(x, **options)
        best = outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs > 0.5).astype(int).ravel()
        return self.classes_[best]

    def predict_proba(self, x, **options):
        outputs = self.outputs(x, **options)
        return outputs if outputs.shape[-1] > 1 else np.hstack([1 - outputs, outputs])

    def score(self, x, y, **options):
        y = np.asarray(y)
        labels = self.classes_[y.argmax(axis=1)] if y.ndim > 1 and y.shape[1] > 1 else y.ravel()
        return np.mean(self.predict(x, **options) == labels)


class KerasRegressor(RegressorMixin, KerasEstimator):
    """A model that gives numbers; its score is the loss with its sign changed."""

    def targets(self, y):
        return y

    def predict(self, x, **options):
        outputs = self.outputs(x, **options)
        return outputs[:, 0] if outputs.shape[-1] == 1 else outputs

    def score(self, x, y, **options):
        options = {**self.parameters_of(self.model.evaluate), **options}
        return -np.ravel(self.model.evaluate(np.asarray(x), np.asarray(y), **options))[0]

"""The pass over ``keras.wrappers.scikit_learn``: its estimators are written out with ``sklearn.base``.

``keras.wrappers.SKLearnClassifier`` is no modern form of ``KerasClassifier``. Its parameters are not those of the
function that builds the model, so that no grid reaches them; it forgets its ``fit_kwargs`` when scikit-learn clones it,
as each cross-validation does; and it hands one-hot targets to a loss that may want the numbers of the classes.
"""

import libcst as cst

from scribal.legacy.modernise.definitions import with_definitions
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["write_out_estimators"]

_MODULE = "wrappers.scikit_learn"
_IMPORTS = """\
import inspect
import numpy as np
from sklearn.base import BaseEstimator
"""
_BASE = '''

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
        taken = inspect.signature(function).parameters
        return {name: value for name, value in self.parameters.items() if name in taken}

    def __sklearn_is_fitted__(self):
        return hasattr(self, "model")

'''
_CLASSES = {
    "KerasClassifier": '''
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

''',
    "KerasRegressor": '''
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

''',
}
_MIXINS = {"KerasClassifier": "ClassifierMixin", "KerasRegressor": "RegressorMixin"}
_OLD_WORD, _WORD = "nb_epoch", "epochs"


def write_out_estimators(program: Program) -> cst.Module:
    """Put classes of the same names into the program, if it makes Keras' models estimators of scikit-learn."""
    nodes: list[cst.Name | cst.Attribute] = [*program.walk(cst.Name), *program.walk(cst.Attribute)]
    uses = {node: name for node in nodes if program.is_read(node) and (name := _estimator(program.qualified(node)))}
    if not uses:
        return program.module
    names = sorted(set(uses.values()))
    imports = "".join(f"from sklearn.base import {_MIXINS[name]}\n" for name in names)
    definitions = _BASE + "".join(_CLASSES[name] for name in names)
    module = program.module.visit(_Using(program, uses))
    return with_definitions(module, _IMPORTS + imports, definitions, names)


class _Using(Rewriting):
    """Estimators are the program's own; a grid over ``nb_epoch`` is one over ``epochs``."""

    def __init__(self, program: Program, uses: dict[cst.Name | cst.Attribute, str]) -> None:
        super().__init__(program)
        self._uses = uses
        # A word of the program's own function stays.
        self._renames = _OLD_WORD not in {parameter.name.value for parameter in program.walk(cst.Param)}

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        name = self._uses.get(original_node)
        return updated_node if name is None else updated_node.with_changes(value=name)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        name = self._uses.get(original_node)
        return updated_node if name is None else cst.Name(name, lpar=updated_node.lpar, rpar=updated_node.rpar)

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """The old import goes."""
        gone = self.program.module_of(original_node).endswith(_MODULE)
        return cst.RemoveFromParent() if gone else updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``KerasClassifier(nb_epoch=…)`` and ``dict(nb_epoch=[…])``."""
        is_grid = self.program.qualified(original_node.func) == "builtins.dict"
        if not self._renames or not (is_grid or original_node.func in self._uses):
            return updated_node
        return updated_node.with_changes(
            args=[
                arg
                if arg.keyword is None
                else arg.with_changes(keyword=cst.Name(_modern_word(arg.keyword.value) or arg.keyword.value))
                for arg in updated_node.args
            ]
        )

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.BaseExpression:
        """``{"nb_epoch": […]}``, also of a pipeline's step."""
        del original_node
        text = updated_node.evaluated_value
        word = _modern_word(text) if isinstance(text, str) and self._renames else None
        if word is None:
            return updated_node
        return updated_node.with_changes(value=f"{updated_node.prefix}{updated_node.quote}{word}{updated_node.quote}")


def _estimator(qualified: str | None) -> str | None:
    """The estimator that a qualified name means, by its last name; None if it means none."""
    library, _, rest = (qualified or "").partition(".")
    module, _, name = rest.rpartition(".")
    is_keras = library in {"keras", "tensorflow", "tf_keras"}
    return name if is_keras and name in _CLASSES and module.endswith(_MODULE) else None


def _modern_word(word: str) -> str | None:
    """Today's form of ``nb_epoch`` and ``classifier__nb_epoch``; None if it is neither."""
    if word != _OLD_WORD and not word.endswith(f"__{_OLD_WORD}"):
        return None
    return word.removesuffix(_OLD_WORD) + _WORD

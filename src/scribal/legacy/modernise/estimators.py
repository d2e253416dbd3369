"""The pass over ``keras.wrappers.scikit_learn``: its estimators are written out with ``sklearn.base``.

``keras.wrappers.SKLearnClassifier`` is no modern form of ``KerasClassifier``. Its parameters are not those of the
function that builds the model, so that no grid reaches them; it forgets its ``fit_kwargs`` when scikit-learn clones it,
as each cross-validation does; and it hands one-hot targets to a loss that may want the numbers of the classes.
"""

import libcst as cst

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting
from scribal.legacy.modernise.written_out import read_definitions

__all__ = ["write_out_estimators"]

_MODULE = "wrappers.scikit_learn"
_CLASSES = ("KerasClassifier", "KerasRegressor")
_OLD_WORD, _WORD = "nb_epoch", "epochs"


def write_out_estimators(program: Program) -> cst.Module:
    """Put classes of the same names into the program, if it makes Keras' models estimators of scikit-learn."""
    nodes: list[cst.Name | cst.Attribute] = [*program.walk(cst.Name), *program.walk(cst.Attribute)]
    uses = {node: name for node in nodes if program.is_read(node) and (name := _estimator(program.qualified(node)))}
    if not uses:
        return program.module
    return read_definitions("estimators").put_into(program.module.visit(_Using(program, uses)), set(uses.values()))


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

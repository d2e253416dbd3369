"""The pass over keys of a training's record: ``"val_acc"`` is ``"val_accuracy"`` today."""

import libcst as cst

from scribal.legacy.changes.spellings import MONITORS
from scribal.legacy.modernise.expressions import literal
from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting
from scribal.legacy.modernise.words import words_of

__all__ = ["modernise_keys"]

_SHORT = {
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_error": "mse",
    "mean_squared_logarithmic_error": "msle",
    "acc": "accuracy",
}
_RECORDS = {Kind.RECORD, Kind.LOGS}


def modernise_keys(program: Program) -> cst.Module:
    """Ask for the keys that Keras 3 writes, which are the names that the metrics were given by."""
    return program.module.visit(_Keys(program))


class _Keys(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kinds = Kinds(program)
        self._keys = {**MONITORS, **_keys_by_metrics(program)}
        # Strings that reach a record through a variable: as a parameter, in a loop, behind "val_".
        self._words = {
            word
            for node in program.walk(cst.Subscript)
            if self._is_record(node.value)
            for name in program.walk(cst.Name, node.slice[0])
            for word in words_of(program, name)
        }

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.BaseExpression:
        """A key that is handed on."""
        return self._key(updated_node) if original_node in self._words else updated_node

    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> cst.BaseExpression:
        """``history.history["acc"]``."""
        index = updated_node.slice[0].slice if len(updated_node.slice) == 1 else None
        if not isinstance(index, cst.Index) or not self._is_record(original_node.value):
            return updated_node
        element = updated_node.slice[0].with_changes(slice=index.with_changes(value=self._key(index.value)))
        return updated_node.with_changes(slice=[element])

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``logs.get("acc")``."""
        func = original_node.func
        if not (isinstance(func, cst.Attribute) and func.attr.value in {"get", "pop"} and updated_node.args):
            return updated_node
        if not self._is_record(func.value):
            return updated_node
        first, *rest = updated_node.args
        return updated_node.with_changes(args=[first.with_changes(value=self._key(first.value)), *rest])

    def leave_Comparison(self, original_node: cst.Comparison, updated_node: cst.Comparison) -> cst.BaseExpression:
        """``"acc" in history.history``."""
        comparators = [target.comparator for target in original_node.comparisons]
        if not any(self._is_record(_keyed(comparator)) for comparator in comparators):
            return updated_node
        return updated_node.with_changes(left=self._key(updated_node.left))

    def _is_record(self, node: cst.BaseExpression) -> bool:
        return self._kinds.of(node) in _RECORDS

    def _key(self, expression: cst.BaseExpression) -> cst.BaseExpression:
        """A key as Keras 3 writes it; several in a list, too."""
        if isinstance(expression, cst.List):
            elements = [each.with_changes(value=self._key(each.value)) for each in expression.elements]
            return expression.with_changes(elements=elements)
        key = literal(expression)
        if not (isinstance(expression, cst.SimpleString) and isinstance(key, str) and key in self._keys):
            return expression
        return expression.with_changes(value=f"{expression.quote}{self._keys[key]}{expression.quote}")


def _keyed(node: cst.BaseExpression) -> cst.BaseExpression:
    """The record of ``record.keys()``."""
    is_keys = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "keys"
    return node.func.value if is_keys and isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else node


def _keys_by_metrics(program: Program) -> dict[str, str]:
    """Keys under which Keras 1 and 2 recorded metrics that the program names by their short names."""
    given = set()
    for call in program.walk(cst.Call):
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "compile":
            for arg in call.args:
                names = literal(arg.value)
                given |= {name for name in names if isinstance(name, str)} if isinstance(names, list | tuple) else set()
    keys = {long: short for long, short in _SHORT.items() if short in given and long not in given}
    return keys | {f"val_{long}": f"val_{short}" for long, short in keys.items()}

"""The pass over keys of a training's record: ``"val_acc"`` is ``"val_accuracy"``, also of one output of several."""

import re

import libcst as cst

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
_PLACE_OF_MONITOR = {"EarlyStopping": 0, "ModelCheckpoint": 1, "ReduceLROnPlateau": 0}
_THROUGH_LOGS = {"logs", "logs.items()", "logs.iteritems()", "logs.keys()", "six.iteritems(logs)"}
_RECORDS = {Kind.RECORD, Kind.LOGS}


def modernise_keys(program: Program) -> cst.Module:
    """Ask for the keys that Keras 3 writes, which are the names that the metrics were given by."""
    return program.module.visit(_Keys(program))


class _Keys(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kinds = Kinds(program)
        self._measures = {"acc": "accuracy", **_measures_by_metrics(program)}
        self._outputs = _names_of_outputs(program)
        self._own = {assignment.name for scope in set(program.scopes.values()) for assignment in scope.assignments}
        self._copies = _copies_of_logs(program)
        # Strings that reach a record through a variable: as a parameter, in a loop, behind "val_".
        self._words = {
            word
            for node in program.walk(cst.Subscript)
            if self._is_record(node.value)
            for name in program.walk(cst.Name, node.slice[0])
            for word in words_of(program, name)
        }
        monitored = [value for call in program.walk(cst.Call) for value in self._monitored(call)]
        self._words |= {value for value in monitored if isinstance(value, cst.SimpleString)}
        names = [value for value in monitored if isinstance(value, cst.Name)]
        self._words |= {word for name in names for word in words_of(program, name)}
        self._files = {
            text
            for call in program.walk(cst.Call)
            if program.canonical(call.func) == "keras.callbacks.ModelCheckpoint"
            for text in program.walk(cst.SimpleString, call)
        }

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.BaseExpression:
        """A key that is handed on."""
        if original_node in self._words:
            return self._key(updated_node)
        if original_node not in self._files:
            return updated_node
        text = re.sub(r"(?<=\{)\w+(?=[:!}])", lambda field: self._today(field[0]), updated_node.value)
        return updated_node.with_changes(value=text)

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
        return self._kinds.of(node) in _RECORDS or self._is_copy(node)

    def _is_copy(self, node: cst.BaseExpression) -> bool:
        """Whether it is a dict of a callback's own, filled by going through ``logs``."""
        is_own = isinstance(node, cst.Attribute) and self.program.code(node.value) == "self"
        return is_own and self.program.code(node) in self._copies

    def _key(self, expression: cst.BaseExpression) -> cst.BaseExpression:
        """A key as Keras 3 writes it; several in a list, too."""
        if isinstance(expression, cst.List):
            elements = [each.with_changes(value=self._key(each.value)) for each in expression.elements]
            return expression.with_changes(elements=elements)
        key = literal(expression)
        if not (isinstance(expression, cst.SimpleString) and isinstance(key, str) and self._today(key) != key):
            return expression
        return expression.with_changes(value=f"{expression.quote}{self._today(key)}{expression.quote}")

    def _today(self, key: str) -> str:
        """A key as Keras 3 writes it: of a metric that has another name now, behind ``val_`` and an output's name."""
        plain = key.removeprefix("val_")
        start = key.removesuffix(plain)
        output = next((f"{name}_" for name in self._outputs if plain.startswith(f"{name}_")), "")
        if not output and plain.endswith("_acc"):  # of an output whose name is made, such as "c%d" % place
            output = plain.removesuffix("acc")
        word = plain.removeprefix(output)
        return key if plain in self._own else f"{start}{output}{self._measures.get(word, word)}"

    def _monitored(self, call: cst.Call) -> list[cst.BaseExpression]:
        """What a callback is told to watch."""
        name = self.program.canonical(call.func) or ""
        if not name.startswith("keras.callbacks."):
            return []
        place = _PLACE_OF_MONITOR.get(name.removeprefix("keras.callbacks."))
        return [
            arg.value
            for number, arg in enumerate(call.args)
            if (arg.keyword.value == "monitor" if arg.keyword is not None else number == place)
        ]


def _keyed(node: cst.BaseExpression) -> cst.BaseExpression:
    """The record of ``record.keys()``."""
    is_keys = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "keys"
    return node.func.value if is_keys and isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else node


def _copies_of_logs(program: Program) -> set[str]:
    """What a callback puts in under names that it takes from ``logs``, and nothing under ``"acc"`` of its own."""
    copies = set()
    for loop in program.walk(cst.For):
        if program.code(loop.iter) in _THROUGH_LOGS:
            copies |= {
                program.code(node.value) for node in program.walk(cst.Subscript, loop.body) if not program.is_read(node)
            }
    return copies


def _measures_by_metrics(program: Program) -> dict[str, str]:
    """Names that Keras 1 and 2 gave to metrics which the program calls by their short names."""
    given = {
        literal(text)
        for call in _compilations(program)
        for arg in call.args
        if isinstance(arg.value, cst.List | cst.Tuple | cst.Dict)
        for text in program.walk(cst.SimpleString, arg.value)
    }
    return {long: short for long, short in _SHORT.items() if short in given and long not in given}


def _names_of_outputs(program: Program) -> list[str]:
    """What layers are called, and what losses and metrics are given by; the longest first."""
    named = {
        literal(arg.value)
        for call in program.walk(cst.Call)
        for arg in call.args
        if arg.keyword is not None and arg.keyword.value == "name"
    }
    given = {
        literal(element.key)
        for call in _compilations(program)
        for mapping in program.walk(cst.Dict, call)
        for element in mapping.elements
        if isinstance(element, cst.DictElement)
    }
    return sorted((name for name in named | given if isinstance(name, str)), key=len, reverse=True)


def _compilations(program: Program) -> list[cst.Call]:
    calls = program.walk(cst.Call)
    return [call for call in calls if isinstance(call.func, cst.Attribute) and call.func.attr.value == "compile"]

"""The pass over names that Keras gave to layers itself: ``get_layer("dense_1")`` is ``get_layer("dense")`` today."""

import libcst as cst

from scribal.legacy.changes.layer_names import automatic_name
from scribal.legacy.modernise.expressions import literal
from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting
from scribal.legacy.modernise.words import words_of

__all__ = ["name_layers"]


def name_layers(program: Program, *, tensorflow: bool) -> cst.Module:
    """Ask for layers, and for the measures of an output, by the names that they have today.

    Args:
        program: An old program, everything else in it modern already.
        tensorflow: Whether its Keras was ``tf.keras``.
    """
    return program.module.visit(_LayerNames(program, tensorflow=tensorflow))


class _LayerNames(Rewriting):
    def __init__(self, program: Program, *, tensorflow: bool) -> None:
        super().__init__(program)
        self._tensorflow = tensorflow
        kinds = Kinds(program)
        self._own = {
            literal(arg.value)
            for call in program.walk(cst.Call)
            for arg in call.args
            if arg.keyword is not None and arg.keyword.value == "name"
        }
        asked = [call.args[0].value for call in program.walk(cst.Call) if _asks_for_layer(call)]
        self._layers = {text for value in asked for text in _strings(program, value)}
        self._keys = {
            text
            for node in program.walk(cst.Subscript)
            if len(node.slice) == 1 and kinds.of(node.value) in {Kind.RECORD, Kind.LOGS}
            for text in program.walk(cst.SimpleString, node.slice[0])
        }

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.BaseExpression:
        """A name in the quotes in which it was."""
        word = literal(updated_node)
        if not isinstance(word, str):
            return updated_node
        name, start, end = word, "", ""
        if original_node in self._keys:
            name, _, measure = word.removeprefix("val_").rpartition("_")
            start, end = word.removesuffix(f"{name}_{measure}"), f"_{measure}"
        elif original_node not in self._layers:
            return updated_node
        today = None if name in self._own else automatic_name(name, tensorflow=self._tensorflow)
        quote = updated_node.quote
        return updated_node if today is None else updated_node.with_changes(value=f"{quote}{start}{today}{end}{quote}")


def _asks_for_layer(call: cst.Call) -> bool:
    is_method = isinstance(call.func, cst.Attribute) and call.func.attr.value == "get_layer"
    return is_method and bool(call.args) and (call.args[0].keyword is None or call.args[0].keyword.value == "name")


def _strings(program: Program, value: cst.BaseExpression) -> list[cst.SimpleString]:
    if isinstance(value, cst.SimpleString):
        return [value]
    return words_of(program, value) if isinstance(value, cst.Name) else []

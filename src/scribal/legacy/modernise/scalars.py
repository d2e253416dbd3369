"""The pass over ``int(array)``: NumPy makes a number of an array of one only where its ``item`` is asked for."""

import libcst as cst

from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_scalars"]


def modernise_scalars(program: Program) -> cst.Module:
    """Write ``int(model.predict(x))`` and ``float(answer[0])`` with ``.item()``."""
    return program.module.visit(_Scalars(program))


class _Scalars(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kinds = Kinds(program)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``int(x)`` and ``float(x)``, where ``x`` is seen to be what a network answers."""
        if self.program.qualified(original_node.func) not in {"builtins.int", "builtins.float"}:
            return updated_node
        if len(original_node.args) != 1 or original_node.args[0].keyword or original_node.args[0].star:
            return updated_node
        value = updated_node.args[0].value
        if self._kinds.of(original_node.args[0].value) not in {Kind.ANSWER, Kind.CLASSES, Kind.ROW}:
            return updated_node
        if not isinstance(value, cst.Name | cst.Attribute | cst.Call | cst.Subscript) and not value.lpar:
            value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        item = cst.Call(cst.Attribute(value, cst.Name("item")))
        return updated_node.with_changes(args=[updated_node.args[0].with_changes(value=item)])

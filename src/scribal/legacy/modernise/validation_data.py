"""The pass over callbacks that read ``self.validation_data``, which Keras 1 and 2 gave them and Keras 3 does not."""

import libcst as cst

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Remark, Rewriting

__all__ = ["give_validation_data"]

_NAME = "validation_data"
_BY_HAND = "give the callback its data yourself, as in callback.validation_data = (x, y)"


def give_validation_data(program: Program) -> tuple[cst.Module, list[Remark]]:
    """Write ``callback.validation_data = (x, y)`` above the training that is given both."""
    transformer = _Giving(program)
    return program.module.visit(transformer), transformer.remarks


class _Giving(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._given: dict[cst.CSTNode, list[str]] = {}  # what is given, by the line of the training
        readers = {each.name.value: each for each in program.walk(cst.ClassDef) if self._reads(each)}
        if not readers or any(self._is_given(node) for node in program.walk(cst.Attribute)):
            return
        reached = set()
        for call in program.walk(cst.Call):
            named = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
            if "callbacks" not in named or _NAME not in named:
                continue
            line = self._line(call)
            for name, maker in self._made(named["callbacks"]):
                if maker in readers and line is not None:
                    reached.add(maker)
                    data = program.code(named[_NAME])
                    self._given.setdefault(line, []).append(f"{name}.{_NAME} = {data}")
        for name, definition in readers.items():
            if name not in reached:
                self.remark(definition, f"self.{_NAME}", _BY_HAND)

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        """The line of a training, and what comes before it."""
        line = super().leave_SimpleStatementLine(original_node, updated_node)
        if original_node not in self._given or not isinstance(line, cst.SimpleStatementLine):
            return line
        first, *others = (cst.parse_statement(each) for each in self._given[original_node])
        first = first.with_changes(leading_lines=line.leading_lines)
        return cst.FlattenSentinel([first, *others, line.with_changes(leading_lines=[])])

    def _reads(self, definition: cst.ClassDef) -> bool:
        bases = [self.program.canonical(base.value) or "" for base in definition.bases]
        return any(base.startswith("keras.callbacks.") for base in bases) and any(
            self.program.code(node) == f"self.{_NAME}" for node in self.program.walk(cst.Attribute, definition)
        )

    def _is_given(self, node: cst.Attribute) -> bool:
        return node.attr.value == _NAME and isinstance(self.program.parents.get(node), cst.AssignTarget)

    def _made(self, callbacks: cst.BaseExpression) -> list[tuple[str, str]]:
        """The callbacks that have a name, each with the class that makes it."""
        given = self.program.assigned(callbacks) if isinstance(callbacks, cst.Name) else [callbacks]
        elements = [each.value for one in given or () if isinstance(one, cst.List) for each in one.elements]
        found = []
        for element in elements:
            values = self.program.assigned(element) if isinstance(element, cst.Name) else None
            makers = [value.func.value for value in values or () if _is_plain_call(value)]  # type: ignore[attr-defined]
            if isinstance(element, cst.Name) and makers:
                found.append((element.value, makers[0]))
        return found

    def _line(self, node: cst.CSTNode) -> cst.CSTNode | None:
        while not isinstance(node, cst.SimpleStatementLine | cst.Module):
            node = self.program.parents[node]
        return node if isinstance(node, cst.SimpleStatementLine) else None


def _is_plain_call(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Call) and isinstance(value.func, cst.Name)

"""The pass over what Keras does only with another library: TensorBoard's files and drawings of models."""

import libcst as cst

from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Remark, Rewriting

__all__ = ["do_without"]

_LOG = '"training_log.csv"'
_DRAWING = {"keras.utils.model_to_dot", "keras.utils.plot_model"}


def do_without(program: Program) -> tuple[cst.Module, list[Remark]]:
    """Log to a table what TensorBoard would show, and draw models only where there is what draws them."""
    transformer = _Needing(program)
    module = program.module.visit(transformer)
    return add_imports(module, transformer.spelling.wanted), transformer.remarks


class _Needing(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        calls = program.walk(cst.Call)
        self._boards = {call for call in calls if program.canonical(call.func) == "keras.callbacks.TensorBoard"}

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``TensorBoard(…)`` is a ``CSVLogger``."""
        if original_node not in self._boards:
            return updated_node
        self.remark(
            original_node, "TensorBoard", f"its files need TensorFlow; a keras.callbacks.CSVLogger writes {_LOG}"
        )
        logger = self.spelling.spell("keras.callbacks.CSVLogger")
        return updated_node.with_changes(
            func=logger,
            args=[cst.Arg(cst.SimpleString(_LOG))],
            whitespace_before_args=cst.SimpleWhitespace(""),
        )

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        """``plot_model(model)`` alone on its line, or what shows ``model_to_dot(model)``, is under a condition."""
        if not self._is_drawing(original_node):
            return super().leave_SimpleStatementLine(original_node, updated_node)
        self.remark(original_node, "a drawing", "it needs pydot and Graphviz, and is passed over without them")
        found, which = self.spelling.spell("importlib.util.find_spec"), self.spelling.spell("shutil.which")
        test = cst.BooleanOperation(_call(found, "pydot"), cst.And(), _call(which, "dot"))
        return cst.If(
            test,
            cst.IndentedBlock([updated_node.with_changes(leading_lines=[])]),
            leading_lines=updated_node.leading_lines,
        )

    def _is_drawing(self, line: cst.SimpleStatementLine) -> bool:
        if len(line.body) != 1 or not isinstance(line.body[0], cst.Expr):
            return False
        calls = self.program.walk(cst.Call, line)
        return any(self.program.canonical(call.func) in _DRAWING for call in calls)


def _call(function: cst.BaseExpression, word: str) -> cst.Call:
    return cst.Call(function, [cst.Arg(cst.SimpleString(f'"{word}"'))])

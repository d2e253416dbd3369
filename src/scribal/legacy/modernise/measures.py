"""The pass over a metric that lost what old Keras did for it: labels of shape (n,) for outputs of shape (n, 1)."""

import libcst as cst

from scribal.legacy.modernise.expressions import argument, constant, literal
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_measures"]

_WORDS = ("binary_crossentropy", "bce", "BCE")


def modernise_measures(program: Program) -> cst.Module:
    """Measure ``metrics=["binary_crossentropy"]`` with the loss, which brings labels into the shape of the outputs."""
    transformer = _Measuring(program)
    module = program.module.visit(transformer)
    return add_imports(module, transformer.spelling.wanted)


class _Measuring(Rewriting):
    def leave_Element(self, original_node: cst.Element, updated_node: cst.Element) -> cst.Element:
        """One of the metrics, if it is this one by its name."""
        word = literal(original_node.value)
        if word not in _WORDS or not self._is_metric(original_node):
            return updated_node
        loss = self.spelling.spell("keras.losses.BinaryCrossentropy")
        return updated_node.with_changes(value=cst.Call(loss, [argument(constant(word), "name")]))

    def _is_metric(self, element: cst.Element) -> bool:
        whole = self.program.parents[element]
        arg = self.program.parents[whole]
        return isinstance(arg, cst.Arg) and arg.keyword is not None and arg.keyword.value == "metrics"

"""The pass over metrics that lost what old Keras did for them.

It brought labels of shape (n,) into that of outputs, (n, 1), and read a variable that a metric gives as its result.
"""

import functools

import libcst as cst

from scribal.legacy.changes.spellings import WHOLE_LOSSES
from scribal.legacy.modernise.expressions import argument, constant, literal
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_measures"]

_LOADERS = {"keras.models.load_model", "keras.saving.load_model"}
_WORDS = ("binary_crossentropy", "bce", "BCE")


def modernise_measures(program: Program) -> cst.Module:
    """Measure ``metrics=["binary_crossentropy"]`` with the loss, which shapes labels; give values, not variables."""
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

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        """``loss="mse"`` by its whole name, if the model comes back from HDF5: Keras 3 does not find the short one."""
        word = literal(original_node.value)
        is_loss = original_node.keyword is not None and original_node.keyword.value == "loss"
        if not (is_loss and self._loads_hdf5 and isinstance(word, str) and word.lower() in WHOLE_LOSSES):
            return updated_node
        return updated_node.with_changes(value=constant(WHOLE_LOSSES[word.lower()]))

    @functools.cached_property
    def _loads_hdf5(self) -> bool:
        loads = any(self.program.canonical(call.func) in _LOADERS for call in self.program.walk(cst.Call))
        texts = (text.evaluated_value for text in self.program.walk(cst.SimpleString))
        return loads and any(isinstance(text, str) and text.endswith((".h5", ".hdf5")) for text in texts)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        """``reset_states`` of a metric."""
        is_old = original_node.name.value == "reset_states" and self._is_of_metric(original_node)
        return updated_node.with_changes(name=cst.Name("reset_state")) if is_old else updated_node

    def leave_Return(self, original_node: cst.Return, updated_node: cst.Return) -> cst.Return:
        """``return self.total`` in ``result`` of a metric."""
        value = updated_node.value
        if not (isinstance(value, cst.Attribute) and self._is_result(original_node)):
            return updated_node
        tensor = cst.Call(self.spelling.spell("keras.ops.convert_to_tensor"), [cst.Arg(value)])
        return updated_node.with_changes(value=tensor)

    def _is_result(self, node: cst.CSTNode) -> bool:
        """Whether a statement is one of a metric's ``result``."""
        while not isinstance(node, cst.FunctionDef | cst.Module):
            node = self.program.parents[node]
        return isinstance(node, cst.FunctionDef) and node.name.value == "result" and self._is_of_metric(node)

    def _is_of_metric(self, node: cst.FunctionDef) -> bool:
        owner = self.program.parents.get(self.program.parents[node])
        return isinstance(owner, cst.ClassDef) and any(
            self.program.canonical(base.value) == "keras.Metric" for base in owner.bases
        )

    def _is_metric(self, element: cst.Element) -> bool:
        whole = self.program.parents[element]
        arg = self.program.parents[whole]
        return isinstance(arg, cst.Arg) and arg.keyword is not None and arg.keyword.value == "metrics"

"""The pass over attributes of models, layers and optimizers that have another name or place today."""

import libcst as cst

from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_attributes"]

_SHAPES = {"input_shape": "input", "output_shape": "output"}
_ENDS = {"input": "inputs", "output": "outputs"}


def modernise_attributes(program: Program) -> cst.Module:
    """Write ``optimizer.lr``, ``layer.output_shape`` and the ``input`` of a ``Sequential`` as Keras 3 has them."""
    return program.module.visit(_Attributes(program))


class _Attributes(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kinds = Kinds(program)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        """Modernise one attribute, whether it is read or set."""
        name = original_node.attr.value
        owner = original_node.value
        if name == "lr" and self._is_optimizer(owner):
            return updated_node.with_changes(attr=cst.Name("learning_rate"))
        if name == "reset_states" and self._kinds.of(owner) is not Kind.MODEL:
            return updated_node.with_changes(attr=cst.Name("reset_state"))
        if not self.program.is_read(original_node):
            return updated_node
        if name in _SHAPES and self._kinds.of(owner) is Kind.LAYER:
            tensor = updated_node.with_changes(attr=cst.Name(_SHAPES[name]))
            return cst.Attribute(tensor, cst.Name("shape"))
        if name in _ENDS and self._kinds.is_sequential(owner):
            tensors = updated_node.with_changes(attr=cst.Name(_ENDS[name]), lpar=[], rpar=[])
            index = cst.SubscriptElement(cst.Index(cst.Integer("0")))
            return cst.Subscript(tensors, [index], lpar=updated_node.lpar, rpar=updated_node.rpar)
        return updated_node

    def _is_optimizer(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Attribute):
            return node.attr.value == "optimizer"
        values = self.program.assigned(node) if isinstance(node, cst.Name) else None
        calls = [value.func for value in values or () if isinstance(value, cst.Call)]
        return any((self.program.canonical(call) or "").startswith("keras.optimizers.") for call in calls)

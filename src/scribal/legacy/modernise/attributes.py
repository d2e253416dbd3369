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
        return self._read(original_node, updated_node) if self.program.is_read(original_node) else updated_node

    def _read(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        name, owner = original_node.attr.value, original_node.value
        if name in _SHAPES and self._kinds.of(owner) is Kind.LAYER:
            tensor = updated_node.with_changes(attr=cst.Name(_SHAPES[name]))
            return cst.Attribute(tensor, cst.Name("shape"))
        if name == "input" and (model := self._model_of_first_layer(owner)) is not None:
            return cst.parse_expression(f"{model}.inputs[0]")
        if name in _ENDS and self._kinds.is_sequential(owner):
            tensors = updated_node.with_changes(attr=cst.Name(_ENDS[name]), lpar=[], rpar=[])
            index = cst.SubscriptElement(cst.Index(cst.Integer("0")))
            return cst.Subscript(tensors, [index], lpar=updated_node.lpar, rpar=updated_node.rpar)
        return updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``tensor.get_shape().as_list()``."""
        func = updated_node.func
        if not isinstance(func, cst.Attribute) or updated_node.args or not self.program.uses_keras:
            return updated_node
        if func.attr.value == "get_shape" and self.program.qualified(original_node.func) is None:
            return cst.Attribute(func.value, cst.Name("shape"))
        is_shape = isinstance(func.value, cst.Attribute) and func.value.attr.value == "shape"
        if func.attr.value == "as_list" and (is_shape or self._is_in_layer(original_node)):
            return cst.Call(cst.Name("list"), [cst.Arg(func.value)])
        return updated_node

    def _is_in_layer(self, node: cst.CSTNode) -> bool:
        """Whether a node stands in a layer of the program's own, which TensorFlow gave shapes that were no tuples."""
        while not isinstance(node, cst.ClassDef | cst.Module):
            node = self.program.parents[node]
        bases = node.bases if isinstance(node, cst.ClassDef) else ()
        return any((self.program.canonical(base.value) or "").startswith("keras.layers.") for base in bases)

    def _model_of_first_layer(self, owner: cst.BaseExpression) -> str | None:
        """The model whose first layer this is: in a network of ``Model`` that is its input, which has none itself."""
        values = self.program.assigned(owner) if isinstance(owner, cst.Name) else [owner]
        first = values[0] if values is not None and len(values) == 1 else None
        if not (isinstance(first, cst.Subscript) and isinstance(first.value, cst.Attribute)):
            return None
        is_first = self.program.code(first).endswith(".layers[0]")
        model = first.value.value
        made = self.program.assigned(model) if isinstance(model, cst.Name) else None
        calls = [each.func for each in made or () if isinstance(each, cst.Call)]
        is_sequential = bool(calls) and all(self.program.canonical(each) == "keras.Sequential" for each in calls)
        return self.program.code(model) if is_first and not is_sequential else None

    def _is_optimizer(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Attribute):
            return node.attr.value == "optimizer"
        values = self.program.assigned(node) if isinstance(node, cst.Name) else None
        calls = [value.func for value in values or () if isinstance(value, cst.Call)]
        return any((self.program.canonical(call) or "").startswith("keras.optimizers.") for call in calls)

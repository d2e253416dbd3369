"""The pass over ``tf.distribute``: plain Keras trains on what it finds, so that a strategy has nothing to do."""

import libcst as cst

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["drop_strategies"]

_STRATEGIES = "tensorflow.distribute."


def drop_strategies(program: Program) -> cst.Module:
    """Take away strategies that are given to a variable: blocks under their scope stand by themselves."""
    transformer = _Dropping(program)
    return program.module.visit(transformer) if transformer.names else program.module


class _Dropping(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        made = {assign: self._made(assign) for assign in program.walk(cst.Assign)}
        self.names = {name for name in made.values() if name} - set(self._used_otherwise(made))
        self._made_here = {assign for assign, name in made.items() if name in self.names}

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """``strategy = tf.distribute.MirroredStrategy()`` goes."""
        return cst.RemoveFromParent() if original_node in self._made_here else updated_node

    def leave_With(
        self, original_node: cst.With, updated_node: cst.With
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        """``with strategy.scope():`` leaves its block."""
        is_scope = len(original_node.items) == 1 and self._asks(original_node.items[0].item) == "scope"
        if not is_scope or not isinstance(updated_node.body, cst.IndentedBlock):
            return updated_node
        first, *others = updated_node.body.body
        before = [*updated_node.leading_lines, *getattr(first, "leading_lines", ())]
        return cst.FlattenSentinel([first.with_changes(leading_lines=before), *others])

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        """One copy of a model is trained."""
        return cst.Integer("1") if self._asks(original_node) == "num_replicas_in_sync" else updated_node

    def _made(self, assign: cst.Assign) -> str:
        target = assign.targets[0].target
        if not (isinstance(assign.value, cst.Call) and isinstance(target, cst.Name) and len(assign.targets) == 1):
            return ""
        is_strategy = (self.program.qualified(assign.value.func) or "").startswith(_STRATEGIES)
        return target.value if is_strategy else ""

    def _used_otherwise(self, made: dict[cst.Assign, str]) -> list[str]:
        """Strategies that are asked for more than their scope and their number, or are anything else too."""
        names = {name for name in made.values() if name}
        asked = {"scope", "num_replicas_in_sync"}
        others = []
        for node in self.program.walk(cst.Name):
            parent = self.program.parents[node]
            if node.value not in names or isinstance(parent, cst.AssignTarget):
                continue
            if isinstance(parent, cst.Attribute) and (parent.attr is node or parent.attr.value in asked):
                continue
            others.append(node.value)
        return others

    def _asks(self, node: cst.BaseExpression) -> str:
        """What of a strategy an expression asks for."""
        asked = node.func if isinstance(node, cst.Call) else node
        if isinstance(asked, cst.Attribute) and isinstance(asked.value, cst.Name) and asked.value.value in self.names:
            return asked.attr.value
        return ""

"""The pass over training by hand: ``tf.GradientTape`` and ``@tf.function``.

The block under a tape becomes a function, since JAX takes gradients of functions; a short class of the program's own
calls it, and differentiates it with Keras' ``StatelessScope``. Decorators of TensorFlow go.
"""

from collections.abc import Sequence

import libcst as cst

from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Remark, Rewriting
from scribal.legacy.modernise.taped_blocks import TapedBlock, begun_inside, can_be_a_function, name_of
from scribal.legacy.modernise.written_out import read_definitions

__all__ = ["write_out_gradients"]

_TAPE, _FUNCTION = "tensorflow.GradientTape", "tensorflow.function"
_INTERMEDIATE = "take jax.grad of a function of what the gradient is asked for"


def write_out_gradients(program: Program) -> tuple[cst.Module, list[Remark]]:
    """Write blocks under tapes as functions, where what they need can be seen."""
    taping = _Writing(program)
    module = add_imports(program.module.visit(taping), taping.spelling.wanted)
    needed = [*(["SteppedModel"] if taping.stepped else []), *(["Gradients"] if taping.blocks else [])]
    if needed:
        module = read_definitions("training").put_into(module, needed)
    return module, taping.remarks


class _Writing(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.blocks: dict[cst.With, TapedBlock] = {}
        self.stepped = {each for each in program.walk(cst.ClassDef) if self._is_stepped(each)}
        self._calls: dict[cst.Call, int] = {}
        self._watches: set[cst.CSTNode] = set()
        self._values: set[cst.CSTNode] = set()  # calls of numpy() where gradients are taken
        for block in program.walk(cst.With):
            if all(self._is(item.item, _TAPE) for item in block.items):
                self._read(block)

    def leave_With(
        self, original_node: cst.With, updated_node: cst.With
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        """A function, and its call."""
        block = self.blocks.get(original_node)
        if block is None or not isinstance(updated_node.body, cst.IndentedBlock):
            return updated_node
        return block.as_function(updated_node)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        """A model with a step of its own kind."""
        if original_node not in self.stepped:
            return updated_node
        bases = [
            new.with_changes(value=cst.Name("SteppedModel"))
            if self.program.canonical(old.value) == "keras.Model"
            else new
            for old, new in zip(original_node.bases, updated_node.bases, strict=True)
        ]
        body = [
            statement.with_changes(name=cst.Name("step"))
            if isinstance(statement, cst.FunctionDef) and statement.name.value == "train_step"
            else statement
            for statement in updated_node.body.body
        ]
        return updated_node.with_changes(bases=bases, body=updated_node.body.with_changes(body=body))

    def leave_Expr(
        self, original_node: cst.Expr, updated_node: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """``tape.watch(x)`` goes: x is a variable."""
        return cst.RemoveFromParent() if original_node.value in self._watches else updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``tape.gradient(loss, variables)`` asks by the place of the loss; ``tf.function(f)`` is f."""
        if original_node in self._values:
            assert isinstance(updated_node.func, cst.Attribute)
            value = cst.Call(self.spelling.spell("keras.ops.stop_gradient"), [cst.Arg(updated_node.func.value)])
            return updated_node.with_changes(func=updated_node.func.with_changes(value=value))
        if original_node in self._calls:
            target, *rest = updated_node.args
            place = target.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
            number = cst.Integer(str(self._calls[original_node]))
            return updated_node.with_changes(args=[place.with_changes(value=number), *rest])
        if self.program.qualified(original_node.func) and self._is_name(original_node.func, _FUNCTION):
            plain = [arg for arg in updated_node.args if arg.keyword is None]
            return plain[0].value if len(plain) == 1 else updated_node
        return updated_node

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        """Functions are called as they stand."""
        kept = [
            new
            for old, new in zip(original_node.decorators, updated_node.decorators, strict=True)
            if not (self._is(old.decorator, _FUNCTION) or self._is_name(old.decorator, _FUNCTION))
        ]
        if len(kept) == len(updated_node.decorators):
            return updated_node
        lines = updated_node.leading_lines or updated_node.decorators[0].leading_lines
        return updated_node.with_changes(decorators=kept, leading_lines=lines, lines_after_decorators=())

    def _read(self, block: cst.With) -> None:
        tapes = [item.asname.name for item in block.items if item.asname is not None]
        names = tuple(tape.value for tape in tapes if isinstance(tape, cst.Name))
        around = self._around(block)
        asked = [
            call
            for call in self.program.walk(cst.Call, around)
            if self._is_method(call, names, "gradient") and self._block_of(call) is block
        ]
        watches = [call for call in self.program.walk(cst.Call, block.body) if self._is_method(call, names, "watch")]
        watched = dict.fromkeys(name_of(call.args[0].value) for call in watches if call.args)
        sources = {name.value for call in asked for arg in call.args[1:] for name in self.program.walk(cst.Name, arg)}
        inside = list(self.program.walk(cst.Name, block.body))
        made = dict.fromkeys(name.value for name in inside if self._is_given(name))
        before, again = begun_inside(self.program, block, [name for name in made if name in sources])
        if before is None:
            self.remark(block, f"{', '.join(names)}.gradient(…)", _INTERMEDIATE)
            return
        assert isinstance(block.body, cst.IndentedBlock)
        outer = {name for part in block.body.body[:before] for name in self.program.walk(cst.Name, part)}
        watched |= dict.fromkeys(name for name in made if name in sources)
        computed = dict.fromkeys(name.value for name in inside if self._is_given(name) and name not in outer)
        behind = {
            name.value
            for name in self.program.walk(cst.Name, around)
            if name not in inside and self.program.is_read(name)
        }
        needed = tuple(name for name in computed if name in behind)
        targets = [name_of(call.args[0].value) if len(call.args) == 2 else "" for call in asked]  # noqa: PLR2004 (target, sources)
        if any(target not in needed for target in targets):
            self.remark(block, f"{', '.join(names)}.gradient(…)", _INTERMEDIATE)
            return
        plain = len(names) == len(block.items) and needed and all(name.isidentifier() for name in watched)
        if not plain or not can_be_a_function(block.body):
            return
        taken = {name.value for name in self.program.walk(cst.Name)}
        word = next(word for word in ("forward", "forward_pass", "under_the_tape") if word not in taken)
        changed = tuple(name for name in computed if self._is_read_first(name, inside) and name not in again)
        self.blocks[block] = TapedBlock(names, needed, tuple(watched), word, changed, before, tuple(again.values()))
        self._calls.update((call, needed.index(target)) for call, target in zip(asked, targets, strict=True))
        self._watches.update(watches)
        self._values.update(
            call
            for call in self.program.walk(cst.Call, block.body)
            if isinstance(call.func, cst.Attribute) and call.func.attr.value == "numpy" and not call.args
        )

    def _is_read_first(self, word: str, inside: Sequence[cst.Name]) -> bool:
        """Whether a name has a value before it is given another, so that the function has to be given it."""
        first = next(name for name in inside if name.value == word)
        return self.program.is_read(first) and not self._is_given(first)

    def _is_stepped(self, definition: cst.ClassDef) -> bool:
        """Whether a class is a model with a train_step that takes a batch and nothing else."""
        return any(self._is_model(base) for base in definition.bases) and any(
            isinstance(statement, cst.FunctionDef)
            and statement.name.value == "train_step"
            and len(statement.params.params) == 2  # noqa: PLR2004 (self, data)
            for statement in definition.body.body
        )

    def _is_model(self, base: cst.Arg) -> bool:
        return self.program.canonical(base.value) == "keras.Model"

    def _around(self, node: cst.CSTNode) -> cst.CSTNode:
        """The function or module in which a node stands."""
        while not isinstance(node, cst.FunctionDef | cst.Module):
            node = self.program.parents[node]
        return node

    def _block_of(self, call: cst.Call) -> cst.With | None:
        """The last block before a call of ``gradient`` that opens this tape, in the same function."""
        assert isinstance(call.func, cst.Attribute)
        name, around, line = name_of(call.func.value), self._around(call), self.program.line(call)
        found = None
        for block in self.program.walk(cst.With, around):
            opens = any(item.asname is not None and name_of(item.asname.name) == name for item in block.items)
            if opens and self._around(block) is around and self.program.line(block) <= line:
                found = block
        return found

    def _is_given(self, name: cst.Name) -> bool:
        """Whether a name is given a value here, as a variable or as a part of a tuple."""
        parent = self.program.parents.get(name)
        if isinstance(parent, cst.Element):
            parent = self.program.parents.get(self.program.parents[parent])
        return isinstance(parent, cst.AssignTarget)

    def _is(self, node: cst.BaseExpression, qualified: str) -> bool:
        return isinstance(node, cst.Call) and self._is_name(node.func, qualified)

    def _is_name(self, node: cst.BaseExpression, qualified: str) -> bool:
        return (self.program.qualified(node) or "").replace(".compat.v2", "") == qualified

    @staticmethod
    def _is_method(call: cst.Call, tapes: Sequence[str], method: str) -> bool:
        func = call.func
        is_tape = isinstance(func, cst.Attribute) and isinstance(func.value, cst.Name) and func.value.value in tapes
        return is_tape and isinstance(func, cst.Attribute) and func.attr.value == method

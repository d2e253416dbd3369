"""The pass over training by hand: ``tf.GradientTape`` and ``@tf.function``.

The block under a tape becomes a function, since JAX takes gradients of functions; a short class of the program's own
calls it, and differentiates it with Keras' ``StatelessScope``. Decorators of TensorFlow go.
"""

import dataclasses
from collections.abc import Sequence

import libcst as cst
from libcst import matchers

from scribal.legacy.modernise.definitions import with_definitions
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Remark, Rewriting

__all__ = ["write_out_gradients"]

_TAPE, _FUNCTION = "tensorflow.GradientTape", "tensorflow.function"
_IMPORTS = """\
import jax
import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope
"""
_STEPS = '''

class SteppedModel(keras.Model):
    """A model whose step takes a batch, and changes variables by itself."""

    def fit(self, *args, **kwargs):
        if self.layers and all(layer.built for layer in self.layers):
            self.built = True
        return super().fit(*args, **kwargs)

    def train_step(self, state, data):
        groups = [
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        ]
        values = [pair for group, part in zip(groups, state) for pair in zip(group, part)]
        with keras.StatelessScope(values) as scope:
            logs = self.step(data)
            return logs, tuple([scope.get_current_value(variable) for variable in group] for group in groups)

    def _get_metrics_result_or_logs(self, logs):
        return keras.tree.map_structure(float, logs)  # what the step gave, also where it is called as a metric is

    def compiled_loss(self, y, y_pred, sample_weight=None, regularization_losses=()):
        loss = sum(regularization_losses, self._compile_loss(y, y_pred, sample_weight))
        self._loss_tracker.update_state(loss)
        return loss

    @property
    def compiled_metrics(self):
        return self._compile_metrics

'''
_CLASS = '''

class Gradients:
    """What a function of Keras variables gives, and the gradients of it."""

    def __init__(self, function):
        self.function = function
        self.results = function()

    def gradient(self, place, variables):
        """The gradients of one of the results, by its place among them."""
        flat = keras.tree.flatten(variables)

        def total(values):
            around = get_stateless_scope()
            with keras.StatelessScope(list(zip(flat, values))) as scope:
                scope.state_mapping = {**(around.state_mapping if around else {}), **scope.state_mapping}
                return keras.ops.sum(self.function()[place])

        found = jax.grad(total)([variable.value for variable in flat])
        return keras.tree.pack_sequence_as(variables, found)

'''
_INTERMEDIATE = "take jax.grad of a function of what the gradient is asked for"


@dataclasses.dataclass(frozen=True)
class _Block:
    """A block under tapes that can become a function.

    Attributes:
        tapes: The names of the tapes.
        results: The names that are needed behind the block.
        watched: The tensors that are followed.
        name: Of the function.
    """

    tapes: tuple[str, ...]
    results: tuple[str, ...]
    watched: tuple[str, ...]
    name: str


def write_out_gradients(program: Program) -> tuple[cst.Module, list[Remark]]:
    """Write blocks under tapes as functions, where what they need can be seen."""
    taping = _Writing(program)
    module = program.module.visit(taping)
    if taping.stepped:
        module = with_definitions(module, "import keras\n", _STEPS, ["SteppedModel"])
    if taping.blocks:
        module = with_definitions(module, _IMPORTS, _CLASS, ["Gradients", "keras"])
    return module, taping.remarks


class _Writing(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.blocks: dict[cst.With, _Block] = {}
        self.stepped = {each for each in program.walk(cst.ClassDef) if self._is_stepped(each)}
        self._calls: dict[cst.Call, int] = {}
        self._watches: set[cst.CSTNode] = set()
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
        names = ", ".join(block.results) + ("," if len(block.results) == 1 else "")
        given = _line(f"return {names}")
        function = cst.FunctionDef(
            cst.Name(block.name),
            cst.Parameters(),
            updated_node.body.with_changes(body=[*updated_node.body.body, given]),
        )
        watched = [_line(f"{name} = keras.Variable({name})") for name in block.watched]
        made = _line(f"{' = '.join(block.tapes)} = Gradients({block.name})")
        taken = _line(f"{names} = {block.tapes[0]}.results")
        new: list[cst.SimpleStatementLine | cst.FunctionDef] = [*watched, function, made, taken]
        first, *others = new
        return cst.FlattenSentinel([first.with_changes(leading_lines=updated_node.leading_lines), *others])

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
        inside = list(self.program.walk(cst.Name, block.body))
        made = list(dict.fromkeys(name.value for name in inside if self._is_given(name)))
        asked = [
            call
            for call in self.program.walk(cst.Call, around)
            if self._is_method(call, names, "gradient") and self._block_of(call) is block
        ]
        watches = [call for call in self.program.walk(cst.Call, block.body) if self._is_method(call, names, "watch")]
        watched = tuple(dict.fromkeys(_text(call.args[0].value) for call in watches if call.args))
        behind = {
            name.value
            for name in self.program.walk(cst.Name, around)
            if name not in inside and self.program.is_read(name)
        }
        places = {}
        needed = tuple(name for name in made if name in behind)
        for call in asked:
            target, sources = (call.args[0].value, call.args[1].value) if len(call.args) == 2 else (None, None)  # noqa: PLR2004 (target, sources)
            is_known = isinstance(target, cst.Name) and target.value in needed
            from_inside = {name.value for name in self.program.walk(cst.Name, sources)} & set(made) if sources else None
            if not is_known or from_inside or from_inside is None:
                self.remark(call, f"{self.program.code(call.func)}(…)", _INTERMEDIATE)
                return
            assert isinstance(target, cst.Name)
            places[call] = needed.index(target.value)
        plain = len(names) == len(block.items) and needed and all(name.isidentifier() for name in watched)
        if not plain or not _can_be_a_function(block.body):
            return
        taken = {name.value for name in self.program.walk(cst.Name)}
        word = next(word for word in ("forward", "forward_pass", "under_the_tape") if word not in taken)
        self.blocks[block] = _Block(names, needed, watched, word)
        self._calls.update(places)
        self._watches.update(watches)

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
        name, around, line = _text(call.func.value), self._around(call), self.program.line(call)
        found = None
        for block in self.program.walk(cst.With, around):
            opens = any(item.asname is not None and _text(item.asname.name) == name for item in block.items)
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


def _can_be_a_function(body: cst.BaseSuite) -> bool:
    """Whether a block gives what it computes by assignment alone: it is called more than once."""
    leaves = matchers.Return() | matchers.Yield() | matchers.Break() | matchers.Continue() | matchers.Global()
    keeps = matchers.Call(func=matchers.Attribute(attr=matchers.Name("append") | matchers.Name("write")))
    return not matchers.findall(body, leaves | matchers.Nonlocal() | keeps)


def _text(node: cst.CSTNode) -> str:
    return node.value if isinstance(node, cst.Name) else ""


def _line(source: str) -> cst.SimpleStatementLine:
    statement = cst.parse_statement(source)
    assert isinstance(statement, cst.SimpleStatementLine)
    return statement

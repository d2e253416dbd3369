"""The pass over what ``compile`` fixed in Keras 1 and 2: which layers are trained, and an optimizer for several models.

The halves of a GAN were compiled with ``discriminator.trainable = False`` said once between them. Today the word counts
when a model is trained, so that it is said before each call that trains; and each model has an optimizer of its own.
"""

import dataclasses

import libcst as cst

from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["say_what_compile_fixed"]

_TRAINING = {"fit", "fit_generator", "train_on_batch"}


@dataclasses.dataclass(frozen=True)
class _Frozen:
    """A model that was compiled to be trained and then frozen.

    Attributes:
        name: As the program writes it.
        line: Where it is frozen.
    """

    name: str
    line: int


def say_what_compile_fixed(program: Program) -> cst.Module:
    """Write ``model.trainable = …`` before calls that train, and give each model an optimizer of its own."""
    return program.module.visit(_Saying(program))


class _Saying(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        kinds = Kinds(program)
        methods = [
            (program.code(call.func.value), call.func.attr.value, call)
            for call in program.walk(cst.Call)
            if isinstance(call.func, cst.Attribute)
        ]
        self._compiled = {
            name: program.line(call)
            for name, method, call in methods
            if method == "compile" and kinds.is_model_call(call)
        }
        in_turns = {name for name, method, _ in methods if method == "train_on_batch"}
        said = {each.name for assign in program.walk(cst.Assign) for each in self._set_by(assign, "True")}
        self._frozen = [
            frozen
            for assign in program.walk(cst.Assign)
            for frozen in self._set_by(assign, "False")
            if frozen.name in in_turns - said and self._compiled.get(frozen.name, 0) < frozen.line
        ]
        self._copied = self._shared_optimizers([call for _, method, call in methods if method == "compile"], kinds)

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        """Say before a call that trains whether the frozen model learns."""
        said = [
            f"{frozen.name}.trainable = {owner == frozen.name}"
            for owner in self._trained_in(original_node)
            for frozen in self._frozen
            if owner == frozen.name or self._compiled.get(owner, frozen.line + 1) > frozen.line
        ]
        if not said:
            return super().leave_SimpleStatementLine(original_node, updated_node)
        lines = [cst.parse_statement(line) for line in said]
        first = lines[0].with_changes(leading_lines=updated_node.leading_lines)
        return cst.FlattenSentinel([first, *lines[1:], updated_node.with_changes(leading_lines=[])])

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        """Copy an optimizer that another model has."""
        if original_node.value not in self._copied:
            return updated_node
        name = self.program.code(original_node.value)
        return updated_node.with_changes(value=cst.parse_expression(f"type({name}).from_config({name}.get_config())"))

    def _set_by(self, assign: cst.Assign, word: str) -> list[_Frozen]:
        """The models whose ``trainable`` an assignment sets; of a parameter, those that the function is given."""
        target = assign.targets[0].target
        is_word = isinstance(assign.value, cst.Name) and assign.value.value == word
        if not (is_word and isinstance(target, cst.Attribute) and target.attr.value == "trainable"):
            return []
        names = [self.program.code(target.value), *self._given_for(target.value)]
        return [_Frozen(name, self.program.line(assign)) for name in names]

    def _given_for(self, value: cst.BaseExpression) -> list[str]:
        """What the callers of a function give for a parameter."""
        function: cst.CSTNode | None = value
        while function is not None and not isinstance(function, cst.FunctionDef):
            function = self.program.parents.get(function)
        if function is None or not isinstance(value, cst.Name):
            return []
        params = [param for param in function.params.params if param.name.value == value.value]
        return [self.program.code(each) for param in params for each in self.program.given(param)]

    def _trained_in(self, line: cst.SimpleStatementLine) -> list[str]:
        if not self._frozen:
            return []
        return [
            self.program.code(call.func.value)
            for call in self.program.walk(cst.Call, line)
            if isinstance(call.func, cst.Attribute) and call.func.attr.value in _TRAINING
        ]

    def _shared_optimizers(self, compiles: list[cst.Call], kinds: Kinds) -> set[cst.CSTNode]:
        """The arguments of ``compile`` that are an optimizer of another model, or of the same call before."""
        used: dict[str, str] = {}
        found: set[cst.CSTNode] = set()
        for call in compiles:
            assert isinstance(call.func, cst.Attribute)
            model = self.program.code(call.func.value)
            for place, arg in enumerate(call.args):
                is_optimizer = arg.keyword.value == "optimizer" if arg.keyword is not None else place == 0
                if not is_optimizer or not self._is_optimizer(arg.value) or kinds.of(call.func.value) is Kind.HISTORY:
                    continue
                name = self.program.code(arg.value)
                if used.setdefault(name, model) != model or self._is_repeated(call, arg.value):
                    found.add(arg.value)
        return found

    def _is_optimizer(self, value: cst.BaseExpression) -> bool:
        made = self.program.assigned(value) if isinstance(value, cst.Name) else None
        return bool(made) and all(
            isinstance(each, cst.Call) and (self.program.canonical(each.func) or "").startswith("keras.optimizers.")
            for each in made or ()
        )

    def _is_repeated(self, call: cst.Call, optimizer: cst.BaseExpression) -> bool:
        """Whether a call stands in a loop or a function, and its optimizer is made outside of it."""
        made = (self.program.assigned(optimizer) if isinstance(optimizer, cst.Name) else None) or []
        return any(self._repeating(call) - self._repeating(each) for each in made)

    def _repeating(self, node: cst.CSTNode) -> set[cst.CSTNode]:
        found: set[cst.CSTNode] = set()
        parent: cst.CSTNode | None = node
        while parent is not None:
            if isinstance(parent, cst.For | cst.While | cst.FunctionDef):
                found.add(parent)
            parent = self.program.parents.get(parent)
        return found

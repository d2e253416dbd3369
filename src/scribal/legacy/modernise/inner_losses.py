"""The pass over losses on tensors inside a network, as variational autoencoders have them.

``model.add_loss(tensor)`` and loss functions that read ``z_mean`` from around them become a layer that adds the loss;
layers that read such tensors are given them. Source: https://keras.io/api/layers/base_layer/#add_loss-method.
"""

from collections.abc import Sequence

import libcst as cst

from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Remark, Rewriting
from scribal.legacy.modernise.written_out import read_definitions

__all__ = ["give_losses_to_layers"]

_FILE, _NAME = "losses", "with_loss"
_SECOND = 2


def give_losses_to_layers(program: Program) -> tuple[cst.Module, list[Remark]]:
    """Write ``model = with_loss(model, tensor)``, and hand tensors to the layers that read them."""
    transformer = _Giving(program)
    module = program.module.visit(transformer)
    if transformer.gives:
        module = read_definitions(_FILE).put_into(module, [_NAME])
    return module, transformer.remarks


class _Giving(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.gives = False
        self._kinds = Kinds(program)
        self._inner: set[cst.CSTNode] = set()
        self._readers: dict[str, list[str]] = {}
        for each in program.walk(cst.ClassDef):
            if self._is_layer(each) and (read := self._tensors_read_in(each.body)):
                self._inner.update(read)
                self._readers[each.name.value] = list(dict.fromkeys(name.value for name in read))
        makers = [call for call in program.walk(cst.Call) if isinstance(call.func, cst.Call) and call.args]
        self._of_several = {
            program.code(call.func.func)  # type: ignore[attr-defined]  # a call
            for call in makers
            if isinstance(call.args[0].value, cst.List)
        }

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        """``model.add_loss(tensor)``, and ``model.compile(loss=…)`` with such a function."""
        call = original_node.body[0].value if isinstance(original_node.body[0], cst.Expr) else None
        if len(original_node.body) > 1 or not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
            return super().leave_SimpleStatementLine(original_node, updated_node)
        model, method = self.program.code(call.func.value), call.func.attr.value
        is_model = isinstance(call.func.value, cst.Name) and self._kinds.of(call.func.value) is Kind.MODEL
        if not is_model or model == "self":
            return super().leave_SimpleStatementLine(original_node, updated_node)
        if method == "add_loss" and len(call.args) == 1:
            return updated_node.with_changes(body=[self._given(model, self.program.code(call.args[0].value))])
        place = self._place_of_inner_loss(call) if method == "compile" else None
        if place is None:
            return super().leave_SimpleStatementLine(original_node, updated_node)
        if not self._learns_its_input(model):
            self.remark(call, "a loss on tensors inside the network", "call self.add_loss(tensor) in a layer's call()")
            return updated_node
        loss = self.program.code(call.args[place].value)
        given = self._given(model, f"{loss}({model}.inputs[0], {model}.outputs[0])")
        first = cst.SimpleStatementLine([given], leading_lines=updated_node.leading_lines)
        return cst.FlattenSentinel([first, _without_argument(updated_node, place)])

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        """A layer keeps the tensors that it is given beside its own."""
        read = self._readers.get(original_node.name.value)
        if read is None:
            return updated_node
        of_several = original_node.name.value in self._of_several
        body = [
            _taking(statement, read, of_several=of_several)
            if isinstance(statement, cst.FunctionDef) and statement.name.value == "call"
            else statement
            for statement in updated_node.body.body
        ]
        return updated_node.with_changes(body=updated_node.body.with_changes(body=body))

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        """A tensor that a layer read from around it is the layer's own."""
        return cst.Attribute(cst.Name("self"), updated_node) if original_node in self._inner else updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``Loss()([x, y])`` is given the tensors too; ``add_loss`` takes no inputs."""
        func = original_node.func
        if isinstance(func, cst.Attribute) and func.attr.value == "add_loss":
            kept = [arg for arg in updated_node.args if arg.keyword is None or arg.keyword.value != "inputs"]
            if len(kept) < len(updated_node.args):
                kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            return updated_node.with_changes(args=kept)
        maker = func.func if isinstance(func, cst.Call) else None
        read = self._readers.get(maker.value) if isinstance(maker, cst.Name) else None
        if read is None or len(updated_node.args) != 1:
            return updated_node
        value = updated_node.args[0].value
        own = list(value.elements) if isinstance(value, cst.List) else [cst.Element(value)]
        space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        parts = [*own, *(cst.Element(cst.Name(name)) for name in read)]
        elements = [*(part.with_changes(comma=space) for part in parts[:-1]), parts[-1]]
        return updated_node.with_changes(args=[updated_node.args[0].with_changes(value=cst.List(elements))])

    def _given(self, model: str, loss: str) -> cst.BaseSmallStatement:
        self.gives = True
        line = cst.parse_statement(f"{model} = {_NAME}({model}, {loss})")
        assert isinstance(line, cst.SimpleStatementLine)
        return line.body[0]

    def _place_of_inner_loss(self, call: cst.Call) -> int | None:
        """Where ``compile`` is given a function that reads tensors from around it, or one that is made of tensors."""
        for place, arg in enumerate(call.args):
            if (arg.keyword.value if arg.keyword is not None else None) != "loss" and not (
                arg.keyword is None and place == 1
            ):
                continue
            value = arg.value
            if isinstance(value, cst.Call) and self._kinds.of(value) is not Kind.LAYER:
                tensors = [each for each in value.args if self._kinds.of(each.value) is Kind.TENSOR]
                return place if tensors and isinstance(value.func, cst.Name) else None
            functions = [
                each
                for each in self.program.walk(cst.FunctionDef)
                if isinstance(value, cst.Name) and each.name.value == value.value
            ]
            return place if functions and self._tensors_read_in(functions[0].body) else None
        return None

    def _tensors_read_in(self, body: cst.CSTNode) -> list[cst.Name]:
        """Tensors of the graph around a function or class that it reads by their names."""
        found = []
        for name in self.program.walk(cst.Name, body):
            scope = self.program.scopes.get(name)
            if scope is None or not self.program.is_read(name):
                continue
            outside = all(not self._is_within(assignment, body) for assignment in scope[name.value])
            if outside and scope[name.value] and self._kinds.of(name) is Kind.TENSOR:
                found.append(name)
        return found

    def _is_within(self, assignment: object, body: cst.CSTNode) -> bool:
        node: cst.CSTNode | None = getattr(assignment, "node", None)
        while node is not None and node is not body:
            node = self.program.parents.get(node)
            if isinstance(node, cst.FunctionDef) and node.body is body:
                return True
        return node is body

    def _learns_its_input(self, model: str) -> bool:
        """Whether a model is trained on what it is given: ``fit(x, x)``."""
        calls = [
            call
            for call in self.program.walk(cst.Call)
            if isinstance(call.func, cst.Attribute) and self.program.code(call.func) == f"{model}.fit"
        ]
        first = [[self.program.code(arg.value) for arg in call.args[:_SECOND]] for call in calls]
        return bool(first) and all(len(given) == _SECOND and given[0] == given[1] for given in first)

    def _is_layer(self, definition: cst.ClassDef) -> bool:
        return any((self.program.canonical(base.value) or "").startswith("keras.layers.") for base in definition.bases)


def _taking(function: cst.FunctionDef, names: Sequence[str], *, of_several: bool) -> cst.FunctionDef:
    """``call`` that puts away the tensors behind its own inputs."""
    me, inputs = (param.name.value for param in function.params.params[:2])
    own = ", ".join(f"{me}.{name}" for name in names)
    line = cst.parse_statement(f"{'*' if of_several else ''}{inputs}, {own} = {inputs}")
    return function.with_changes(body=function.body.with_changes(body=[line, *function.body.body]))


def _without_argument(line: cst.SimpleStatementLine, place: int) -> cst.SimpleStatementLine:
    statement = line.body[0]
    assert isinstance(statement, cst.Expr)
    assert isinstance(statement.value, cst.Call)
    args = [arg for number, arg in enumerate(statement.value.args) if number != place]
    if args:
        args[-1] = args[-1].with_changes(comma=statement.value.args[-1].comma)
    changed = statement.with_changes(value=statement.value.with_changes(args=args))
    return line.with_changes(body=[changed], leading_lines=[])

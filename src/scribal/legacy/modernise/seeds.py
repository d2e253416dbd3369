"""The pass over random numbers inside layers: on JAX, Keras draws new ones each step only from a layer's own generator.

Source: https://keras.io/api/random/seed_generator.
"""

import libcst as cst

from scribal.legacy.modernise.expressions import argument
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["seed_layers"]

_RANDOM = "keras.random."
_OWNERS = ("keras.layers.", "keras.Model")
_LAMBDA = "keras.layers.Lambda"
_GENERATOR = "keras.random.SeedGenerator"
_OTHERS = {_GENERATOR, "keras.random.shuffle"}


def seed_layers(program: Program) -> cst.Module:
    """Give each layer, model and function of a ``Lambda`` that draws random numbers a generator of its own."""
    transformer = _Seeding(program)
    module = program.module.visit(transformer)
    return add_imports(module, transformer.spelling.wanted)


class _Seeding(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._seeds: dict[cst.CSTNode, str] = {}  # the expression, by the call that draws
        self._classes: set[cst.CSTNode] = set()
        self._functions: dict[cst.CSTNode, str] = {}  # the name, by the definition
        in_lambdas = {
            call.args[0].value.value
            for call in program.walk(cst.Call)
            if program.canonical(call.func) == _LAMBDA and call.args and isinstance(call.args[0].value, cst.Name)
        }
        for call in program.walk(cst.Call):
            if self._draws(call):
                self._place(call, in_lambdas)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Draw from the generator; hand one to the function of a ``Lambda``."""
        if original_node in self._seeds:
            seed = argument(cst.parse_expression(self._seeds[original_node]), "seed")
            return updated_node.with_changes(args=[*updated_node.args, seed])
        first = original_node.args[0].value if original_node.args else None
        is_lambda = self.program.canonical(original_node.func) == _LAMBDA
        has_arguments = any(arg.keyword is not None and arg.keyword.value == "arguments" for arg in original_node.args)
        if not is_lambda or has_arguments or not isinstance(first, cst.Name):
            return updated_node
        if first.value not in self._functions.values():
            return updated_node
        given = cst.Dict([cst.DictElement(cst.SimpleString('"seed"'), self._generator())])
        return updated_node.with_changes(args=[*updated_node.args, argument(given, "arguments")])

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        """The function of a ``Lambda`` takes a generator."""
        if original_node not in self._functions:
            return updated_node
        equal = cst.AssignEqual(whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace(""))
        seed = cst.Param(cst.Name("seed"), default=cst.Name("None"), equal=equal)
        params = updated_node.params
        return updated_node.with_changes(params=params.with_changes(params=[*params.params, seed]))

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        """A generator is made with the layer."""
        if original_node not in self._classes:
            return updated_node
        made = cst.parse_statement(f"self.seed_generator = {self.program.code(self._generator())}")
        body = list(updated_node.body.body)
        for place, statement in enumerate(body):
            if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
                inside = statement.body.with_changes(body=[*statement.body.body, made])
                body[place] = statement.with_changes(body=inside)
                return updated_node.with_changes(body=updated_node.body.with_changes(body=body))
        new = cst.parse_statement("def __init__(self, **kwargs):\n    super().__init__(**kwargs)\n")
        assert isinstance(new, cst.FunctionDef)
        new = new.with_changes(body=new.body.with_changes(body=[*new.body.body, made]))
        place = 1 if updated_node.get_docstring() is not None else 0
        return updated_node.with_changes(
            body=updated_node.body.with_changes(body=[*body[:place], new, *_apart(body[place:])])
        )

    def _generator(self) -> cst.Call:
        return cst.Call(self.spelling.spell(_GENERATOR))

    def _draws(self, call: cst.Call) -> bool:
        name = self.program.canonical(call.func) or ""
        has_seed = any(arg.star or (arg.keyword is not None and arg.keyword.value == "seed") for arg in call.args)
        return name.startswith(_RANDOM) and name not in _OTHERS and not has_seed

    def _place(self, call: cst.Call, in_lambdas: set[str]) -> None:
        """Find whose generator a call takes, if it stands in a layer's or model's method or in such a function."""
        node: cst.CSTNode = call
        while not isinstance(node, cst.FunctionDef | cst.Module):
            node = self.program.parents[node]
        if not isinstance(node, cst.FunctionDef):
            return
        owner = self.program.parents.get(self.program.parents[node])
        if isinstance(owner, cst.ClassDef) and any(self._is_layer(base) for base in owner.bases) and node.params.params:
            if node.name.value != "__init__":
                self._classes.add(owner)
                self._seeds[call] = f"{node.params.params[0].name.value}.seed_generator"
        elif node.name.value in in_lambdas:
            self._functions[node] = node.name.value
            self._seeds[call] = "seed"

    def _is_layer(self, base: cst.Arg) -> bool:
        return (self.program.canonical(base.value) or "").startswith(_OWNERS)


def _apart(body: list[cst.CSTNode]) -> list[cst.CSTNode]:
    """Statements with an empty line above the first."""
    first, *others = body
    has_space = any(line.comment is None for line in getattr(first, "leading_lines", ()))
    if has_space or not hasattr(first, "leading_lines"):
        return body
    return [first.with_changes(leading_lines=[cst.EmptyLine(indent=False), *first.leading_lines]), *others]

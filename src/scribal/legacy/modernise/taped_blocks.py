"""A block under tapes, as the function that it becomes."""

import dataclasses

import libcst as cst
from libcst import matchers

from scribal.legacy.modernise.program import Program

__all__ = ["TapedBlock", "begun_inside", "can_be_a_function", "line_of", "name_of"]

_Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclasses.dataclass(frozen=True)
class TapedBlock:
    """A block under tapes that can become a function.

    Attributes:
        tapes: The names of the tapes.
        results: The names that are needed behind the block.
        watched: The tensors that are followed.
        name: Of the function.
        changed: Names that have a value before the block, and another in it.
        before: How many of its statements stay in front of the function, since they make what is followed.
        again: Statements that make anew, of what is followed, what was made beside it.
    """

    tapes: tuple[str, ...]
    results: tuple[str, ...]
    watched: tuple[str, ...]
    name: str
    changed: tuple[str, ...] = ()
    before: int = 0
    again: tuple[str, ...] = ()

    def as_function(self, block: cst.With) -> cst.FlattenSentinel[cst.BaseStatement]:
        """The statements that stand in the block's place."""
        assert isinstance(block.body, cst.IndentedBlock)
        statements = list(block.body.body)
        names = ", ".join(self.results) + ("," if len(self.results) == 1 else "")
        inside = [*map(line_of, self.again), *statements[self.before :], line_of(f"return {names}")]
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        params = [cst.Param(cst.Name(each), default=cst.Name(each), equal=equal) for each in self.changed]
        function = cst.FunctionDef(cst.Name(self.name), cst.Parameters(params), block.body.with_changes(body=inside))
        new: list[_Statement] = [
            *statements[: self.before],  # type: ignore[list-item]  # statements of a block
            *(line_of(f"{each} = keras.Variable({each})") for each in self.watched),
            function,
            line_of(f"{' = '.join(self.tapes)} = Gradients({self.name})"),
            line_of(f"{names} = {self.tapes[0]}.results"),
        ]
        first, *others = new
        lines = [*block.leading_lines, *getattr(first, "leading_lines", ())]
        return cst.FlattenSentinel([first.with_changes(leading_lines=lines), *others])


def begun_inside(program: Program, block: cst.With, sources: list[str]) -> tuple[int | None, dict[str, str]]:
    """Where a block can be cut, if what gradients are taken for is made in it.

    Args:
        program: The program.
        block: The block.
        sources: The names that are made in it and that gradients are asked for.

    Returns:
        How many statements come before the function, None if that cannot be seen; and, by the names of the other
        results of the network that made ``sources``, statements that make them of it.
    """
    if not sources:
        return 0, {}
    assert isinstance(block.body, cst.IndentedBlock)
    for number, line in enumerate(block.body.body):
        assign = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        if not isinstance(assign, cst.Assign):
            continue
        target = assign.targets[0].target
        names = [name_of(each.value) for each in target.elements] if isinstance(target, cst.Tuple) else []
        if name_of(target) in sources and len(sources) == 1:
            return number + 1, {}
        if len(sources) == 1 and sources[0] in names and isinstance(assign.value, cst.Call):
            network, place = program.code(assign.value.func), names.index(sources[0])
            again = {
                name: f"{name} = keras.Model({network}.outputs[{place}], {network}.outputs[{other}])({sources[0]})"
                for other, name in enumerate(names)
                if other != place
            }
            return number + 1, again
    return None, {}


def can_be_a_function(body: cst.BaseSuite) -> bool:
    """Whether a block gives what it computes by assignment alone: it is called more than once."""
    leaves = matchers.Return() | matchers.Yield() | matchers.Break() | matchers.Continue() | matchers.Global()
    keeps = matchers.Call(func=matchers.Attribute(attr=matchers.Name("append") | matchers.Name("write")))
    return not matchers.findall(body, leaves | matchers.Nonlocal() | keeps)


def name_of(node: cst.CSTNode) -> str:
    """A name's word; nothing for anything else."""
    return node.value if isinstance(node, cst.Name) else ""


def line_of(source: str) -> cst.SimpleStatementLine:
    """A line of source as a statement."""
    statement = cst.parse_statement(source)
    assert isinstance(statement, cst.SimpleStatementLine)
    return statement

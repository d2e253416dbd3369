"""Where in a ``Sequential`` a layer stands: only the first can say what the network's input is."""

import enum
from collections.abc import Sequence

import libcst as cst
from libcst.helpers import get_full_name_for_node

from scribal.legacy.modernise.program import Program

__all__ = ["Place", "places", "sequential_elements", "with_first", "with_neighbours"]


class Place(enum.Enum):
    """Where a layer stands, as far as the source shows."""

    FIRST = "first of a Sequential"
    LATER = "behind other layers, or called on them"
    UNKNOWN = "unknown"


_Filled = dict[str, bool]  # by a model's name: whether it has layers


def places(program: Program) -> dict[cst.Call, Place]:
    """The place of each layer in a ``Sequential``, in ``.add(…)``, in another layer, or called itself."""
    found: dict[cst.Call, Place] = {}
    for call in program.walk(cst.Call):
        if isinstance(call.func, cst.Call):
            found[call.func] = Place.LATER
        if (program.canonical(call.func) or "").startswith("keras.layers."):
            found |= dict.fromkeys((arg.value for arg in call.args if isinstance(arg.value, cst.Call)), Place.LATER)
        elements = sequential_elements(program, call)
        for number, element in enumerate(elements.elements if elements is not None else ()):
            if isinstance(element.value, cst.Call):
                found[element.value] = Place.LATER if number else Place.FIRST
    _follow(program, program.module.body, {}, found)
    for function in program.walk(cst.FunctionDef):
        if isinstance(function.body, cst.IndentedBlock):
            _follow(program, function.body.body, {}, found)
    return found


def sequential_elements(program: Program, call: cst.Call) -> cst.List | None:
    """The list of layers that ``Sequential([…])`` is given, also by a variable that is this list and no other."""
    if program.canonical(call.func) != "keras.Sequential":
        return None
    given = next((arg.value for arg in call.args if arg.keyword is None or arg.keyword.value == "layers"), None)
    if isinstance(given, cst.Name):
        assigned = program.assigned(given)
        given = assigned[0] if assigned is not None and len(assigned) == 1 else None
    return given if isinstance(given, cst.List) else None


def _follow(
    program: Program,
    body: Sequence[cst.BaseStatement],
    filled: _Filled,
    found: dict[cst.Call, Place],
) -> None:
    """Go through statements in their order, through each branch of an ``if`` from the same beginning."""
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                _note(program, small, filled, found)
            continue
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            continue
        before = dict(filled)
        for block in _blocks(statement):
            branch = dict(before)
            _follow(program, block.body, branch, found)
            for name, has_layers in branch.items():
                filled[name] = filled.get(name, False) or has_layers


def _blocks(statement: cst.CSTNode) -> list[cst.IndentedBlock]:
    return [node for node in _beneath(statement) if isinstance(node, cst.IndentedBlock)]


def _beneath(statement: cst.CSTNode) -> list[cst.CSTNode]:
    """The parts of a compound statement: its block, and those of its ``elif``, ``else`` and ``except``."""
    found: list[cst.CSTNode] = []
    for child in statement.children:
        if isinstance(child, cst.IndentedBlock):
            found.append(child)
        elif isinstance(child, cst.If | cst.Else | cst.ExceptHandler | cst.Finally):
            found += _beneath(child)
    return found


def _note(program: Program, small: cst.BaseSmallStatement, filled: _Filled, found: dict[cst.Call, Place]) -> None:
    if isinstance(small, cst.Assign) and isinstance(small.value, cst.Call):
        if program.canonical(small.value.func) == "keras.Sequential":
            elements = sequential_elements(program, small.value)
            has_layers = bool(small.value.args) and (elements is None or bool(elements.elements))
            filled |= {get_full_name_for_node(target.target) or "": has_layers for target in small.targets}
        return
    call = small.value if isinstance(small, cst.Expr) else None
    if not (isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value == "add"):
        return
    name = get_full_name_for_node(call.func.value) or ""
    if name not in filled or not call.args:
        return
    if isinstance(call.args[0].value, cst.Call):
        found[call.args[0].value] = Place.LATER if filled[name] else Place.FIRST
    filled[name] = True


def with_neighbours(
    elements: cst.List, place: int, before: Sequence[cst.BaseExpression], behind: Sequence[cst.BaseExpression]
) -> cst.List:
    """A list of layers with more of them around one, on lines of their own if the others are."""
    parts = list(elements.elements)
    own = parts[place]
    spaces = [each.comma for each in parts[:-1] if isinstance(each.comma, cst.Comma)]
    comma = _without_comments(spaces[0]) if spaces else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    first = [cst.Element(each, comma=comma) for each in before]
    if not behind:
        return elements.with_changes(elements=[*parts[:place], *first, *parts[place:]])
    is_last = place == len(parts) - 1
    middle = own.with_changes(comma=comma) if is_last else own
    others = [cst.Element(each, comma=comma) for each in behind]
    others[-1] = others[-1].with_changes(comma=own.comma if is_last else comma)
    return elements.with_changes(elements=[*parts[:place], *first, middle, *others, *parts[place + 1 :]])


def _without_comments(comma: cst.Comma) -> cst.Comma:
    after = comma.whitespace_after
    if isinstance(after, cst.ParenthesizedWhitespace):
        after = cst.ParenthesizedWhitespace(indent=after.indent, last_line=after.last_line)
    return comma.with_changes(whitespace_after=after)


def with_first(elements: cst.List, new: cst.BaseExpression) -> cst.List:
    """A list of layers with one more element in front, on a line of its own if the others are."""
    space = elements.lbracket.whitespace_after
    first = elements.elements[0]
    if isinstance(space, cst.ParenthesizedWhitespace):
        comma = cst.Comma(whitespace_after=cst.ParenthesizedWhitespace(indent=space.indent, last_line=space.last_line))
    elif isinstance(first.comma, cst.Comma) and len(elements.elements) > 1:
        after = first.comma.whitespace_after
        if isinstance(after, cst.ParenthesizedWhitespace):
            after = cst.ParenthesizedWhitespace(indent=after.indent, last_line=after.last_line)
        comma = cst.Comma(whitespace_after=after)
    else:
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return elements.with_changes(elements=[cst.Element(new, comma=comma), *elements.elements])

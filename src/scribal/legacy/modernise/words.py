"""Which strings of a program a name may stand for: those it is given, goes through in a loop, or is called with."""

import libcst as cst

from scribal.legacy.modernise.program import Program

__all__ = ["words_of"]


def words_of(program: Program, name: cst.Name) -> list[cst.SimpleString]:
    """The strings that a variable or parameter holds, as far as they are written down."""
    scope = program.scopes.get(name)
    found: list[cst.SimpleString] = []
    for assignment in scope[name.value] if scope is not None else ():
        node = getattr(assignment, "node", None)
        value = program.value_of(assignment)
        parent = program.parents.get(node) if node is not None else None
        parameter = node if isinstance(node, cst.Param) else parent
        if value is not None:
            found += _strings(value)
        elif isinstance(parent, cst.For | cst.CompFor):
            found += _strings(parent.iter)
        elif isinstance(parameter, cst.Param):
            found += _strings(parameter.default) if parameter.default is not None else []
            found += [word for value in program.given(parameter) for word in _strings(value)]
    return found


def _strings(value: cst.BaseExpression) -> list[cst.SimpleString]:
    if isinstance(value, cst.SimpleString):
        return [value]
    if isinstance(value, cst.List | cst.Tuple):
        return [element.value for element in value.elements if isinstance(element.value, cst.SimpleString)]
    return []

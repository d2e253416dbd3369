"""Import statements that are new: where old ones stood, or beside those of the same library."""

from collections.abc import Mapping

import libcst as cst
from libcst.helpers import get_full_name_for_node

__all__ = ["add_imports"]

_ADAPTED = ("keras", "tensorflow", "tf_keras")


def add_imports(module: cst.Module, statements: Mapping[str, str | None]) -> cst.Module:
    """Add import statements.

    Args:
        module: The program.
        statements: Each with the name in whose import's place it comes; where that is no line of the module itself,
            before the first import of Keras or TensorFlow, or behind those of other libraries, or at the top.
    """
    items = list(statements.items())
    has_place = any(_is_import(line) and _imports_any(line, _ADAPTED) for line in module.body)
    for statement, instead in reversed(items) if has_place else items:  # each goes before the one that was put in last
        line = cst.parse_statement(statement, config=module.config_for_parsing)
        assert isinstance(line, cst.SimpleStatementLine)
        module = _inserted(module, line, _place_of(module, instead))
    return module


def _inserted(module: cst.Module, line: cst.SimpleStatementLine, place: int) -> cst.Module:
    """Put a line above what follows: below the comments above an import or at the top, above those of anything else."""
    body = list(module.body)
    if place < len(body):
        following = body[place]
        lines = list(getattr(following, "leading_lines", ()))
        is_apart = place > 0 and not _is_import(following)
        first = next((number for number, each in enumerate(lines) if each.comment is not None), len(lines))
        above, own = ([], lines[first:]) if is_apart else (lines, [])
        line = line.with_changes(leading_lines=above)
        space = [] if _is_import(following) else [cst.EmptyLine(indent=False)]
        body[place] = following.with_changes(leading_lines=[*space, *own])
    return module.with_changes(body=[*body[:place], line, *body[place:]])


def _place_of(module: cst.Module, name: str | None) -> int:
    """The number of statements before the line that imports a name, or before where new imports stand otherwise."""
    for number, statement in enumerate(module.body):
        if name is not None and _is_import(statement) and name in _names(statement):
            return number
    return _place(module)


def _names(statement: cst.CSTNode) -> set[str]:
    assert isinstance(statement, cst.SimpleStatementLine)
    imports = [small for small in statement.body if isinstance(small, cst.Import | cst.ImportFrom)]
    aliases = [alias for small in imports if not isinstance(small.names, cst.ImportStar) for alias in small.names]
    return {alias.evaluated_alias or alias.evaluated_name for alias in aliases}


def _place(module: cst.Module) -> int:
    """The number of statements that stand before new imports."""
    imports = [number for number, statement in enumerate(module.body) if _is_import(statement)]
    adapted = [number for number in imports if _imports_any(module.body[number], _ADAPTED)]
    if adapted:
        return adapted[0]
    if imports:
        return imports[-1] + 1
    return 1 if module.get_docstring() is not None else 0


def _is_import(statement: cst.BaseStatement | cst.BaseSmallStatement) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and any(
        isinstance(small, cst.Import | cst.ImportFrom) for small in statement.body
    )


def _imports_any(statement: cst.CSTNode, libraries: tuple[str, ...]) -> bool:
    assert isinstance(statement, cst.SimpleStatementLine)
    return any(_library(small) in libraries for small in statement.body)


def _library(statement: cst.BaseSmallStatement) -> str:
    if isinstance(statement, cst.Import):
        return statement.names[0].evaluated_name.split(".")[0]
    if isinstance(statement, cst.ImportFrom) and statement.module is not None:
        return (get_full_name_for_node(statement.module) or "").split(".")[0]
    return ""

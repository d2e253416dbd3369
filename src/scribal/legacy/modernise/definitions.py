"""Definitions that a program gets of its own, in the place of what it imported and what is gone."""

from collections.abc import Collection

import libcst as cst

__all__ = ["with_definitions"]


def with_definitions(module: cst.Module, definitions: str, names: Collection[str]) -> cst.Module:
    """Put definitions below those imports that stand before their first use.

    Args:
        module: The program.
        definitions: Source of functions or classes.
        names: What they are called.
    """
    body = list(module.body)
    uses = (number for number, statement in enumerate(body) if not _is_import(statement) and _uses(statement, names))
    before = body[: next(uses, len(body))]
    place = max((number + 1 for number, statement in enumerate(before) if _is_import(statement)), default=0)
    if place == 0 and module.get_docstring() is not None:
        place = 1
    blank = [cst.EmptyLine(indent=False), cst.EmptyLine(indent=False)]
    if place < len(body):
        comments = [line for line in getattr(body[place], "leading_lines", ()) if line.comment is not None]
        body[place] = body[place].with_changes(leading_lines=[*blank, *comments])
    first, *others = cst.parse_module(definitions, config=module.config_for_parsing).body
    return module.with_changes(body=[*body[:place], first.with_changes(leading_lines=blank), *others, *body[place:]])


def _is_import(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and any(
        isinstance(small, cst.Import | cst.ImportFrom) for small in statement.body
    )


def _uses(node: cst.CSTNode, names: Collection[str]) -> bool:
    if isinstance(node, cst.Name):
        return node.value in names
    return any(_uses(child, names) for child in node.children)

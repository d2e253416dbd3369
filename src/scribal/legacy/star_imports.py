"""``from keras.utils import *``, and a name that it gave and does not give any more.

Python takes what is in a module at that time; one that answers to lost names (PEP 562) is not asked. So in the user's
own files a helper behind such a line asks for those names that the file reads and does not bind.
"""

import ast
import builtins
from collections.abc import Mapping
from typing import Any

from scribal.exceptions import ScribalError
from scribal.legacy.bound_names import bound_names
from scribal.legacy.importing.lookup import find
from scribal.legacy.journal import current_journal

__all__ = ["STAR_HELPERS", "adapt_star_imports"]

_LIBRARIES = ("keras", "sklearn", "tensorflow")
_LOST_NAMES = "__scribal_lost_names__"


def adapt_star_imports(tree: ast.AST) -> None:
    """Put the helper behind imports of everything from a library that has lost names.

    Args:
        tree: Of a whole file or cell; changed in place.
    """
    body = getattr(tree, "body", None)
    if not isinstance(body, list):
        return
    for place, statement in reversed(list(enumerate(body))):
        match statement:
            case ast.ImportFrom(module=str(module), names=[ast.alias(name="*")], level=0):
                if module.partition(".")[0] in _LIBRARIES:
                    body.insert(place + 1, _helper(module, _read_names(tree), statement))


def _read_names(tree: ast.AST) -> list[str]:
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return sorted(read - bound_names(tree) - vars(builtins).keys())


def _helper(module: str, names: list[str], behind: ast.stmt) -> ast.stmt:
    call = ast.Call(
        ast.Name(_LOST_NAMES, ast.Load()),
        [
            ast.Call(ast.Name("globals", ast.Load()), [], []),
            ast.Constant(module),
            ast.Tuple([ast.Constant(name) for name in names], ast.Load()),
        ],
        [],
    )
    statement = ast.Expr(call)
    for new in ast.walk(statement):
        ast.copy_location(new, behind)
    return statement


def _take_lost_names(names_there: dict[str, Any], module: str, names: tuple[str, ...]) -> None:
    for name in names:
        if name in names_there:
            continue
        try:
            found = find(module, name)
        except ScribalError:
            continue  # the program is told when it uses the name
        if found is None:
            continue
        names_there[name] = found.value
        if found.modern != f"{module}.{name}":
            current_journal().adapted(f"{module}.{name}", found.modern)


STAR_HELPERS: Mapping[str, Any] = {_LOST_NAMES: _take_lost_names}
"""What adapted code calls, by the name it calls it."""

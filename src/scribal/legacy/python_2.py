"""Functions and types that Python 2 had among its own, in programs that Python 3 can parse.

A program that writes ``xrange`` and ``print(…)`` needs no more than the names of today:
https://docs.python.org/3/whatsnew/3.0.html. A name that the program gives a value itself is left alone.
"""

import ast
import builtins
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scribal.legacy.bound_names import bound_names
from scribal.legacy.journal import current_journal

__all__ = ["PYTHON_2_HELPERS", "PYTHON_2_NAMES", "adapt_python_2"]

PYTHON_2_NAMES: Mapping[str, str] = MappingProxyType(
    {"basestring": "str", "long": "int", "raw_input": "input", "unichr": "chr", "unicode": "str", "xrange": "range"}
)
"""Names of Python 2, and those of the same things today."""

_FOUND = "__scribal_python_2__"


def adapt_python_2(tree: ast.AST) -> None:
    """Put a helper in the place of names of Python 2 that the program only reads.

    Args:
        tree: Of a whole file or cell; changed in place.
    """
    _Adapter(PYTHON_2_NAMES.keys() - bound_names(tree)).visit(tree)


class _Adapter(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self._names:
            return node
        call = ast.Call(ast.Name(_FOUND, ast.Load()), [ast.Constant(node.id)], [])
        for new in ast.walk(call):
            ast.copy_location(new, node)
        return call


def _found(name: str) -> Any:
    current_journal().adapted(name, PYTHON_2_NAMES[name])
    return getattr(builtins, PYTHON_2_NAMES[name])


PYTHON_2_HELPERS: Mapping[str, Any] = {_FOUND: _found}
"""What adapted code calls, by the name it calls it."""

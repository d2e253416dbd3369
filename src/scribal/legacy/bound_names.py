"""The names that a file gives a value itself, and which adaptations therefore leave alone."""

import ast

__all__ = ["bound_names"]


def bound_names(tree: ast.AST) -> set[str]:
    """All names that are bound anywhere in a file or cell.

    >>> sorted(bound_names(ast.parse("import os as system; x = y; def f(z): pass".replace("; ", chr(10)))))
    ['f', 'system', 'x', 'z']
    """
    bound = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name) | ast.alias(asname=str() as name):
                bound.add(name)
            case ast.alias(name=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
    return bound

"""Columns changed in place, as ``df["a"].fillna(0, inplace=True)`` and ``df["a"][rows] = 1`` did until pandas 3.

Since then ``df["a"]`` is a copy, and such a statement changes nothing, without an error: see
https://pandas.pydata.org/docs/user_guide/copy_on_write.html#chained-assignment. In the user's own files the column goes
back into its table afterwards.
"""

import ast
import copy
import sys
from collections.abc import Mapping
from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["CHAINED_HELPERS", "adapt_chained"]

_TAKEN, _PUT_BACK = "__scribal_taken__", "__scribal_put_back__"


def adapt_chained(tree: ast.AST) -> None:
    """Surround such statements with helpers that take the column and put it back.

    Args:
        tree: Of a whole file or cell; changed in place.
    """
    _Adapter().visit(tree)


class _Adapter(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        match node.value:
            case ast.Call(func=ast.Attribute(value=column, attr=method) as bound, keywords=keywords) if any(
                keyword.arg == "inplace" for keyword in keywords
            ):
                text = ast.unparse(column)
                taken = _taken(column, f"{text}.{method}(inplace=True)", f"{text} = {text}.{method}()")
                if taken is not None:
                    bound.value = taken
                    return [node, _put_back(node)]
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        return self._with_target(node, node.targets[0]) if len(node.targets) == 1 else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.stmt]:
        return self._with_target(node, node.target)

    def _with_target(self, node: ast.stmt, target: ast.expr) -> ast.AST | list[ast.stmt]:
        match target:
            case ast.Subscript(value=ast.Subscript(value=table, slice=ast.Constant(value=str())) as column, slice=rows):
                rows_text = "rows" if isinstance(rows, ast.Slice) else ast.unparse(rows)
                modern = f"{ast.unparse(table)}.loc[{rows_text}, {ast.unparse(column.slice)}] = ..."
                taken = _taken(column, f"{ast.unparse(column)}[{rows_text}] = ...", modern)
                if taken is not None:
                    target.value = taken
                    return [node, _put_back(node)]
        return node


def _taken(column: ast.expr, old: str, modern: str) -> ast.expr | None:
    """The call that takes a column, ``df["a"]`` or ``df.a``, out of a table that has a name."""
    match column:
        case ast.Subscript(value=ast.Name() as table, slice=ast.Constant() | ast.Name() as key):
            words: list[ast.expr] = [ast.Constant(value=False)]
        case ast.Attribute(value=ast.Name() as table, attr=name):
            key, words = ast.Constant(name), [ast.Constant(value=True)]
        case _:
            return None
    arguments = [copy.deepcopy(table), copy.deepcopy(key), *words, ast.Constant(old), ast.Constant(modern)]
    call = ast.Call(ast.Name(_TAKEN, ast.Load()), arguments, [])
    for new in ast.walk(call):
        ast.copy_location(new, column)
    return call


def _put_back(statement: ast.stmt) -> ast.stmt:
    after = ast.Expr(ast.Call(ast.Name(_PUT_BACK, ast.Load()), [], []))
    for new in ast.walk(after):
        ast.copy_location(new, statement)
    return after


_taken_out: list[tuple[Any, Any, Any, str, str]] = []


def _take(table: Any, key: Any, is_attribute: bool, old: str, modern: str) -> Any:  # noqa: FBT001 (called by position)
    column = getattr(table, key) if is_attribute else table[key]
    _taken_out.clear()
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(table, pandas.DataFrame) and isinstance(column, pandas.Series):
        _taken_out.append((table, key, column, old, modern))
    return column


def _return() -> None:
    while _taken_out:
        table, key, column, old, modern = _taken_out.pop()
        current_journal().adapted(old, modern)
        table[key] = column


CHAINED_HELPERS: Mapping[str, Any] = {_TAKEN: _take, _PUT_BACK: _return}
"""What adapted code calls, by the names it calls it."""

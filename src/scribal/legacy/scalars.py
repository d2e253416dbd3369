"""Arrays of one number where a number stands.

Until NumPy 2.4, ``int(x)``, ``float(x)``, ``'%d' % x``, ``math.sqrt(x)`` and ``y[i] = x`` took an array of one for the
number in it (https://numpy.org/devdocs/release/2.4.0-notes.html, expired deprecations); lists took it as an index until
NumPy 1.12. No attribute of an array decides this, so the user's own files are compiled with a helper around the value.
Every node of the syntax tree keeps its position, hence tracebacks their carets.
"""

import ast
import copy
import re
from collections.abc import Mapping
from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["SCALAR_HELPERS", "adapt_scalars"]

_CONVERTERS = {"int", "float", "complex", "round", "chr", "range"}
_SCALAR, _OPERANDS, _INDEX, _STORED = (f"__scribal_{name}__" for name in ("scalar", "operands", "index", "stored"))
_LONGEST = 40
_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>[diouxXeEfFgGcrsa%])"
)
_NUMBERS = set("diouxXeEfFgGc")
_PLAIN = {bool, float, int, str}


def adapt_scalars(tree: ast.AST) -> None:
    """Put the helpers around what may be an array of one.

    Args:
        tree: Of a whole file, cell or expression; changed in place.
    """
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "math"
        for alias in node.names
    }
    counters = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.comprehension)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    _Adapter(_CONVERTERS | names, counters).visit(tree)
    ast.fix_missing_locations(tree)


class _Adapter(ast.NodeTransformer):
    def __init__(self, converters: set[str], counters: set[str]) -> None:
        self._converters = converters
        self._counters = counters

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node.func:
            case ast.Name(id=name) if name in self._converters:
                pass
            case ast.Attribute(value=ast.Name(id="math"), attr=attribute):
                name = f"math.{attribute}"
            case _:
                return self.generic_visit(node)
        words = [_words(argument) for argument in node.args]
        self.generic_visit(node)
        node.args = [
            argument
            if isinstance(argument, ast.Constant | ast.Starred)
            else _call(_SCALAR, argument, [argument, _constant(name), _constant(text)])
            for argument, text in zip(node.args, words, strict=True)
        ]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        words = _words(node.right)
        self.generic_visit(node)
        match node:
            case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=right) if not isinstance(
                right, ast.Constant
            ):
                node.right = _call(_OPERANDS, right, [node.left, right, _constant(words)])
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        words = _words(node.slice)
        self.generic_visit(node)
        match node:
            case ast.Subscript(
                value=ast.Name() as container, slice=ast.Name() | ast.Call() as index, ctx=ast.Load()
            ) if not (isinstance(index, ast.Name) and index.id in self._counters):
                node.slice = _call(_INDEX, index, [container, index, _constant(words)])
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        target, words = node.targets[0], _words(node.value)
        self.generic_visit(node)
        if (
            len(node.targets) == 1
            and isinstance(target, ast.Subscript)
            and _is_plain(target)
            and not isinstance(node.value, ast.Constant)
        ):
            container, index = copy.deepcopy(target.value), copy.deepcopy(target.slice)
            node.value = _call(_STORED, node.value, [node.value, container, index, _constant(words)])
        return node


def _is_plain(target: ast.Subscript) -> bool:
    """Whether looking at a place twice does nothing twice."""
    return all(
        isinstance(
            node, ast.Name | ast.Constant | ast.Subscript | ast.Tuple | ast.BinOp | ast.operator | ast.expr_context
        )
        for node in ast.walk(target)
    )


def _call(helper: str, at: ast.expr, arguments: list[ast.expr]) -> ast.Call:
    """A call of a helper that stands, with all in it that is new, where the value stands."""
    call = ast.copy_location(ast.Call(ast.Name(helper, ast.Load()), arguments, []), at)
    for node in (call.func, *(argument for argument in arguments if not hasattr(argument, "lineno"))):
        ast.copy_location(node, at)
    return call


def _constant(value: str) -> ast.expr:
    return ast.Constant(value)


def _words(node: ast.expr) -> str:
    """Source text of a value as the user may have written it, if it is short."""
    helpers = (_SCALAR, _OPERANDS, _INDEX, _STORED)
    text = ast.unparse(node)
    return text if len(text) <= _LONGEST and not any(helper in text for helper in helpers) else "x"


def _is_one(value: Any) -> bool:
    """Whether a value is an array of one, of whatever library, and no scalar."""
    return getattr(value, "ndim", 0) > 0 and getattr(value, "size", 0) == 1 and hasattr(value, "item")


def _scalar(value: Any, call: str, words: str) -> Any:
    if type(value) in _PLAIN or not _is_one(value):
        return value
    current_journal().adapted(f"{call}({words})", f"{call}({words}.item())")
    return value.item()


def _operands(pattern: str, values: Any, words: str) -> Any:
    """What ``%`` gets on its right side, with a number for each array of one that a number is asked of."""
    if all(type(value) in _PLAIN for value in (values if type(values) is tuple else (values,))):
        return values
    conversions = [found for found in _CONVERSION.finditer(pattern) if found["kind"] != "%"]
    if _is_one(values) and len(conversions) == 1 and conversions[0]["kind"] in _NUMBERS:
        current_journal().adapted(f"{pattern!r} % {words}", f"{pattern!r} % {words}.item()")
        return values.item()
    if not isinstance(values, tuple) or len(values) != len(conversions):
        return values
    numbers = tuple(
        value.item() if found["kind"] in _NUMBERS and _is_one(value) else value
        for found, value in zip(conversions, values, strict=True)
    )
    if any(new is not old for new, old in zip(numbers, values, strict=True)):
        current_journal().adapted(f"{pattern!r} % (an array of one)", f"{pattern!r} % (its .item())")
    return numbers


def _index(container: Any, index: Any, words: str) -> Any:
    if type(container) in (list, tuple, str) and not isinstance(index, int | slice) and _is_one(index):
        current_journal().adapted(f"[{words}]", f"[{words}.item()]")
        return index.item()
    return index


def _stored(value: Any, container: Any, index: Any, words: str) -> Any:
    """What ``container[index] = value`` gets: the number, where the array has room for one number."""
    if not _is_one(value) or getattr(getattr(container, "dtype", None), "kind", "O") == "O":
        return value
    indices = index if isinstance(index, tuple) else (index,)
    whole = all(hasattr(each, "__index__") and getattr(each, "ndim", 0) == 0 for each in indices)
    if whole and len(indices) == getattr(container, "ndim", 0):
        current_journal().adapted(f"= {words}", f"= {words}.item()")
        return value.item()
    return value


SCALAR_HELPERS: Mapping[str, Any] = {_SCALAR: _scalar, _OPERANDS: _operands, _INDEX: _index, _STORED: _stored}
"""What adapted code calls, by the names it calls it."""

"""Source of the user's own files into code, with what the syntax tree shows adapted and every position kept."""

import ast
import builtins
import importlib.machinery
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

from scribal.legacy.accuracy_words import note_accuracy_words
from scribal.legacy.chained import CHAINED_HELPERS, adapt_chained
from scribal.legacy.contours import CONTOUR_HELPERS, adapt_contours
from scribal.legacy.notebook import without_magics
from scribal.legacy.program import Part, Program
from scribal.legacy.python_2 import PYTHON_2_HELPERS, adapt_python_2
from scribal.legacy.scalars import SCALAR_HELPERS, adapt_scalars
from scribal.legacy.shapes import SHAPE_HELPERS, adapt_shapes
from scribal.legacy.star_imports import STAR_HELPERS, adapt_star_imports
from scribal.legacy.undecodable import as_of_a_file

__all__ = ["compiled", "compiled_modules", "found_helpers"]

_Tree = TypeVar("_Tree", bound=ast.AST)


def compiled(part: Part) -> tuple[CodeType, CodeType | None]:
    """Compile a part of a program.

    Returns:
        What to execute, and what to evaluate and show afterwards: the last expression of a cell.

    Raises:
        SyntaxError: As plain Python raises it.
    """
    source = without_magics(str(part.source), part.file) if part.is_cell else part.source
    try:
        tree = _parsed(source, part.file)
        last = tree.body.pop() if part.is_cell and _ends_in_value(tree, str(source)) else None
        shown = None
        if isinstance(last, ast.Expr):
            shown = compile(_adapted(ast.Expression(last.value), part.file), part.file, "eval", dont_inherit=True)
        return compile(_adapted(tree, part.file), part.file, "exec", dont_inherit=True), shown
    except SyntaxError as error:
        if part.is_cell and error.text is None and error.lineno:
            error.text = str(part.source).splitlines()[error.lineno - 1]
        if isinstance(part.source, bytes):
            raise as_of_a_file(error, part.source, part.file) from None
        raise


def _adapted(tree: _Tree, file: str) -> _Tree:
    note_accuracy_words(tree, file)
    adapt_scalars(tree)
    adapt_chained(tree)
    adapt_contours(tree)
    adapt_shapes(tree)
    adapt_python_2(tree)
    adapt_star_imports(tree)
    return tree


def _parsed(source: Any, file: Any) -> ast.Module:
    """A syntax tree; without `ast.parse`, whose frame an error would show."""
    tree = compile(source, file, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _ends_in_value(tree: ast.Module, source: str) -> bool:
    return bool(tree.body) and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";")


@contextmanager
def found_helpers() -> Iterator[None]:
    """Let adapted code find what it calls, among Python's own functions, until the block ends."""
    own = (CHAINED_HELPERS, CONTOUR_HELPERS, PYTHON_2_HELPERS, SCALAR_HELPERS, SHAPE_HELPERS, STAR_HELPERS)
    helpers = {name: helper for each in own for name, helper in each.items()}
    vars(builtins).update(helpers)
    try:
        yield
    finally:
        for name in helpers:
            vars(builtins).pop(name, None)


@contextmanager
def compiled_modules(program: Program) -> Iterator[None]:
    """Compile the modules beside a program the same way when it imports them, and keep no bytecode of that."""

    def finder(folder: str) -> Any:
        if not program.owns(str(Path(folder or ".").absolute() / "module.py")):
            raise ImportError(f"not the user's: {folder}")
        return in_folder(folder)

    in_folder = importlib.machinery.FileFinder.path_hook(
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (_Loader, importlib.machinery.SOURCE_SUFFIXES),
        (importlib.machinery.SourcelessFileLoader, importlib.machinery.BYTECODE_SUFFIXES),
    )
    hook: Callable[[str], Any] = finder
    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
    try:
        yield
    finally:
        sys.path_hooks.remove(hook)
        sys.path_importer_cache.clear()


class _Loader(importlib.machinery.SourceFileLoader):
    def path_stats(self, path: Any) -> Any:
        """No time of change, hence no bytecode read or kept: plain Python would find it later."""
        raise OSError(path)

    def source_to_code(  # type: ignore[override]  # as importlib has it; typeshed takes it from the abstract class
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> Any:
        return super().source_to_code(_adapted(_parsed(data, path), path), path, _optimize=_optimize)

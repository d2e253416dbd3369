"""The pass over what has no modern form of its own: its definition is written into the program.

The definitions are in :mod:`scribal.legacy.definitions`, and are read there as source.
"""

import functools
import importlib.util
from collections.abc import Iterable
from pathlib import Path

import libcst as cst
from libcst import matchers
from libcst.helpers import get_full_name_for_node

from scribal.legacy.changes.names import modern_name
from scribal.legacy.definitions import DEFINITIONS
from scribal.legacy.modernise.definitions import with_definitions
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["DefinitionFile", "read_definitions", "write_definitions"]

_Definition = cst.FunctionDef | cst.ClassDef


def write_definitions(program: Program) -> cst.Module:
    """Put a definition of each such function and class into the program, once, and use it wherever the old was."""
    nodes: list[cst.Name | cst.Attribute] = [*program.walk(cst.Name), *program.walk(cst.Attribute)]
    uses = {
        node: place
        for node in nodes
        if program.is_read(node) and (place := DEFINITIONS.get(modern_name(program.qualified(node) or "")))
    }
    module = program.module.visit(_Using(program, {node: name for node, (_, name) in uses.items()}))
    for file in sorted({file for file, _ in uses.values()}):
        names = {name for each, name in uses.values() if each == file}
        module = read_definitions(file).put_into(module, names)
    return module


class _Using(Rewriting):
    def __init__(self, program: Program, uses: dict[cst.Name | cst.Attribute, str]) -> None:
        super().__init__(program)
        self._uses = uses

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return updated_node.with_changes(value=self._uses.get(original_node, updated_node.value))

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        name = self._uses.get(original_node)
        return updated_node if name is None else cst.Name(name, lpar=updated_node.lpar, rpar=updated_node.rpar)

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """``Dataset = tf.data.Dataset`` goes."""
        name = self._uses.get(original_node.value)  # type: ignore[call-overload]  # any expression may be asked
        is_alias = name is not None and [self.program.code(each.target) for each in original_node.targets] == [name]
        return cst.RemoveFromParent() if is_alias else updated_node

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """What is defined in the program is not imported."""
        names = original_node.names
        if isinstance(names, cst.ImportStar):
            return updated_node
        module = self.program.module_of(original_node)
        kept = [alias for alias in names if modern_name(f"{module}.{alias.evaluated_name}") not in DEFINITIONS]
        if len(kept) == len(names):
            return updated_node
        if not kept:
            return cst.RemoveFromParent()
        *others, last = kept
        return updated_node.with_changes(names=[*others, last.with_changes(comma=names[-1].comma)])


class DefinitionFile:
    """One file of definitions, as source.

    Args:
        module: The tree of the file.
    """

    def __init__(self, module: cst.Module) -> None:
        self._definitions: dict[str, _Definition] = {}
        self._imports: dict[str, str] = {}
        for statement in module.body:
            if isinstance(statement, cst.FunctionDef | cst.ClassDef):
                self._definitions[statement.name.value] = statement
            elif isinstance(statement, cst.SimpleStatementLine):
                self._imports |= _bound(statement, module.code_for_node(statement))

    def put_into(self, module: cst.Module, names: Iterable[str]) -> cst.Module:
        """A program with definitions of these names, and with what they need of the same file and of libraries."""
        needed = self._with_needed(names)
        used = set().union(*map(_names, needed))
        imports = dict.fromkeys(line for name, line in self._imports.items() if name in used)
        source = "\n\n".join(cst.Module([]).code_for_node(each).strip() + "\n" for each in needed)
        return with_definitions(add_imports(module, imports), source, {each.name.value for each in needed})

    def _with_needed(self, names: Iterable[str]) -> list[_Definition]:
        """Definitions in the order of the file."""
        pending, found = list(names), set()
        while pending:
            name = pending.pop()
            if name in self._definitions and name not in found:
                found.add(name)
                pending.extend(_names(self._definitions[name]))
        return [definition for name, definition in self._definitions.items() if name in found]


@functools.cache
def read_definitions(file: str) -> DefinitionFile:
    """Read a file of :mod:`scribal.legacy.definitions`, such as ``"layers"``, without importing it."""
    spec = importlib.util.find_spec(f"scribal.legacy.definitions.{file}")
    assert spec is not None
    assert spec.origin is not None
    return DefinitionFile(cst.parse_module(Path(spec.origin).read_text(encoding="utf-8")))


def _bound(statement: cst.SimpleStatementLine, code: str) -> dict[str, str]:
    """The names that an import statement binds, and for each a statement that binds it alone."""
    found: dict[str, str] = {}
    for small in statement.body:
        if isinstance(small, cst.Import):
            found[(small.names[0].evaluated_alias or small.names[0].evaluated_name).split(".")[0]] = code.strip()
        elif isinstance(small, cst.ImportFrom) and not isinstance(small.names, cst.ImportStar):
            beginning = code.strip().partition(" import ")[0]
            found |= {alias.evaluated_name: f"{beginning} import {alias.evaluated_name}" for alias in small.names}
    return found


def _names(node: cst.CSTNode) -> set[str]:
    found = matchers.findall(node, matchers.Name())
    return {get_full_name_for_node(name) or "" for name in found}

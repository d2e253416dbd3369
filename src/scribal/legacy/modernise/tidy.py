"""The last pass: imports that nothing uses any more go, and those that came to say the same are merged."""

import libcst as cst
from libcst import metadata
from libcst.helpers import get_full_name_for_node

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["tidy_imports"]

_LONGEST = 120
_NEEDLESS = {"graphviz", "pydot", "pydot_ng", "pydotplus", "tensorflow", "theano"}
"""Libraries that only Keras used, to compute or for pictures of models, although programs import them."""


def tidy_imports(before: Program, program: Program) -> cst.Module:
    """Remove and merge imports that rewriting made superfluous; those that were so before stay.

    Args:
        before: The program as it was given.
        program: The program as it is now.
    """
    used_before = {name for name in _imported(before) if _is_used(before, name)}
    orphans = {name for name in _imported(program) if name in used_before and not _is_used(program, name)}
    orphans |= {name for name in _needless(before) if not _is_used(before, name)}
    module = program.module.visit(_Orphans(program, orphans)) if orphans else program.module
    lines = {before.code(node) for node in before.walk(cst.ImportFrom)}
    merging = Program(module)
    return merging.module.visit(_Merging(merging, lines))


def _imported(program: Program) -> set[str]:
    scopes = set(program.scopes.values())
    return {
        assignment.name.split(".")[0]
        for scope in scopes
        for assignment in scope.assignments
        if isinstance(assignment, metadata.ImportAssignment)
    }


def _needless(program: Program) -> set[str]:
    aliases = [alias for node in program.walk(cst.Import) for alias in node.names]
    return {alias.evaluated_alias or alias.evaluated_name for alias in aliases if alias.evaluated_name in _NEEDLESS}


def _is_used(program: Program, name: str) -> bool:
    """Whether a name is read anywhere, in whatever scope, or offered by ``__all__``."""
    read = any(node.value == name and program.is_read(node) for node in program.walk(cst.Name))
    return read or any(text.evaluated_value == name for text in program.walk(cst.SimpleString))


class _Orphans(Rewriting):
    def __init__(self, program: Program, names: set[str]) -> None:
        super().__init__(program)
        self._names = names

    def leave_Import(
        self, original_node: cst.Import, updated_node: cst.Import
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        del original_node
        kept = [alias for alias in updated_node.names if self._local(alias).split(".")[0] not in self._names]
        return _with_names(updated_node, kept)

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        del original_node
        if isinstance(updated_node.names, cst.ImportStar):
            return updated_node
        return _with_names(
            updated_node, [alias for alias in updated_node.names if self._local(alias) not in self._names]
        )

    @staticmethod
    def _local(alias: cst.ImportAlias) -> str:
        return alias.evaluated_alias or alias.evaluated_name


class _Merging(Rewriting):
    """Merges ``from`` imports of one module, of the same block, where at least one of the two is new."""

    def __init__(self, program: Program, old: set[str]) -> None:
        super().__init__(program)
        self._old = old
        self._first: dict[tuple[cst.CSTNode, str], cst.ImportFrom] = {}
        self._more: dict[cst.CSTNode, list[cst.ImportAlias]] = {}
        self._merged: set[cst.CSTNode] = set()
        imports: list[cst.Import | cst.ImportFrom] = [*program.walk(cst.Import), *program.walk(cst.ImportFrom)]
        for node in imports:
            self._plan(node)

    def leave_Import(
        self, original_node: cst.Import, updated_node: cst.Import
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        return cst.RemoveFromParent() if original_node in self._merged else updated_node

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        if original_node in self._merged:
            return cst.RemoveFromParent()
        more = self._more.get(original_node)
        if not more or isinstance(updated_node.names, cst.ImportStar):
            return updated_node
        return updated_node.with_changes(names=_joined(list(updated_node.names), more))

    def _plan(self, node: cst.Import | cst.ImportFrom) -> None:
        line = self.program.parents[node]
        block = self.program.parents.get(line)
        if block is None or not isinstance(line, cst.SimpleStatementLine) or isinstance(node.names, cst.ImportStar):
            return
        key = (block, _module(node) if isinstance(node, cst.ImportFrom) else self.program.code(node))
        first = self._first.get(key)
        if first is None:
            self._first[key] = node  # type: ignore[assignment]
            return
        if isinstance(node, cst.Import):
            self._merged.add(node)
            return
        if self.program.code(node) in self._old and self.program.code(first) in self._old:
            return
        more = self._more.setdefault(first, [])
        assert not isinstance(first.names, cst.ImportStar)
        known = {self.program.code(alias).rstrip(", ") for alias in [*first.names, *more]}
        new = [alias for alias in node.names if self.program.code(alias).rstrip(", ") not in known]
        joined = cst.Module([]).code_for_node(first.with_changes(names=_joined(list(first.names), [*more, *new])))
        has_comment = "#" in self.program.code(line)
        if not new or (len(joined) <= _LONGEST and "\n" not in joined and not (has_comment and new)):
            more += new
            self._merged.add(node)


def _module(node: cst.ImportFrom) -> str:
    return "." * len(node.relative) + (get_full_name_for_node(node.module) or "" if node.module else "")


def _joined(names: list[cst.ImportAlias], more: list[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """Names and some more behind them, with the comma that stood at the end still there."""
    if not more:
        return names
    *others, last = names
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    plain = [alias.with_changes(comma=space) for alias in more]
    return [*others, last.with_changes(comma=space), *plain[:-1], plain[-1].with_changes(comma=last.comma)]


def _with_names(
    statement: cst.Import | cst.ImportFrom, names: list[cst.ImportAlias]
) -> cst.BaseSmallStatement | cst.RemovalSentinel:
    if not names:
        return cst.RemoveFromParent()
    if isinstance(statement.names, cst.ImportStar) or len(names) == len(statement.names):
        return statement
    *others, last = names
    return statement.with_changes(names=[*others, last.with_changes(comma=statement.names[-1].comma)])

"""The pass over imports and what they bind: old modules, classes and functions get today's names.

An import statement stays where it is and as it is written; only what it imports changes. A name is written differently
where its import can no longer bind it: ``np_utils.to_categorical`` is ``to_categorical``, ``tf.keras.layers.Dense`` is
``keras.layers.Dense``.
"""

import libcst as cst
from libcst.helpers import get_full_name_for_node

from scribal.legacy.changes.modules import MODULES
from scribal.legacy.changes.names import canonical_name
from scribal.legacy.modernise.backend import CONSTANTS
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.public import is_module, is_public, plain_name
from scribal.legacy.modernise.rewriting import Rewriting
from scribal.legacy.modernise.spelling import dotted
from scribal.legacy.python_2 import PYTHON_2_NAMES

__all__ = ["rename"]

_Statement = cst.BaseSmallStatement | cst.FlattenSentinel[cst.BaseSmallStatement] | cst.RemovalSentinel


def rename(program: Program) -> cst.Module:
    """Write every old name that has a modern one with that one, and import it from where it is today."""
    transformer = _Renaming(program)
    module = program.module.visit(transformer)
    return add_imports(module, transformer.spelling.wanted)


class _Renaming(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._replacements: dict[cst.CSTNode, cst.BaseExpression] = {}

    def visit_Name(self, node: cst.Name) -> bool:
        self._consider(node)
        return False

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        return not self._consider(node)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._replacements.get(original_node, updated_node)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        return self._replacements.get(original_node, updated_node)

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> _Statement:
        """Modernise ``import module as name``."""
        aliases = [_modern_alias(alias, plain_name(_written(alias))) for alias in original_node.names]
        if list(aliases) == list(original_node.names):
            return updated_node
        return updated_node.with_changes(names=aliases)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> _Statement:
        """Modernise ``from module import name``; where names went to several modules, there is a statement for each."""
        module = get_full_name_for_node(original_node.module) if original_node.module else None
        if module is None or original_node.relative:
            return updated_node
        if isinstance(original_node.names, cst.ImportStar):
            modern = plain_name(module)
            return updated_node if modern == module else updated_node.with_changes(module=dotted(modern))
        homes: dict[str, list[cst.ImportAlias]] = {}
        for alias in original_node.names:
            home, renamed = self._new_home(module, alias)
            is_there = renamed is not None and not _is_gone(plain_name(f"{module}.{_written(alias)}"))
            if is_there or self._is_read(alias):
                homes.setdefault(module if renamed is None else home, []).append(renamed or alias)
        if list(homes) == [module] and homes[module] == list(original_node.names):
            return updated_node
        return _statements(updated_node, homes)

    def _is_read(self, alias: cst.ImportAlias) -> bool:
        local = alias.evaluated_alias or _written(alias)
        return any(name.value == local and self.program.is_read(name) for name in self.program.walk(cst.Name))

    def _consider(self, node: cst.Name | cst.Attribute) -> bool:
        """Whether the whole of ``node`` is a name that an import decides; notes what to write instead."""
        if not self.program.is_read(node):
            return False
        qualified = self.program.qualified(node)
        if qualified is None and isinstance(node, cst.Name) and node.value in PYTHON_2_NAMES:
            if not self.program.scopes[node][node.value]:
                self._replacements[node] = node.with_changes(value=PYTHON_2_NAMES[node.value])
            return True
        if qualified is None or qualified.startswith("builtins."):
            return False
        root = self.program.root(node)
        assert root is not None
        modern = plain_name(qualified)
        if modern in CONSTANTS:
            self._replacements[node] = cst.parse_expression(CONSTANTS[modern])
            return True
        if self._stays(root, node, qualified, modern):
            return True
        # Written with its module if it was so before: tf.keras.layers.Dense, but not np_utils.to_categorical.
        module_first = (self.program.qualified(root) or "").partition(".")[0] == "tensorflow" and root is not node
        new = self.spelling.spell(
            modern, module_first=module_first, by_name=self._is_gone_module(root), instead=root.value
        )
        self._replacements[node] = new.with_changes(lpar=node.lpar, rpar=node.rpar)
        return True

    def _stays(self, root: cst.Name, node: cst.BaseExpression, qualified: str, modern: str) -> bool:
        """Whether the expression means the modern thing once its import statement is modernised."""
        origin = self.program.qualified(root)
        if origin is None:  # by a star
            return modern == qualified
        bound = plain_name(origin)
        if self.program.assigned(root) is not None:  # the user's own alias, which is modernised where it is made
            return root is node or bound + qualified.removeprefix(origin) == modern
        if bound + qualified.removeprefix(origin) != modern:
            return False
        if root is not node or is_module(bound):
            last = bound.rpartition(".")[2]
            return bound == origin or root.value == last or self._has_as_name(root)
        return self._local_name(origin, root.value, as_name=self._has_as_name(root)) == root.value

    def _is_gone_module(self, root: cst.Name) -> bool:
        """Whether a name is a module that was imported by ``from`` and has another name today: ``np_utils``."""
        origin = self.program.qualified(root)
        return origin is not None and plain_name(origin) != origin and is_module(plain_name(origin))

    def _has_as_name(self, root: cst.Name) -> bool:
        assignments = self.program.scopes[root][root.value]
        return any(self.program.has_as_name(assignment, root.value) for assignment in assignments)

    def _local_name(self, full: str, written: str, *, as_name: bool) -> str:
        """The name to which an import of ``full`` is to be bound, which was ``written`` so far."""
        name = plain_name(full).rpartition(".")[2]
        if as_name or name == written or not self.spelling.is_free(name, plain_name(full)):
            return written
        return name

    def _new_home(self, module: str, alias: cst.ImportAlias) -> tuple[str, cst.ImportAlias | None]:
        """The module from which a name is imported today, and how; None if its uses are spelled without it.

        Its import then stays until nothing uses it any more: what takes its place is imported there.
        """
        written = _written(alias)
        full = f"{module}.{written}"
        modern = plain_name(full)
        home, _, name = modern.rpartition(".")
        as_name = alias.evaluated_alias
        if modern == full:
            return module, alias
        if is_module(modern) and name != written and as_name is None:
            return home, None
        if not home:
            if is_module(modern) or full in MODULES:  # `from tensorflow import keras` is `import keras`
                return "", _modern_alias(alias, modern)
            return home, None
        if canonical_name(modern) == canonical_name(full) and home == module and name == written:
            return module, alias
        local = as_name or self._local_name(full, written, as_name=False)
        self.spelling.bind(local, modern)
        shown = cst.AsName(cst.Name(local)) if local != name else None
        kept = alias.asname if as_name is not None and local != name else shown
        return home, alias.with_changes(name=cst.Name(name), asname=kept)


def _is_gone(name: str) -> bool:
    """Whether plain Keras does not have a name of its own, so that importing it would fail."""
    return name.startswith("keras.") and not is_public(name)


def _written(alias: cst.ImportAlias) -> str:
    return alias.evaluated_name


def _modern_alias(alias: cst.ImportAlias, modern: str) -> cst.ImportAlias:
    """``import old as name`` becomes ``import modern as name``, or ``import name`` where that says the same."""
    if modern == _written(alias):
        return alias
    asname = None if alias.evaluated_alias == modern else alias.asname
    return alias.with_changes(name=dotted(modern), asname=asname)


def _statements(updated: cst.ImportFrom, homes: dict[str, list[cst.ImportAlias]]) -> _Statement:
    if not homes:
        return cst.RemoveFromParent()
    statements: list[cst.BaseSmallStatement] = []
    for home, aliases in homes.items():
        *others, last = aliases
        names = [*others, last.with_changes(comma=cst.MaybeSentinel.DEFAULT)]
        if not home:
            statements.extend(cst.Import([name.with_changes(comma=cst.MaybeSentinel.DEFAULT)]) for name in names)
        elif len(homes) == 1:
            trailing = updated.names[-1].comma if isinstance(updated.names, tuple | list) and updated.lpar else None
            end = last.with_changes(comma=cst.MaybeSentinel.DEFAULT if trailing is None else trailing)
            statements.append(updated.with_changes(module=dotted(home), names=[*others, end]))
        else:
            statements.append(cst.ImportFrom(dotted(home), names))
    return statements[0] if len(statements) == 1 else cst.FlattenSentinel(statements)

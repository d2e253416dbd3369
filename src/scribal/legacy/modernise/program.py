"""A parsed program and what its names mean: imports are followed, plain aliases too; all other names are the user's."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

import libcst as cst
from libcst import metadata
from libcst.helpers import get_full_name_for_node
from libcst.metadata import QualifiedNameSource

from scribal.legacy.changes.names import canonical_name
from scribal.legacy.modernise.public import is_public, plain_name

__all__ = ["Program"]

_DEEPEST_ALIAS = 5
_Node = TypeVar("_Node", bound=cst.CSTNode)


class Program:
    """One source file as a tree, with what the passes ask of it.

    Args:
        module: The tree. It is copied, so that no node stands in it twice.
    """

    def __init__(self, module: cst.Module) -> None:
        self._wrapper = metadata.MetadataWrapper(module)
        self.module = self._wrapper.module

    @cached_property
    def _resolved(self) -> Mapping[type, Mapping[cst.CSTNode, object]]:
        # One walk over the tree for all three.
        providers = (metadata.ScopeProvider, metadata.ParentNodeProvider, metadata.ExpressionContextProvider)
        return self._wrapper.resolve_many(providers)

    @cached_property
    def scopes(self) -> dict[cst.CSTNode, metadata.Scope]:
        """The scope in which each node stands."""
        found = self._resolved[metadata.ScopeProvider]
        return {node: scope for node, scope in found.items() if isinstance(scope, metadata.Scope)}

    @cached_property
    def parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        """The node around each node."""
        found = self._resolved[metadata.ParentNodeProvider]
        return {node: parent for node, parent in found.items() if isinstance(parent, cst.CSTNode)}

    @cached_property
    def _positions(self) -> dict[cst.CSTNode, metadata.CodeRange]:
        found = self._wrapper.resolve(metadata.PositionProvider)
        return {node: place for node, place in found.items() if isinstance(place, metadata.CodeRange)}

    @cached_property
    def global_scope(self) -> metadata.Scope:
        """The scope of the module itself."""
        return next((scope.globals for scope in self.scopes.values()), metadata.GlobalScope())

    @cached_property
    def star_modules(self) -> tuple[str, ...]:
        """The modern names of the modules from which everything is imported."""
        return tuple(
            plain_name(get_full_name_for_node(node.module) or "")
            for node in self.walk(cst.ImportFrom)
            if isinstance(node.names, cst.ImportStar) and node.module is not None and not node.relative
        )

    @cached_property
    def uses_keras(self) -> bool:
        """Whether the program imports Keras, by whatever name."""
        return bool(self.libraries & {"keras", "tensorflow", "tf_keras"})

    @cached_property
    def uses_tensorflow(self) -> bool:
        """Whether the program's Keras is ``tf.keras``."""
        return bool(self.libraries & {"tensorflow", "tf_keras"})

    @cached_property
    def libraries(self) -> set[str]:
        """The libraries that the program imports, or imports from."""
        modules = {get_full_name_for_node(node.module) or "" for node in self.walk(cst.ImportFrom) if node.module}
        modules |= {alias.evaluated_name for node in self.walk(cst.Import) for alias in node.names}
        return {module.split(".")[0] for module in modules}

    @staticmethod
    def module_of(statement: cst.ImportFrom) -> str:
        """The module that a ``from`` import names; nothing for a relative one."""
        return "" if statement.relative or statement.module is None else get_full_name_for_node(statement.module) or ""

    def line(self, node: cst.CSTNode) -> int:
        """The line on which a node begins, counted from 1."""
        return self._positions[node].start.line

    def code(self, node: cst.CSTNode) -> str:
        """The source of a node."""
        return self.module.code_for_node(node).strip()

    def walk(self, kind: type[_Node], root: cst.CSTNode | None = None) -> Iterator[_Node]:
        """All nodes of a kind, at or below ``root``, in the order of the source."""
        nodes = self._nodes if root is None else _preorder(root)
        return (node for node in nodes if isinstance(node, kind))

    @cached_property
    def _nodes(self) -> list[cst.CSTNode]:
        return list(_preorder(self.module))

    def qualified(self, node: cst.CSTNode, *, depth: int = 0) -> str | None:
        """What a name or dotted name means: ``"keras.layers.Dense"``, ``"builtins.int"``; None for a user's own.

        A name imported from several places, as in ``try: … except ImportError: …``, counts if all of them are the same
        thing today.
        """
        scope = self.scopes.get(node)
        if scope is None or not isinstance(node, cst.Name | cst.Attribute) or self.root(node) is None:
            return None
        found = scope.get_qualified_names_for(node)
        sources = {name.source for name in found}
        if not found:
            return self._from_star(node)
        if sources == {QualifiedNameSource.LOCAL}:
            return self._through_alias(node, depth)
        if len(sources) > 1 or len({plain_name(name.name) for name in found}) > 1:
            return None
        return min(name.name for name in found)

    def canonical(self, node: cst.CSTNode) -> str | None:
        """What a name means, under the one of its modern names that tables use: ``"keras.Sequential"``."""
        qualified = self.qualified(node)
        return None if qualified is None else canonical_name(qualified)

    def is_read(self, node: cst.CSTNode) -> bool:
        """Whether a name or attribute is asked for its value, rather than given one or no variable at all."""
        if self._resolved[metadata.ExpressionContextProvider].get(node) is not metadata.ExpressionContext.LOAD:
            return False
        parent = self.parents.get(node)
        is_keyword = isinstance(parent, cst.Arg) and parent.keyword is node
        return not is_keyword and not isinstance(parent, cst.ImportAlias | cst.ImportFrom)

    @staticmethod
    def has_as_name(assignment: metadata.BaseAssignment, name: str) -> bool:
        """Whether ``name`` is bound by ``import … as name``."""
        statement = getattr(assignment, "node", None)
        if not isinstance(statement, cst.Import | cst.ImportFrom) or isinstance(statement.names, cst.ImportStar):
            return False
        return any(alias.evaluated_alias == name for alias in statement.names)

    def root(self, node: cst.BaseExpression) -> cst.Name | None:
        """The name at the left end of a dotted name."""
        while isinstance(node, cst.Attribute):
            node = node.value
        return node if isinstance(node, cst.Name) else None

    def assigned(self, name: cst.Name) -> list[cst.BaseExpression] | None:
        """Every value that a variable is given by ``name = value``; None if it also comes by its value otherwise."""
        scope = self.scopes.get(name)
        if scope is None:
            return None
        values = []
        for assignment in scope[name.value]:
            value = self.value_of(assignment)
            if value is None:
                return None
            values.append(value)
        return values or None

    def value_of(self, assignment: metadata.BaseAssignment) -> cst.BaseExpression | None:
        """The value that a plain ``name = value`` gives; None for any other way to bind a name."""
        node = getattr(assignment, "node", None)
        target = self.parents.get(node) if isinstance(node, cst.Name) else None
        statement = self.parents.get(target) if isinstance(target, cst.AssignTarget) else None
        return statement.value if isinstance(statement, cst.Assign) else None

    def parameter(self, name: cst.Name) -> cst.Param | None:
        """The parameter of a function that a name is, if it is nothing else."""
        scope = self.scopes.get(name)
        nodes = [getattr(assignment, "node", None) for assignment in (scope[name.value] if scope is not None else ())]
        found = [node if isinstance(node, cst.Param) else self.parents.get(node) for node in nodes if node is not None]
        return found[0] if len(nodes) == 1 and found and isinstance(found[0], cst.Param) else None

    def given(self, parameter: cst.Param) -> list[cst.BaseExpression]:
        """What the callers of one of the program's functions give for a parameter, by its place or its name."""
        parameters = self.parents.get(parameter)
        function = self.parents.get(parameters) if parameters is not None else None
        if not isinstance(function, cst.FunctionDef):
            return []
        named = list(function.params.params)
        place = named.index(parameter) if parameter in named else None
        return [
            arg.value
            for call in self.walk(cst.Call)
            if isinstance(call.func, cst.Name) and call.func.value == function.name.value
            for number, arg in enumerate(call.args)
            if (arg.keyword.value == parameter.name.value if arg.keyword is not None else number == place)
        ]

    def _through_alias(self, node: cst.BaseExpression, depth: int) -> str | None:
        """Follow ``layers = keras.layers``, if the name is never anything else."""
        root = self.root(node)
        values = self.assigned(root) if root is not None and depth < _DEEPEST_ALIAS else None
        if root is None or values is None or len(values) != 1:
            return None
        target = self.qualified(values[0], depth=depth + 1)
        if target is None or target.startswith("builtins."):
            return None
        return target + (get_full_name_for_node(node) or "").removeprefix(root.value)

    def _from_star(self, node: cst.BaseExpression) -> str | None:
        written = get_full_name_for_node(node) or ""
        for module in reversed(self.star_modules):
            qualified = f"{module}.{written}"
            if is_public(plain_name(qualified)) or plain_name(qualified) != qualified:
                return qualified
        return None


def _preorder(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.children))

"""How a qualified name is written in a program: by what its imports bind already, or by one more import."""

import libcst as cst
from libcst import metadata

from scribal.legacy.changes.names import canonical_name
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.public import is_public, plain_name

__all__ = ["Spelling", "dotted"]

_IMPORTED_BY_NAME = ("keras.layers", "keras.utils", "keras.src.legacy.preprocessing.image")
_IMPORTED_AS = {"numpy": "np", "tensorflow": "tf"}


def dotted(name: str) -> cst.Name | cst.Attribute:
    """The expression for a dotted name."""
    first, *rest = name.split(".")
    expression: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        expression = cst.Attribute(expression, cst.Name(part))
    return expression


class Spelling:
    """Finds the words for qualified names, and keeps which imports they need.

    Args:
        program: The program in which the names will stand.

    Attributes:
        wanted: Import statements that have to be added, in the order in which they were asked for, and the name in
            whose import's place each of them comes.
    """

    def __init__(self, program: Program) -> None:
        self.wanted: dict[str, str | None] = {}
        self._anchor: str | None = None
        self._bound = _bound(program)
        self._stars = program.star_modules
        self._taken = {assignment.name for scope in set(program.scopes.values()) for assignment in scope.assignments}

    def spell(
        self, qualified: str, *, module_first: bool = False, by_name: bool = False, instead: str | None = None
    ) -> cst.Name | cst.Attribute:
        """The expression that means ``qualified``, such as ``keras.layers.Dense`` or ``Dense``.

        Args:
            qualified: A modern name; without a dot it is a builtin.
            module_first: Whether to write the module with it, where no import decides.
            instead: The imported name of which this takes the place.
            by_name: Whether to import the thing itself, where that is usual, even if a module could be written with it.
        """
        if "." not in qualified:
            return cst.Name(qualified)
        self._anchor = instead
        if by_name and qualified.rpartition(".")[0] in _IMPORTED_BY_NAME and not self._is_bound(qualified):
            return dotted(self._by_import(qualified, module_first=module_first))
        return dotted(self._by_binding(qualified) or self._by_import(qualified, module_first=module_first))

    def is_free(self, name: str, qualified: str) -> bool:
        """Whether ``name`` means nothing else anywhere in the program than ``qualified``."""
        return name not in self._taken or self._bound.get(name) == canonical_name(qualified)

    def bind(self, name: str, qualified: str) -> None:
        """Say that an import statement of the program will bind ``name``."""
        self._taken.add(name)
        self._bound[name] = canonical_name(qualified)

    def _is_bound(self, qualified: str) -> bool:
        return canonical_name(qualified) in self._bound.values()

    def _by_binding(self, qualified: str) -> str | None:
        """By the imported name that says most of it, or by itself where all of its module is imported."""
        last = qualified.rpartition(".")[2]
        for module in self._stars:
            every = f"{module}.{last}"
            if is_public(every) and canonical_name(every) == canonical_name(qualified):
                return last
        for whole in (qualified, canonical_name(qualified)):
            parts = whole.split(".")
            for length in range(len(parts), 0, -1):
                beginning = ".".join(parts[:length])
                for name, meaning in self._bound.items():
                    if meaning == beginning:
                        return ".".join([name, *parts[length:]])
        return None

    def _by_import(self, qualified: str, *, module_first: bool) -> str:
        library, _, _ = qualified.partition(".")
        module, _, name = qualified.rpartition(".")
        if module == "keras.ops" and not module_first and self._want("from keras import ops", "ops", module):
            return f"ops.{name}"
        by_name = library not in ("keras", *_IMPORTED_AS) or module in ("keras", *_IMPORTED_BY_NAME)
        if by_name and not module_first and self._want(f"from {module} import {name}", name, qualified):
            return name
        short = _IMPORTED_AS.get(library, library)
        self._want(f"import {library} as {short}" if short != library else f"import {library}", short, library)
        return short + qualified.removeprefix(library)

    def _want(self, statement: str, name: str, qualified: str) -> bool:
        if not self.is_free(name, qualified):
            return False
        self.wanted.setdefault(statement, self._anchor)
        self.bind(name, qualified)
        return True


def _bound(program: Program) -> dict[str, str]:
    """What the names mean that the module binds by import and by nothing else, under their modern names."""
    bound: dict[str, set[str]] = {}
    for assignment in program.global_scope.assignments:
        name = assignment.name.split(".")[0]
        meanings = bound.setdefault(name, set())
        if isinstance(assignment, metadata.ImportAssignment):
            old = {meaning.name for meaning in assignment.get_qualified_names_for(name)}
            meanings |= {_lasting(program, assignment, name, full) for full in old}
        else:
            meanings.add("")
    return {name: min(meanings) for name, meanings in bound.items() if len(meanings) == 1 and "" not in meanings}


def _lasting(program: Program, assignment: metadata.ImportAssignment, name: str, full: str) -> str:
    """What a name means when its import is modern; nothing where it will have another name then."""
    modern = plain_name(full)
    keeps_name = modern == full or modern.rpartition(".")[2] == name or program.has_as_name(assignment, name)
    return canonical_name(modern) if keeps_name else ""

"""What one name of old code stands for: in scribal's own modules, under its modern name, or nowhere."""

import functools
import importlib
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from scribal.exceptions import ScribalError
from scribal.legacy.changes.modules import MODULES
from scribal.legacy.changes.names import NAMES, modern_name
from scribal.legacy.changes.refusals import instead_of
from scribal.legacy.importing.homes import HOMES, home_of
from scribal.legacy.journal import current_journal

__all__ = ["NAMESPACES", "Found", "GoneError", "exists", "find", "modern_module", "old_name", "public_names", "resolve"]


class GoneError(ScribalError, AttributeError):
    """Old code asks for something that has no modern form."""


def _parents(names: Iterable[str]) -> frozenset[str]:
    return frozenset(
        ".".join(parts[:length]) for name in names for parts in [name.split(".")] for length in range(1, len(parts))
    )


@dataclass(frozen=True)
class Found:
    """What a name stood for.

    Attributes:
        value: The module, class, function or value.
        modern: What to write today; empty where the line can go.
    """

    value: Any
    modern: str


NAMESPACES = frozenset(
    name
    for name in _parents((*MODULES, *HOMES)) | {name.rpartition(".")[0] for name in NAMES}
    if name.startswith(("keras.", "tensorflow."))
)
"""Packages that hold others, such as ``tensorflow.examples``; some are there today as well."""


def modern_module(name: str) -> str | None:
    """The module that an old module's name leads to, one step on.

    Args:
        name: The old module's dotted name.

    Returns:
        The next name; ``None`` where neither the module nor one above it has moved.
    """
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        modern = MODULES.get(".".join(parts[:length]))
        if modern:
            return ".".join([modern, *parts[length:]])
    return None


@functools.cache
def exists(module: str) -> bool:
    """Whether a module can be imported, old names included."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):  # ValueError: a module that was made without a specification
        return False


def old_name(module: str, name: str) -> Any:
    """What ``module.name`` stood for when old code was written.

    The journal is told where the program asks, and not where a library does: Matplotlib asks ``tensorflow`` for its
    ``is_tensor``. Called by a module's ``__getattr__``, which is called by whoever asks.

    Args:
        module: The dotted name of the module that is asked.
        name: The name that it has no more.

    Raises:
        GoneError: It has no modern form; the journal is told this as well.
        AttributeError: It never was, as far as is known.
    """
    qualified = f"{module}.{name}"
    found = find(module, name)
    if found is not None:
        caller = sys._getframe(2).f_code.co_filename  # noqa: SLF001 (whoever asks the module for the name)
        if found.modern != qualified and current_journal().is_own(caller):
            home, _, last = found.modern.rpartition(".")
            only_moved = last == name and home == getattr(_moved(module), "__name__", None)
            current_journal().adapted(*((module, home) if only_moved else (qualified, found.modern)))
        return found.value
    advice = instead_of(qualified)
    if advice:
        current_journal().refused(qualified, advice)
        raise GoneError(
            f"{qualified} belongs to an older library and has no modern form",
            received=qualified,
            advice=f"{advice[0].upper()}{advice[1:]}",
        )
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def find(module: str, name: str) -> Found | None:
    """What ``module.name`` stood for; ``None`` where it is not known or was refused. The journal is not told."""
    qualified = f"{module}.{name}"
    modern = modern_name(qualified)
    for owner in dict.fromkeys((module, modern.rpartition(".")[0])):
        home = home_of(owner)
        if home is not None and name in home.__all__:
            return Found(getattr(home, name), getattr(home, "MODERN", {}).get(name, modern))
    if _is_module(qualified):
        return Found(importlib.import_module(qualified), qualified)  # its loader tells the journal
    if modern == qualified:
        return None
    # Keras may still have the old name, and arguments may mean something else under it: Convolution2D, Conv2D.
    moved = _moved(module)
    if moved is not None and name in vars(moved):
        return Found(vars(moved)[name], f"{moved.__name__}.{name}")
    try:
        return Found(resolve(modern), modern)
    except GoneError:
        raise
    except AttributeError:
        return None


def _moved(module: str) -> ModuleType | None:
    """The module of today to which an old one's contents have gone."""
    name = module
    while modern := modern_module(name):
        name = modern
    return importlib.import_module(name) if name != module and exists(name) else None


def resolve(qualified: str) -> Any:
    """The object that a dotted name of today stands for.

    Raises:
        AttributeError: There is none.
    """
    parts = qualified.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:length])
        if exists(module):
            return functools.reduce(getattr, parts[length:], importlib.import_module(module))
    return getattr(importlib.import_module("builtins"), qualified)


def public_names(module: str) -> list[str]:
    """What ``from module import *`` gives: what the modern module has, and what scribal adds."""
    modern = modern_name(module)
    names: set[str] = set()
    if modern != module and exists(modern):
        today = vars(importlib.import_module(modern))
        names |= {name for name, value in today.items() if not isinstance(value, ModuleType)}
    for owner in (module, modern):
        home = home_of(owner)
        names |= set(home.__all__) if home else set()
    return sorted(name for name in names if not name.startswith("_"))


def _is_module(name: str) -> bool:
    return name in HOMES or name in NAMESPACES or (modern_module(name) is not None and exists(name))

"""Modules of today answer to names they have lost, through a module's ``__getattr__`` (PEP 562)."""

import contextlib
import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from scribal.legacy.changes.modules import MODULES
from scribal.legacy.changes.names import NAMES
from scribal.legacy.changes.refusals import REFUSED
from scribal.legacy.importing.homes import HOMES, REPLACED
from scribal.legacy.importing.lookup import GoneError, modern_module, old_name, resolve

__all__ = ["ADDED_TO", "add_old_names"]


def _owners() -> frozenset[str]:
    """Every module of today that old code asks for something it has no more."""
    names = {name.rpartition(".")[0] for table in (NAMES, REFUSED, REPLACED, MODULES) for name in table} | set(HOMES)
    return frozenset(
        name for name in names if name.partition(".")[0] in {"keras", "sklearn"} and modern_module(name) is None
    )


ADDED_TO = _owners()
"""The modules of today to which names are added."""

_REFUSING = {"keras.optimizers.legacy"}
"""Modules whose classes only say that they are gone."""


def add_old_names(module: ModuleType, undo: contextlib.ExitStack) -> None:
    """Make a module of today answer to its old names.

    Args:
        module: One of ``ADDED_TO``.
        undo: Gets what takes the additions out again.
    """
    _set(module, "__getattr__", _answering(module.__name__, vars(module).get("__getattr__")), undo)
    if module.__name__ in _REFUSING:
        for name in [name for name in vars(module) if f"{module.__name__}.{name}" in NAMES]:
            undo.callback(setattr, module, name, vars(module)[name])
            delattr(module, name)
    for qualified, replacement in REPLACED.items():
        owner, _, name = qualified.rpartition(".")
        if owner == module.__name__:
            _set(module, name, resolve(replacement), undo)


def _answering(module: str, before: Callable[[str], Any] | None) -> Callable[[str], Any]:
    def answer(name: str) -> Any:
        if not name.startswith("__"):
            try:
                return old_name(module, name)
            except GoneError:
                raise
            except AttributeError:
                pass
        if before is not None:
            return before(name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return answer if before is None else functools.wraps(before)(answer)


def _set(module: ModuleType, name: str, value: object, undo: contextlib.ExitStack) -> None:
    absent = object()
    before = vars(module).get(name, absent)
    setattr(module, name, value)
    undo.callback(lambda: delattr(module, name) if before is absent else setattr(module, name, before))

"""Names that a library's module has lost, found again by the user's own files."""

import builtins
import contextlib
import functools
import importlib
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from scribal.legacy.changes.other_libraries import LIBRARY_NAMES
from scribal.legacy.journal import current_journal

__all__ = ["add_names", "renamed_keywords", "replace"]


def add_names(module: ModuleType, given: Mapping[str, Any], undo: contextlib.ExitStack) -> None:
    """Let a module answer to names it has lost.

    Args:
        module: A library's.
        given: Functions that nothing of today stands for; their docstrings' first lines say what to write.
        undo: Gets what takes it out again.
    """
    own: Callable[[str], Any] | None = vars(module).get("__getattr__")

    def answer(name: str) -> Any:
        if current_journal().is_asked_by_user():
            qualified = f"{module.__name__}.{name}"
            if name in given:
                current_journal().adapted(qualified, str(given[name].__doc__).splitlines()[0].strip("`."))
                return given[name]
            if qualified in LIBRARY_NAMES:
                current_journal().adapted(qualified, LIBRARY_NAMES[qualified])
                return _resolved(LIBRARY_NAMES[qualified])
        if own is not None:
            return own(name)
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

    # SciPy keeps some names that only warn; they would be found before.
    for name in given:
        if name in vars(module):
            undo.callback(setattr, module, name, vars(module)[name])
            delattr(module, name)
    replace(module, "__getattr__", answer if own is None else functools.wraps(own)(answer), undo)


def replace(owner: Any, name: str, value: Any, undo: contextlib.ExitStack) -> None:
    """Set an attribute of a module or class, and set back or delete it when it is undone."""
    if name in vars(owner):
        undo.callback(setattr, owner, name, vars(owner)[name])
    else:
        undo.callback(delattr, owner, name)
    setattr(owner, name, value)


def renamed_keywords(owner: Any, name: str, keywords: Mapping[str, str | None], undo: contextlib.ExitStack) -> None:
    """Let a function take arguments by their old names.

    Args:
        owner: The module or class that has the function.
        name: Of the function.
        keywords: Old name to today's; None for an argument that is gone without loss.
        undo: Gets what takes it out again.
    """
    function = getattr(owner, name)

    @functools.wraps(function)
    def stand_in(*args: Any, **kwargs: Any) -> Any:
        for old, modern in keywords.items():
            if old in kwargs:
                value = kwargs.pop(old)
                current_journal().adapted(f"{name}({old}=...)", f"{name}({modern}=...)" if modern else f"{name}()")
                if modern:
                    kwargs[modern] = value
        return function(*args, **kwargs)

    replace(owner, name, stand_in, undo)


def _resolved(qualified: str) -> Any:
    owner, _, name = qualified.rpartition(".")
    if not owner:
        return getattr(builtins, name, None) or importlib.import_module(name)
    try:
        return getattr(importlib.import_module(owner), name)
    except ModuleNotFoundError:
        return getattr(_resolved(owner), name)

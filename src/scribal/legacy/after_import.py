"""Does something to a library right after it was imported, and nothing to a library that never is.

A finder in front of all others asks them for the module as usual, and lets the loader they give end with the action.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

from scribal.deferred import FinderInFront

__all__ = ["after_import"]

Action = Callable[[ModuleType], None]


@contextlib.contextmanager
def after_import(actions: Mapping[str, Action]) -> Iterator[None]:
    """Carry out an action on each module of that name when it is imported; at once on those that are already.

    Args:
        actions: By the module's dotted name. Each is carried out once.
    """
    finder = _Finder(dict(actions))
    sys.meta_path.insert(0, finder)
    try:
        for name in actions:
            if name in sys.modules:
                finder.act(sys.modules[name])
        yield
    finally:
        sys.meta_path.remove(finder)


class _Finder(FinderInFront):
    def __init__(self, waiting: dict[str, Action]) -> None:
        super().__init__()
        self._waiting = waiting

    def concerns(self, name: str) -> bool:
        return name in self._waiting

    def act(self, module: ModuleType) -> None:
        action = self._waiting.pop(module.__name__, None)
        if action is not None:
            action(module)

    def changed(self, loader: Any) -> Any:
        """Let this one loader end with the action; its class, which others ask about, stays what it is."""
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            vars(loader).pop("exec_module", None)
            execute(module)
            self.act(module)

        loader.exec_module = exec_module
        return loader

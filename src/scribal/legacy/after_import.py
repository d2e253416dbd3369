"""Does something to a library right after it was imported, and nothing to a library that never is.

A finder in front of all others asks them for the module as usual, and lets the loader they give end with the action.
"""

import contextlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

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


class _Finder(MetaPathFinder):
    def __init__(self, waiting: dict[str, Action]) -> None:
        self._waiting = waiting
        self._looking: set[str] = set()

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        del path, target
        if fullname not in self._waiting or fullname in self._looking:
            return None
        self._looking.add(fullname)  # the search below passes here again
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._looking.discard(fullname)
        if spec is None or spec.loader is None:
            return None
        self._extend(spec.loader)
        return spec

    def act(self, module: ModuleType) -> None:
        action = self._waiting.pop(module.__name__, None)
        if action is not None:
            action(module)

    def _extend(self, loader: object) -> None:
        """Let this one loader end with the action; its class, which others ask about, stays what it is."""
        execute = loader.exec_module  # type: ignore[attr-defined]  # a method since Python 3.4

        def exec_module(module: ModuleType) -> None:
            vars(loader).pop("exec_module", None)
            execute(module)
            self.act(module)

        loader.exec_module = exec_module  # type: ignore[attr-defined]

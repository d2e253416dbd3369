"""Parts of Keras that are executed when somebody first looks into them.

``import keras`` imports scikit-learn for the wrappers it has for it, Matplotlib for its pictures of images, and all of
its public names a second time for TensorFlow's sake: nearly half of its time, for parts that few programs use. They
get the lazy loader of Python's own import machinery,
https://docs.python.org/3/library/importlib.html#importlib.util.LazyLoader: the modules are there at once, and what is
in them as soon as it is asked for.
"""

import contextlib
import importlib.util
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["FinderInFront", "deferred_parts", "is_deferred"]

_PARTS = frozenset({"keras._tf_keras", "keras.src.visualization", "keras.visualization", "keras.wrappers"})


@contextlib.contextmanager
def deferred_parts() -> Iterator[None]:
    """Defer these parts if Keras is imported before the block ends."""
    finder = _DeferringFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def is_deferred(name: str) -> bool:
    """Whether a module is a part that was not executed yet; to look into it would execute it."""
    # The lazy loader makes a module of another class, which it takes back.
    return name in _PARTS and name in sys.modules and type(sys.modules[name]) is not ModuleType


class FinderInFront(MetaPathFinder, ABC):
    """Asks the finders behind it for some modules as usual, and changes what they give."""

    def __init__(self) -> None:
        self._looking: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module that concerns this finder; leave all else to other finders."""
        del path, target
        if fullname in self._looking or not self.concerns(fullname):
            return None
        self._looking.add(fullname)  # the search below passes here again
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._looking.discard(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = self.changed(spec.loader)
        return spec

    @abstractmethod
    def concerns(self, name: str) -> bool:
        """Whether the loader of the module of that name is to be changed."""

    @abstractmethod
    def changed(self, loader: Any) -> Any:
        """The loader to take instead of the one that was found."""


class _DeferringFinder(FinderInFront):
    """Makes the loaders of the parts lazy."""

    def concerns(self, name: str) -> bool:
        return name in _PARTS

    def changed(self, loader: Any) -> Any:
        return importlib.util.LazyLoader(loader)

"""Modules that are gone, as objects: each name that is asked of one is looked up when it is asked."""

from types import ModuleType
from typing import Any

from scribal.legacy.importing.lookup import find, old_name, public_names

__all__ = ["OldModule"]


class OldModule(ModuleType):
    """A module of old code, such as ``keras.layers.core``, that holds nothing itself.

    Names are not kept, so that each line that uses one is in the journal; only ``import *`` takes them all. What a
    program sets on the module stays.
    """

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return self._everything()
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return old_name(self.__name__, name)

    def _everything(self) -> list[str]:
        """Get all names at once for ``from module import *``: one line of the program, and one change of it."""
        for name in public_names(self.__name__):
            found = find(self.__name__, name)
            if found is not None:
                vars(self).setdefault(name, found.value)
        return sorted(name for name in vars(self) if not name.startswith("_"))

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *public_names(self.__name__)})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function of the module's own name: ``keras.layers.merge`` was one before it was a module."""
        function = old_name(self.__name__, self.__name__.rpartition(".")[2])
        return function(*args, **kwargs)

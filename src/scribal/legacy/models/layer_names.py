"""``get_layer("dense_1")``: layers by the names that Keras 1 and 2 gave them, where the program gave none itself."""

import functools
import sys
from collections.abc import Callable
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.changes.layer_names import automatic_name
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_layer_names"]


def adapt_layer_names(patches: Patches) -> None:
    """Let ``get_layer`` take old automatic names in programs that turned out to be old by other things.

    Args:
        patches: Where the changes are kept.
    """
    from keras.src.ops import operation

    given: set[str] = set()
    patches.put(operation, "auto_name", _remembering(operation.auto_name, given))
    model = import_keras().Model
    patches.put(model, "get_layer", _finding(model.get_layer, given))


def _remembering(function: Callable[[str], str], given: set[str]) -> Callable[[str], str]:
    """The function that names what has no name, keeping which names are its own."""

    @functools.wraps(function)
    def stand_in(prefix: str) -> str:
        name = function(prefix)
        given.add(name)
        return name

    return stand_in


def _finding(method: Callable[..., Any], given: set[str]) -> Callable[..., Any]:
    @functools.wraps(method)
    def get_layer(self: Any, name: Any = None, index: Any = None) -> Any:
        names = {layer.name for layer in self.layers}
        journal = current_journal()
        is_own = name in names and name not in given  # by the program, or in a file
        if isinstance(name, str) and not is_own and journal.changes:
            today = automatic_name(name, tensorflow="tensorflow" in sys.modules)
            if today in names and today in given and today != name:
                journal.adapted(f"get_layer({name!r})", f"get_layer({today!r})")
                name = today
        return method(self, name, index)

    return get_layer

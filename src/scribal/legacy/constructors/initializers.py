"""Functions as initializers: Keras 1 called them with a shape and a name, Keras 3 with a shape and a type."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_initializers"]


def adapt_initializers(patches: Patches) -> None:
    """Take ``init=lambda shape, name: …`` and functions that return variables.

    Args:
        patches: Where the changes are kept.
    """
    import keras
    from keras.src import initializers

    original = initializers.get

    @functools.wraps(original)
    def get(identifier: Any) -> Any:
        found = original(identifier)
        return _with_type(found) if inspect.isfunction(found) and not _takes(found, "dtype") else found

    for module in (initializers, keras.initializers):
        patches.put(module, "get", get)


def _with_type(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, called as Keras 3 does."""
    import keras

    current_journal().adapted(f"{function.__name__}(shape, name)", f"{function.__name__}(shape, dtype=None)")

    # Without functools.wraps, which would show the signature of the function: Keras asks for an initializer twice.
    def initializer(shape: Any, dtype: Any = None) -> Any:
        values = function(shape, name=None) if _takes(function, "name") else function(shape)
        return keras.ops.cast(keras.ops.convert_to_tensor(values), dtype or keras.config.floatx())

    initializer.__name__ = initializer.__qualname__ = function.__name__
    return initializer


def _takes(function: Callable[..., Any], name: str) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any(each.name == name or each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters)

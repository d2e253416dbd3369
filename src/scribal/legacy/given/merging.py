"""``keras.layers.merge``: the function of Keras 1, of the same name as the module of Keras 2."""

from typing import Any

from scribal.legacy.constructors.adapting import modern_arguments
from scribal.legacy.constructors.objects import OBJECTS

__all__ = ["merge"]

MODERN = {"merge": "keras.layers.concatenate, add, multiply, average, maximum or dot"}


def merge(*args: Any, **kwargs: Any) -> Any:
    """Make one tensor of several, by a ``mode``."""
    call = modern_arguments("keras.layers.merge", args, kwargs)
    return OBJECTS.call(call.name, call.positional, call.keywords)

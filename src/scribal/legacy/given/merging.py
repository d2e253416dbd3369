"""``keras.layers.merge``: the function of Keras 1, of the same name as the module of Keras 2."""

from typing import Any

from scribal.backend import import_keras
from scribal.legacy.constructors.adapting import modern_arguments
from scribal.legacy.constructors.objects import OBJECTS
from scribal.legacy.journal import current_journal

__all__ = ["merge"]

MODERN = {"merge": "keras.layers.concatenate, add, multiply, average, maximum or dot"}


def merge(*args: Any, **kwargs: Any) -> Any:
    """Make one tensor of several, by a ``mode``: a word, or a function of their list."""
    mode = kwargs.get("mode", args[1] if len(args) > 1 else "sum")
    if callable(mode):
        return _merged_by(mode, args[0] if args else kwargs["inputs"], kwargs.get("output_shape"))
    call = modern_arguments("keras.layers.merge", args, kwargs)
    return OBJECTS.call(call.name, call.positional, call.keywords)


def _merged_by(function: Any, tensors: Any, shape: Any) -> Any:
    if "gradients" in getattr(getattr(function, "__code__", None), "co_names", ()):
        # A layer's function sees each tensor alone, and not which of them follows from which.
        merged = function(tensors)
        return merged[0] if isinstance(merged, list) and len(merged) == 1 else merged
    current_journal().adapted("merge(mode=...)", "Lambda(...)(tensors)")
    return import_keras().layers.Lambda(function, output_shape=None if callable(shape) else shape)(tensors)

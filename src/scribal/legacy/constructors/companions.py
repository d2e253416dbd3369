"""Layers that an argument of an old layer is today: they stand before or behind it, wherever a program puts it."""

import functools
from collections.abc import Callable
from typing import Any

from scribal.legacy.changes.call import Call
from scribal.legacy.constructors.adapting import called_by_keras
from scribal.legacy.constructors.patches import Patches

__all__ = ["adapt_called_layers", "remember_companions", "with_companions"]

_BEFORE, _BEHIND = "_layers_before_it", "_layers_behind_it"


def remember_companions(layer: Any, call: Call[Any]) -> None:
    """Keep what comes with a layer until it is part of a model."""
    # Past Keras' own attribute tracking, which would count them among the layer's parts.
    vars(layer).update({name: list(each) for name, each in ((_BEFORE, call.before), (_BEHIND, call.behind)) if each})


def with_companions(layer: Any) -> list[Any]:
    """A layer that is added to a ``Sequential``, and what comes before and behind it."""
    own = getattr(layer, "__dict__", {})
    return [*own.pop(_BEFORE, ()), layer, *own.pop(_BEHIND, ())]


def adapt_called_layers(patches: Patches) -> None:
    """Let a layer that the program calls on a tensor of a network take its companions along.

    Args:
        patches: Where the changes are kept.
    """
    import keras

    layer = keras.layers.Layer
    patches.put(layer, "__call__", _calling(layer.__call__))


def _calling(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807 (it becomes the class's)
        own = vars(self)
        if not (_BEFORE in own or _BEHIND in own) or called_by_keras(2):
            return method(self, *args, **kwargs)
        first, *rest = args
        for each in own.get(_BEFORE, ()):
            first = each(first)
        result = method(self, first, *rest, **kwargs)
        for each in own.get(_BEHIND, ()):
            result = each(result)
        return result

    return __call__

"""``input_shape`` and its kin on the first layer of a ``Sequential``, which becomes an ``Input`` in front of it."""

import functools
from collections.abc import Callable
from typing import Any

from scribal.legacy.changes.call import Call
from scribal.legacy.constructors.companions import remember_companions, with_companions

__all__ = ["adapted_add", "remember_input"]

_REMEMBERED = "_input_in_front"


def remember_input(layer: Any, call: Call[Any]) -> None:
    """Keep what a layer said about its input, and what comes with it, until it is in a model."""
    remember_companions(layer, call)
    if call.input:
        # Past Keras' own attribute tracking, which would count a dict among the layer's state.
        vars(layer)[_REMEMBERED] = dict(call.input)


def adapted_add(original: Callable[..., None]) -> Callable[..., None]:
    """``Sequential.add``, which asks the first layer for its input, and each for what comes with it.

    Args:
        original: Keras' method.
    """

    @functools.wraps(original)
    def add(self: Any, layer: Any, *args: Any, **kwargs: Any) -> None:
        import keras

        # Another layer may have come before it, or an Input: then the shape says nothing new, as ever.
        described = None if self._layers else getattr(layer, "__dict__", {}).get(_REMEMBERED)
        if described:
            original(self, keras.layers.InputLayer(name=f"{layer.name}_input", **described))
        for each in with_companions(layer):
            original(self, each, *args, **kwargs)

    return add

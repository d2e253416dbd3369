"""``input_shape`` and its kin on the first layer of a ``Sequential``, which becomes an ``Input`` in front of it."""

import functools
from collections.abc import Callable
from typing import Any

from scribal.legacy.changes.call import Call

__all__ = ["adapted_add", "remember_input"]

_REMEMBERED = "_input_in_front"


def remember_input(layer: Any, call: Call[Any]) -> None:
    """Keep what a layer said about its input until it is the first of a model."""
    if call.input:
        # Past Keras' own attribute tracking, which would count a dict among the layer's state.
        vars(layer)[_REMEMBERED] = dict(call.input)


def adapted_add(original: Callable[..., None]) -> Callable[..., None]:
    """``Sequential.add``, which asks the first layer for its input.

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
        original(self, layer, *args, **kwargs)

    return add

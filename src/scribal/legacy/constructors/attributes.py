"""Attributes that objects of old Keras had: ``optimizer.lr``, ``layer.output_shape``."""

from collections.abc import Callable
from typing import Any

from scribal.legacy.constructors.adapting import called_by_keras
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_attributes"]


class _Computed:
    """An attribute computed from others; one of the same name that an object sets itself comes first."""

    def __init__(self, compute: Callable[[Any], Any], old: str, modern: str) -> None:
        self._compute = compute
        self._old, self._modern = old, modern

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        value = self._compute(instance)
        if not called_by_keras(2):
            current_journal().adapted(self._old, self._modern)
        return value


def adapt_attributes(patches: Patches) -> None:
    """Give optimizers ``lr`` and layers ``input_shape`` and ``output_shape``."""
    import keras
    from keras.src.optimizers.base_optimizer import BaseOptimizer

    def get_rate(optimizer: Any) -> Any:
        current_journal().adapted("optimizer.lr", "optimizer.learning_rate")
        return optimizer.learning_rate

    def set_rate(optimizer: Any, value: Any) -> None:
        current_journal().adapted("optimizer.lr = …", "optimizer.learning_rate = …")
        optimizer.learning_rate = value

    patches.put(BaseOptimizer, "lr", property(get_rate, set_rate))
    for end in ("input", "output"):
        name = f"{end}_shape"
        old, modern = f"layer.{name}", f"layer.{end}.shape"
        patches.put(keras.layers.Layer, name, _Computed(_shape_of(end), old, modern))


def _shape_of(end: str) -> Callable[[Any], Any]:
    def shape(layer: Any) -> Any:
        # Without an input yet, Keras' own error is an AttributeError or ValueError; hasattr must say no.
        try:
            tensors = getattr(layer, end)
        except ValueError as error:
            raise AttributeError(str(error)) from error
        if isinstance(tensors, (list, tuple)):
            return [tensor.shape for tensor in tensors]
        return tensors.shape

    return shape

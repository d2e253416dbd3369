"""What ``compile`` fixed in Keras 1 and 2, and leaves open in Keras 3.

Which layers are trained was decided when a model was compiled, so that the halves of a GAN could be trained in turns
with ``discriminator.trainable = False`` said once; and one optimizer served several models.
"""

import contextlib
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.journal import current_journal

__all__ = ["as_compiled", "own_optimizer", "remember_trainable"]

_KEY = "_trainable_as_compiled"
_OWNERS: "weakref.WeakKeyDictionary[Any, Any]" = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class _Compiled:
    """Layers, and whether each was trained. Keras, which saves all that is in a model's lists, does not look inside."""

    layers: tuple[tuple[Any, bool], ...] = ()


def remember_trainable(model: Any) -> None:
    """Note which layers are trained now.

    Args:
        model: The model that is being compiled.
    """
    vars(model)[_KEY] = _Compiled(tuple((layer, layer.trainable) for layer in _layers(model)))


@contextlib.contextmanager
def as_compiled(model: Any) -> Iterator[None]:
    """Train those layers that were to be trained when the model was compiled, until the block ends.

    Args:
        model: A compiled model.
    """
    compiled = vars(model).get(_KEY, _Compiled()).layers
    changed = [(layer, then, layer.trainable) for layer, then in compiled if then != layer.trainable]
    if not changed:
        yield
        return
    current_journal().adapted(
        f"{model.name}, compiled before trainable was changed", "set trainable before each call that trains"
    )
    _set([(layer, then) for layer, then, _ in changed])
    try:
        yield
    finally:
        _set([(layer, now) for layer, _, now in changed])


def own_optimizer(model: Any, optimizer: Any) -> Any:
    """An optimizer like the one given, if that one trains another model.

    Args:
        model: The model that is being compiled.
        optimizer: What ``compile`` was given.
    """
    if not isinstance(optimizer, import_keras().Optimizer):
        return optimizer
    owner = _OWNERS.get(optimizer)
    if owner is None or owner() is None or owner() is model:
        _OWNERS[optimizer] = weakref.ref(model)
        return optimizer
    current_journal().adapted("one optimizer for several models", "one optimizer for each model")
    return type(optimizer).from_config(optimizer.get_config())


def _layers(model: Any) -> list[Any]:
    return list(model._flatten_layers())  # noqa: SLF001 (layers within layers as well)


def _set(states: list[tuple[Any, bool]]) -> None:
    # A layer hands the word on to the layers within it, which come after it here.
    for layer, trainable in states:
        if layer.trainable != trainable:
            layer.trainable = trainable
    for layer, trainable in states:
        if layer.trainable != trainable:
            layer.trainable = trainable

"""Random numbers for which a program gives no seed, also where JAX compiles what draws them.

Keras 3 wants a ``SeedGenerator`` in each layer that draws; TensorFlow and the backend of Keras 1 and 2 did without.
"""

from typing import Any

from scribal.backend import import_keras

__all__ = ["unseeded"]

_OWN = "_drawing"


def unseeded() -> Any:
    """What random functions take as ``seed``.

    Returns:
        The generator of the layer that is being called, which it gets when its model is built, so that each training
        step draws anew; outside of layers Keras' one for the whole process.
    """
    from keras.src.backend.common.global_state import get_global_attribute, set_global_attribute
    from keras.src.random.seed_generator import GLOBAL_SEED_GENERATOR

    context = get_global_attribute("current_call_ctx")
    layer = None if context is None else context.entry_layer
    if layer is not None:
        return _generator_of(layer)
    generator = get_global_attribute(GLOBAL_SEED_GENERATOR)
    if generator is None:
        generator = import_keras().random.SeedGenerator()
        set_global_attribute(GLOBAL_SEED_GENERATOR, generator)
    return generator


def _generator_of(layer: Any) -> Any:
    if not hasattr(layer, _OWN):
        tracker = layer._tracker  # noqa: SLF001 (what is locked against new variables once a layer is built)
        was_locked = tracker.locked
        tracker.unlock()
        setattr(layer, _OWN, import_keras().random.SeedGenerator())
        if was_locked:
            tracker.lock()
    return getattr(layer, _OWN)

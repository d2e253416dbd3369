"""Letting Keras do what the engine has no form for, whether or not the engine has been put under Keras' methods."""

import contextlib
import inspect
import warnings
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from types import MethodType
from typing import Any

from scribal.backend import import_keras
from scribal.engine.errors import FallbackWarning, LoweringError

__all__ = ["ORIGINAL", "collected_fallbacks", "original", "warn_of_fallback"]

# Under this name a function that stands in for one of Keras' methods keeps the method itself.
ORIGINAL = "keras_method"

_COLLECTED: ContextVar[list[LoweringError] | None] = ContextVar("fallbacks", default=None)


def original(model: Any, name: str) -> Callable[..., Any]:
    """Keras' own method for a model; not one of the model's class, which may have come here itself.

    Args:
        model: A ``keras.Model``.
        name: Name of the method.
    """
    method = getattr(import_keras().Model, name)
    return MethodType(getattr(method, ORIGINAL, method), model)


@contextlib.contextmanager
def collected_fallbacks() -> Iterator[list[LoweringError]]:
    """Collect why Keras does what the block asks for, instead of warning of it."""
    reasons: list[LoweringError] = []
    token = _COLLECTED.set(reasons)
    try:
        yield reasons
    finally:
        _COLLECTED.reset(token)


def warn_of_fallback(reason: LoweringError) -> None:
    """Say why Keras does what follows; Python shows each reason once for each line of the user's program."""
    collected = _COLLECTED.get()
    if collected is not None:
        collected.append(reason)
        return
    level, frame = 1, inspect.currentframe()
    package = __name__.rpartition(".")[0]
    while frame is not None and frame.f_globals.get("__name__", "").startswith(package):
        level, frame = level + 1, frame.f_back
    warnings.warn(FallbackWarning(reason), stacklevel=level)

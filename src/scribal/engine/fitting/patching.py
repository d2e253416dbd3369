"""The engine under ``keras.Model.fit``, ``evaluate`` and ``predict``, for a whole program."""

import functools
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from scribal.backend import import_keras
from scribal.engine.fitting.answering import evaluate, predict
from scribal.engine.fitting.fallback import ORIGINAL
from scribal.engine.fitting.fit import fit

__all__ = ["Enabled", "disable", "enable"]

_NATIVE: dict[str, Callable[..., Any]] = {"fit": fit, "evaluate": evaluate, "predict": predict}
_LOCK = threading.Lock()


class Enabled:
    """The engine has been enabled; at the end of a ``with`` block it is disabled again, unless it was on before.

    Args:
        was_off: Whether it was not enabled before.
    """

    def __init__(self, *, was_off: bool) -> None:
        self._was_off = was_off

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._was_off:
            disable()


def enable() -> Enabled:
    """Put the engine under ``fit``, ``evaluate`` and ``predict`` of every Keras model, until :func:`disable`.

    Programs written for Keras then train natively, unchanged; what has no native form goes to Keras as before, with a
    :class:`FallbackWarning`. Enabling again changes nothing.

    >>> import scribal
    >>> with scribal.enable():
    ...     pass

    Returns:
        An object for a ``with`` block, at whose end the engine is disabled.
    """
    model_class = import_keras().Model
    with _LOCK:
        was_off = not hasattr(model_class.fit, ORIGINAL)
        if was_off:
            for name, native in _NATIVE.items():
                setattr(model_class, name, _stand_in(getattr(model_class, name), native))
    return Enabled(was_off=was_off)


def disable() -> None:
    """Give ``keras.Model`` its own methods back; without :func:`enable` before, nothing changes."""
    model_class = import_keras().Model
    with _LOCK:
        for name in _NATIVE:
            # Keras defines them in a class that Model inherits from.
            if hasattr(vars(model_class).get(name), ORIGINAL):
                delattr(model_class, name)


def _stand_in(method: Callable[..., Any], native: Callable[..., Any]) -> Callable[..., Any]:
    """A method that does the native thing, under the name, signature and documentation of Keras' own."""

    @functools.wraps(method)
    def stand_in(self: Any, *args: Any, **kwargs: Any) -> Any:
        return native(self, *args, **kwargs)

    setattr(stand_in, ORIGINAL, method)
    return stand_in

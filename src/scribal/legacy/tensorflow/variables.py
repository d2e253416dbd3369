"""Who reads and changes Keras' variables: tapes and compiled functions have to know."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from scribal.legacy.constructors.patches import Patches

__all__ = ["noticed_variables"]

Listener = Callable[[Any, Any], None]

_LISTENERS: list[Listener] = []


@contextlib.contextmanager
def noticed_variables(listener: Listener) -> Iterator[None]:
    """Tell of each variable that is read, or read to be changed, until the block ends.

    Args:
        listener: Gets the variable and the array that is its value.
    """
    with contextlib.ExitStack() as undo:
        if not _LISTENERS:
            undo.enter_context(_patched())
        _LISTENERS.append(listener)
        undo.callback(_LISTENERS.remove, listener)
        yield


@contextlib.contextmanager
def _patched() -> Iterator[None]:
    from keras.src.backend.common.variables import Variable

    read = Variable.value.fget
    direct = Variable.assign

    def value(variable: Any) -> Any:
        array = read(variable)
        for listener in _LISTENERS:
            listener(variable, array)
        return array

    def assign(variable: Any, value: Any) -> Any:
        result = direct(variable, value)
        _ = variable.value
        return result

    with Patches().until_the_end() as patches:
        patches.put(Variable, "value", property(value))
        patches.put(Variable, "assign", assign)
        yield

"""Classes under their old names, where the old name takes other arguments than the class of today.

``Convolution2D(32, 3, 3)`` has a kernel of 3x3, ``Conv2D(32, 3, 3)`` a stride of 3. So ``Convolution2D`` is a name of
its own, whose instances are of ``Conv2D``.
"""

from collections.abc import Callable
from typing import Any

from scribal.legacy.changes.calls import FORMS
from scribal.legacy.constructors.adapting import modern_arguments
from scribal.legacy.constructors.companions import remember_companions
from scribal.legacy.constructors.objects import OBJECTS
from scribal.legacy.journal import current_journal

__all__ = ["renamed_layers"]


def renamed_layers() -> dict[str, Callable[..., Any]]:
    """The old names in ``keras.layers``, each with a class or function of its own.

    Calling such a class makes an instance of today's class; ``isinstance`` and subclassing work as with that.
    """
    import keras

    found: dict[str, Callable[..., Any]] = {}
    for name, form in FORMS.items():
        old, modern = name.removeprefix("keras.layers."), form.modern.removeprefix("keras.layers.")
        if name.startswith("keras.layers.") and old != modern and "." not in old + modern:
            today = getattr(keras.layers, modern)
            found[old] = _class_named(old, today) if isinstance(today, type) else _function_named(old)
    return found


def _function_named(old: str) -> Callable[..., Any]:
    qualified = f"keras.layers.{old}"

    def function(*args: Any, **kwargs: Any) -> Any:
        mode = kwargs.get("mode", args[1] if len(args) > 1 else None)
        if callable(mode):
            return _computed(mode, args[0] if args else kwargs["inputs"], kwargs)
        call = modern_arguments(qualified, args, kwargs)
        return OBJECTS.call(call.name, call.positional, call.keywords)

    function.__name__ = function.__qualname__ = old
    return function


def _computed(mode: Callable[..., Any], inputs: Any, keywords: dict[str, Any]) -> Any:
    """``merge`` with a function of the list of inputs."""
    import keras

    current_journal().adapted("merge(…, mode=<function>)", "keras.layers.Lambda(<function>)(…)")
    known = {name: keywords[name] for name in ("arguments", "name", "output_shape") if keywords.get(name) is not None}
    return keras.layers.Lambda(mode, **known)(inputs)


def _class_named(old: str, modern: type) -> type:
    qualified = f"keras.layers.{old}"

    metaclass: Any = type(modern)

    class Renamed(metaclass):  # type: ignore[misc]  # the class of Keras' classes, whatever it is
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            if self is not named:
                return super().__call__(*args, **kwargs)
            call = modern_arguments(qualified, args, kwargs)
            # Today's constructor is adapted too, and keeps what the layer said about its input.
            layer = OBJECTS.call(call.name, call.positional, {**call.keywords, **_input_arguments(call.input)})
            remember_companions(layer, call)
            return layer

        def __instancecheck__(self, instance: object) -> bool:
            return isinstance(instance, modern) if self is named else super().__instancecheck__(instance)

        def __subclasscheck__(self, subclass: type) -> bool:
            return issubclass(subclass, modern) if self is named else super().__subclasscheck__(subclass)

    named = Renamed(old, (modern,), {"__doc__": modern.__doc__, "__module__": modern.__module__})
    return named


def _input_arguments(described: dict[str, Any]) -> dict[str, Any]:
    """What was said about the input, once more in the words of Keras 2."""
    words = {"shape": "input_shape", "batch_shape": "batch_input_shape", "dtype": "input_dtype"}
    return {words.get(name, name): value for name, value in described.items()}

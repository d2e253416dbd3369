"""A function or constructor that takes the arguments it took in any version of Keras."""

import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from scribal.legacy.changes.call import Call, NoModernFormError
from scribal.legacy.changes.calls import modern_call
from scribal.legacy.constructors.objects import OBJECTS
from scribal.legacy.journal import current_journal

__all__ = [
    "After",
    "adapted_function",
    "adapted_init",
    "adapted_method",
    "as_imported",
    "called_by_keras",
    "modern_arguments",
]

_F = TypeVar("_F", bound=Callable[..., Any])

After = Callable[[Any, Call[Any]], None]
"""What is done with a new object and the modern call that made it."""


def modern_arguments(name: str, positional: tuple[Any, ...], keywords: dict[str, Any], *, caller: int = 2) -> Call[Any]:
    """The modern call, told to the journal if the user's program, and not Keras itself, made it.

    Args:
        name: The qualified name, as for :func:`modern_call`.
        positional: As received, without ``self``.
        keywords: As received.
        caller: How many frames up the call was made.

    Raises:
        NoModernFormError: Keras 3 has no form for it; the journal is told.
    """
    last = name.rpartition(".")[2]
    from_keras = called_by_keras(caller + 1)
    try:
        # Keras 3 wants Python's own whole numbers: y.max() + 1 is one of NumPy's.
        written = Call(last, [_plain(value) for value in positional], {key: _plain(keywords[key]) for key in keywords})
        call = modern_call(as_imported(name), written, OBJECTS)
    except NoModernFormError as error:
        current_journal().refused(f"{last}(…)", error.advice)
        raise
    # An optimizer that Keras makes of its name alone is the program's wish all the same.
    if call.notes and (not from_keras or call.notes[0].old == f"{last}()"):
        _tell(last, call)
    return call


def as_imported(name: str) -> str:
    """A qualified name of Keras as the running program knows it: under ``tensorflow`` if it uses that.

    ``tf.keras`` differs from the Keras of its time in a few defaults.
    """
    return f"tensorflow.{name}" if name.startswith("keras.") and "tensorflow" in sys.modules else name


def _plain(value: Any) -> Any:
    import numpy as np

    return value.item() if isinstance(value, np.generic) else value


def called_by_keras(depth: int) -> bool:
    """Whether a module of Keras, or of what stands between it and the program, is so many frames up."""
    frame = sys._getframe(depth)  # noqa: SLF001 (the documented way to a frame without reading source files)
    return str(frame.f_globals.get("__name__", "")).startswith(("keras.", "scribal."))


def adapted_init(cls: type, name: str, after: After | None = None) -> Callable[..., None]:
    """The constructor of a class, taking old arguments too.

    Args:
        cls: The class, whose present ``__init__`` is called.
        name: Its qualified name in the tables.
        after: What is done afterwards.
    """
    original: Callable[..., None] = getattr(cls, "__init__")  # noqa: B009 (mypy is right about instances; this is a class)

    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes the class's)
        call = modern_arguments(name, args, kwargs)
        original(self, *call.positional, **call.keywords)
        if after is not None:
            after(self, call)

    return _with_signature_of(original, __init__)


def adapted_method(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A method that takes old arguments too."""

    @functools.wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        call = modern_arguments(name, args, kwargs)
        return original(self, *call.positional, **call.keywords)

    return _with_signature_of(original, method)


def adapted_function(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A function that takes old arguments too."""

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        call = modern_arguments(name, args, kwargs)
        return original(*call.positional, **call.keywords)

    return _with_signature_of(original, function)


def _with_signature_of(original: Any, function: _F) -> _F:
    # Keras reads the arguments of constructors with inspect.getfullargspec, which does not follow functools.wraps.
    function.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]  # functions take attributes
    return function


def _tell(written: str, call: Call[Any]) -> None:
    modern = call.name.removeprefix("keras.layers.").rpartition(".")[2]
    beside = [note for note in call.notes if note.modern.endswith(" the layer")]
    others = [note for note in call.notes if note not in beside]
    journal = current_journal()
    if others:
        old = ", ".join(note.old for note in others)
        new = ", ".join(note.modern for note in others if note.modern)
        whole = old.startswith(f"{written}(")
        journal.adapted(old if whole else f"{written}({old})", new if whole else f"{modern}({new or '…'})")
    for note in beside:
        journal.adapted(f"{written}({note.old})", note.modern)

"""Arguments of a call, as any Keras takes them -> as Keras 3 takes them, while a program runs."""

from typing import Any

from scribal.legacy.changes.call import Call, NoModernFormError
from scribal.legacy.changes.calls import modern_call
from scribal.legacy.changes.values import UNKNOWN, PlainValues
from scribal.legacy.journal import current_journal

__all__ = ["modern_arguments"]

# A longer list is data, not an argument to be read; looking at each of its parts would take long.
_LONGEST_READ = 32


class _Objects(PlainValues):
    """Values of a running program."""

    def literal(self, value: object) -> object:
        """The value itself, unless it is an object of some class or much data."""
        if isinstance(value, list | tuple | dict) and len(value) > _LONGEST_READ:
            return UNKNOWN
        return super().literal(value)


_VALUES = _Objects()


def modern_arguments(
    name: str, positional: tuple[Any, ...], keywords: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Bring the arguments of a call into modern form, and tell the journal what that changed.

    Args:
        name: What is called, such as ``"keras.Model.fit"``.
        positional: Arguments by position, without ``self``.
        keywords: Arguments by name.

    Returns:
        Both, in modern form.

    Raises:
        NoModernFormError: Keras 3 has nothing that does this.
    """
    method = name.rpartition(".")[2]
    try:
        modern = modern_call(name, Call[object](method, list(positional), dict(keywords)), _VALUES)
    except NoModernFormError as error:
        current_journal().refused(f"{method}({error.received})", error.advice)
        raise
    for note in modern.notes:
        current_journal().adapted(note.old, note.modern)
    return tuple(modern.positional), modern.keywords

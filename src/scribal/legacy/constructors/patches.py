"""Attributes of Keras' classes and modules that are replaced in this process, and put back."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

__all__ = ["Patches"]

_ABSENT: Final = object()


class Patches:
    """Replacements that can be undone, in the opposite order."""

    def __init__(self) -> None:
        self._undone: list[tuple[Any, str, object]] = []

    def put(self, owner: Any, name: str, value: object) -> None:
        """Give a class or module an attribute of its own.

        Args:
            owner: The class or module.
            name: The attribute.
            value: What it is until :meth:`undo`.
        """
        self._remember(owner, name)
        setattr(owner, name, value)

    def remove(self, owner: Any, name: str) -> None:
        """Take an attribute of its own from a class, so that the inherited one shows."""
        self._remember(owner, name)
        delattr(owner, name)

    def undo(self) -> None:
        """Make everything as it was."""
        while self._undone:
            owner, name, before = self._undone.pop()
            if before is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, before)

    @contextlib.contextmanager
    def until_the_end(self) -> Iterator["Patches"]:
        """Undo when the block ends, however it ends."""
        try:
            yield self
        finally:
            self.undo()

    def _remember(self, owner: Any, name: str) -> None:
        self._undone.append((owner, name, vars(owner).get(name, _ABSENT)))

"""Members of classes and modules, replaced for a while and put back as they were."""

import contextlib
from collections.abc import Iterator
from typing import Any

__all__ = ["replaced"]

_ABSENT = object()


@contextlib.contextmanager
def replaced(owner: Any, **members: Any) -> Iterator[None]:
    """Give a class or module other members until the block ends; inherited ones are then inherited again.

    Args:
        owner: The class or module.
        members: Its members, by name.
    """
    before = {name: vars(owner).get(name, _ABSENT) for name in members}
    try:
        for name, member in members.items():
            setattr(owner, name, member)
        yield
    finally:
        for name, member in before.items():
            if member is not _ABSENT:
                setattr(owner, name, member)
            elif name in vars(owner):
                delattr(owner, name)

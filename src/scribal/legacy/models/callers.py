"""Who calls: the user's program or Keras itself, which is not to be adapted."""

import sys

__all__ = ["called_by_keras"]


def called_by_keras() -> bool:
    """Whether the function that asks was called from within Keras."""
    name = sys._getframe(2).f_globals.get("__name__", "")  # noqa: SLF001 - the documented way to a caller
    return str(name).startswith("keras.src.")

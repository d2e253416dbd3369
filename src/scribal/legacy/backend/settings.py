"""How images lie in memory, in the words of Keras 1; and sessions, of which there are none."""

from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ArgumentError
from scribal.legacy.tensorflow.sessions import Session

__all__ = [
    "get_available_gpus",
    "get_session",
    "image_dim_ordering",
    "manual_variable_initialization",
    "set_image_dim_ordering",
    "set_session",
]

_FORMATS = {"th": "channels_first", "tf": "channels_last"}


def image_dim_ordering() -> str:
    """``'th'`` for images of shape (channels, rows, columns), ``'tf'`` for (rows, columns, channels)."""
    return "th" if import_keras().config.image_data_format() == "channels_first" else "tf"


def set_image_dim_ordering(dim_ordering: str) -> None:
    """Choose how images lie in memory.

    Raises:
        ArgumentError: It is neither ``'th'`` nor ``'tf'``.
    """
    if dim_ordering not in _FORMATS:
        raise ArgumentError(
            "An image_dim_ordering must be 'th' or 'tf'",
            received=repr(dim_ordering),
            advice="'tf' is channels_last, Keras' own choice; 'th' is channels_first",
        )
    import_keras().config.set_image_data_format(_FORMATS[dim_ordering])


def get_available_gpus() -> list[str]:
    """None; Keras 2 had it with an underscore, and many asked it."""
    return []


def get_session() -> Session:
    """A session that can be set up and closed."""
    return Session()


def set_session(session: Any) -> None:
    """Do nothing."""


def manual_variable_initialization(value: bool) -> None:  # noqa: FBT001
    """Do nothing."""

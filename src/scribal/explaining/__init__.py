"""Why a network answers as it does: explanations of one picture, and studies over many.

The room is not called ``explain`` since ``scribal.explain`` is the function, under the same word as the command.
Each name is imported on first use.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribal.explaining.explanation import Explanation, explain
    from scribal.explaining.folder import check_free

__all__ = ["Explanation", "check_free", "explain"]

_HOME = {"Explanation": "explanation", "check_free": "folder", "explain": "explanation"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scribal.explaining' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"scribal.explaining.{_HOME[name]}"), name)
    globals()[name] = value
    return value

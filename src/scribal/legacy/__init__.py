"""Old Keras tutorials, run as they stand or rewritten for today's Keras.

``scribal run`` adapts a script while it runs, in that process only; ``scribal modernise`` rewrites its source. What old
code called differently is written once, in ``scribal.legacy.changes``, and read by both.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribal.legacy.modernise import modernise_source
    from scribal.legacy.script import run_file

__all__ = ["modernise_source", "run_file"]

_HOME = {"modernise_source": "scribal.legacy.modernise", "run_file": "scribal.legacy.script"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scribal.legacy' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)

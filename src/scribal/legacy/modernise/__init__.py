"""Old Keras programs, rewritten with their formatting and comments so that they run on plain Keras 3.

The source goes through passes, each over the whole program; :mod:`.source` names them in their order.
What old code called differently is not here but in :mod:`scribal.legacy.changes`.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribal.legacy.modernise.document import Document, modernise_file
    from scribal.legacy.modernise.rewriting import Remark
    from scribal.legacy.modernise.source import Modernised, modernise_source

__all__ = ["Document", "Modernised", "Remark", "modernise_file", "modernise_source"]

_HOME = {
    "Document": "document",
    "Modernised": "source",
    "Remark": "rewriting",
    "modernise_file": "document",
    "modernise_source": "source",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)

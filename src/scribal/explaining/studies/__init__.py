"""Studies: questions about networks that are answered by training and asking some, with pictures and numbers.

Each name is imported on first use.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribal.explaining.studies.filters import study_filters
    from scribal.explaining.studies.folder import Study
    from scribal.explaining.studies.shift import study_shift
    from scribal.explaining.studies.size import study_size

__all__ = ["Study", "study_filters", "study_shift", "study_size"]

_HOME = {"Study": "folder", "study_filters": "filters", "study_shift": "shift", "study_size": "size"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scribal.explaining.studies' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"scribal.explaining.studies.{_HOME[name]}"), name)
    globals()[name] = value
    return value

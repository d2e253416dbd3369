"""scikit-learn's classes that take other arguments than they did."""

import contextlib
from typing import Any

from scribal.legacy.changes.libraries import LIBRARIES
from scribal.legacy.constructors.adapting import adapted_init
from scribal.legacy.other_libraries.names import replace

__all__ = ["adapt_preprocessing"]


def adapt_preprocessing(preprocessing: Any, undo: contextlib.ExitStack) -> None:
    """Let the constructors of ``sklearn.preprocessing`` take old arguments, as ``OneHotEncoder(sparse=False)``.

    They keep their signature, by which scikit-learn copies estimators.
    """
    for name, form in LIBRARIES.items():
        module, _, last = name.rpartition(".")
        if module == preprocessing.__name__ and name == form.modern:
            cls = getattr(preprocessing, last)
            replace(cls, "__init__", adapted_init(cls, name), undo)

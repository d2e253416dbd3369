"""NumPy's functions that are gone, its reading of files with objects in them, and h5py's arrays."""

import contextlib
import functools
from collections.abc import Mapping
from typing import Any

from scribal.legacy.journal import current_journal
from scribal.legacy.other_libraries.names import replace

__all__ = ["ARRAY_FUNCTIONS", "read_values", "take_pickles"]


def _asscalar(a: Any) -> Any:
    """``a.item()``."""
    return a.item()


def _asfarray(a: Any, dtype: Any = float) -> Any:
    """``numpy.asarray(a, dtype=float)``."""
    import numpy as np

    return np.asarray(a, dtype=dtype)


def _msort(a: Any) -> Any:
    """``numpy.sort(a, axis=0)``."""
    import numpy as np

    return np.sort(a, axis=0)


ARRAY_FUNCTIONS: Mapping[str, Any] = {"asfarray": _asfarray, "asscalar": _asscalar, "msort": _msort}
"""Functions that nothing of the same arguments stands for today."""


def take_pickles(numpy: Any, undo: contextlib.ExitStack) -> None:
    """Let ``numpy.load`` of the user's own files read arrays of objects unasked, as it did until NumPy 1.16.3."""
    load = numpy.load

    @functools.wraps(load)
    def stand_in(file: Any, mmap_mode: Any = None, allow_pickle: Any = None, **options: Any) -> Any:
        if allow_pickle is None and current_journal().is_asked_by_user():
            try:
                return load(file, mmap_mode, allow_pickle=False, **options)
            except ValueError as error:
                if "allow_pickle" not in str(error):
                    raise
            current_journal().adapted("load(file)", "load(file, allow_pickle=True)")
            allow_pickle = True
        return load(file, mmap_mode, allow_pickle=bool(allow_pickle), **options)

    replace(numpy, "load", stand_in, undo)


def read_values(h5py: Any, undo: contextlib.ExitStack) -> None:
    """Give arrays in HDF5 files back ``.value``, which h5py 3 has no more."""

    def value(self: Any) -> Any:
        current_journal().adapted(".value", "[()]")
        return self[()]

    replace(h5py.Dataset, "value", property(value), undo)

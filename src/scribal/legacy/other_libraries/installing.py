"""Each library's adaptations, put in when it is imported and taken out together."""

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

from scribal.legacy.after_import import after_import
from scribal.legacy.changes.other_libraries import LIBRARY_NAMES
from scribal.legacy.other_libraries.addresses import serve_mnist
from scribal.legacy.other_libraries.arrays import ARRAY_FUNCTIONS, read_values, take_pickles
from scribal.legacy.other_libraries.charts import adapt_charts
from scribal.legacy.other_libraries.drawing import adapt_pyplot, adapt_styles
from scribal.legacy.other_libraries.names import add_names
from scribal.legacy.other_libraries.processes import stay_in_this_process
from scribal.legacy.other_libraries.tables import adapt_tables

__all__ = ["installed_libraries"]

Adapting = Callable[[Any, contextlib.ExitStack], None]


def _adapt_estimators(module: Any, undo: contextlib.ExitStack) -> None:
    # The tables of old calls are read only where scikit-learn is used.
    from scribal.legacy.other_libraries.estimators import adapt_calls, adapt_encoders, adapt_searches

    adapt_calls(module, undo)
    if module.__name__ == "sklearn.model_selection":
        adapt_searches(module, undo)
        stay_in_this_process(module, undo)
    if module.__name__ == "sklearn.preprocessing":
        adapt_encoders(module, undo)


def _give_images(scipys: Any, undo: contextlib.ExitStack) -> None:
    from scribal.legacy.definitions import DEFINITIONS, images

    given = {old.rpartition(".")[2]: name for old, (_, name) in DEFINITIONS.items() if old.startswith(scipys.__name__)}
    add_names(scipys, {old: getattr(images, name) for old, name in given.items()}, undo)


_GIVEN: Mapping[str, Mapping[str, Any]] = {"numpy": ARRAY_FUNCTIONS}
_MORE: Mapping[str, Adapting] = {
    "h5py": read_values,
    "matplotlib.pyplot": adapt_pyplot,
    "matplotlib.style": adapt_styles,
    "numpy": take_pickles,
    "pandas": adapt_tables,
    "scipy.misc": _give_images,
    "scipy.ndimage": _give_images,
    "seaborn": adapt_charts,
    "sklearn.ensemble": _adapt_estimators,
    "sklearn.linear_model": _adapt_estimators,
    "sklearn.manifold": _adapt_estimators,
    "sklearn.metrics": _adapt_estimators,
    "sklearn.model_selection": _adapt_estimators,
    "sklearn.preprocessing": _adapt_estimators,
    "sklearn.utils.class_weight": _adapt_estimators,
    "urllib.request": serve_mnist,
}


@contextlib.contextmanager
def installed_libraries() -> Iterator[None]:
    """Adapt each of the libraries as soon as it is imported, until the block ends."""
    modules = {name.rpartition(".")[0] for name in LIBRARY_NAMES} | set(_GIVEN) | set(_MORE)
    with contextlib.ExitStack() as undo:
        undo.enter_context(after_import({name: functools.partial(_adapt, undo) for name in modules}))
        yield


def _adapt(undo: contextlib.ExitStack, module: ModuleType) -> None:
    add_names(module, _GIVEN.get(module.__name__, {}), undo)
    if module.__name__ in _MORE:
        _MORE[module.__name__](module, undo)

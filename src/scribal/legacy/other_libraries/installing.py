"""Each library's adaptations, put in when it is imported and taken out together."""

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

from scribal.legacy.after_import import after_import
from scribal.legacy.changes.other_libraries import LIBRARY_NAMES
from scribal.legacy.other_libraries.arrays import ARRAY_FUNCTIONS, take_pickles
from scribal.legacy.other_libraries.drawing import adapt_pyplot, adapt_styles
from scribal.legacy.other_libraries.names import add_names
from scribal.legacy.other_libraries.tables import adapt_tables

__all__ = ["installed_libraries"]

Adapting = Callable[[Any, contextlib.ExitStack], None]


def _adapt_preprocessing(preprocessing: Any, undo: contextlib.ExitStack) -> None:
    # The tables of old calls are read only where scikit-learn is used.
    from scribal.legacy.other_libraries.estimators import adapt_preprocessing

    adapt_preprocessing(preprocessing, undo)


def _adapt_searches(model_selection: Any, undo: contextlib.ExitStack) -> None:
    from scribal.legacy.other_libraries.estimators import adapt_searches

    adapt_searches(model_selection, undo)


def _give_images(scipys: Any, undo: contextlib.ExitStack) -> None:
    from scribal.legacy.definitions import DEFINITIONS, images

    given = {old.rpartition(".")[2]: name for old, (_, name) in DEFINITIONS.items() if old.startswith(scipys.__name__)}
    add_names(scipys, {old: getattr(images, name) for old, name in given.items()}, undo)


_GIVEN: Mapping[str, Mapping[str, Any]] = {"numpy": ARRAY_FUNCTIONS}
_MORE: Mapping[str, Adapting] = {
    "matplotlib.pyplot": adapt_pyplot,
    "matplotlib.style": adapt_styles,
    "numpy": take_pickles,
    "pandas": adapt_tables,
    "scipy.misc": _give_images,
    "scipy.ndimage": _give_images,
    "sklearn.model_selection": _adapt_searches,
    "sklearn.preprocessing": _adapt_preprocessing,
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

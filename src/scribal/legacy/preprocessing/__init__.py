"""What Keras 1 and 2 had at ``keras.preprocessing``: ``ImageDataGenerator``, ``Tokenizer`` and their like.

Keras 3 still carries these classes for its TensorFlow users, but not under their names. They are put there again;
nothing of them is rewritten. See https://keras.io/2/api/data_loading/image/.
"""

import contextlib
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from scribal.legacy.constructors.adapting import modern_arguments
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["installed_preprocessing"]

_FORMER = "keras.src.legacy.preprocessing"
_MODERN = {
    "ImageDataGenerator": "a keras.Sequential of keras.layers.RandomRotation, RandomZoom, RandomTranslation …",
    "Tokenizer": "keras.layers.TextVectorization",
    "TimeseriesGenerator": "keras.utils.timeseries_dataset_from_array",
}


@contextlib.contextmanager
def installed_preprocessing() -> Iterator[None]:
    """Give ``keras.preprocessing.image``, ``.sequence`` and ``.text`` back what they had, until the block ends."""
    image, sequence, text = (importlib.import_module(f"{_FORMER}.{part}") for part in ("image", "sequence", "text"))
    with Patches().until_the_end() as patches, _imported("keras.preprocessing.text", text):
        patches.put(importlib.import_module("keras.preprocessing"), "text", text)
        for former in (image, sequence):
            modern = importlib.import_module(f"keras.preprocessing.{former.__name__.rpartition('.')[2]}")
            for name, member in _defined_in(former).items():
                patches.put(modern, name, member)
        for kind in (image.ImageDataGenerator, text.Tokenizer, sequence.TimeseriesGenerator):
            patches.put(kind, "__init__", _constructor(kind))
        patches.put(image.Iterator, "next", _next)
        yield


def _defined_in(module: ModuleType) -> dict[str, Any]:
    """The public classes and functions that a module defines itself."""
    return {
        name: member
        for name, member in vars(module).items()
        if not name.startswith("_") and getattr(member, "__module__", None) == module.__name__
    }


@contextlib.contextmanager
def _imported(name: str, module: ModuleType) -> Iterator[None]:
    """Let a module be imported by another name until the block ends."""
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        if before is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = before


def _constructor(kind: Any) -> Callable[..., None]:
    method = kind.__init__
    where = kind.__module__.rpartition(".")[2]

    @functools.wraps(method)
    def stand_in(self: Any, *args: Any, **kwargs: Any) -> None:
        call = modern_arguments(f"keras.preprocessing.{where}.{kind.__name__}", args, kwargs)
        current_journal().adapted(f"keras.preprocessing.{where}.{kind.__name__}", _MODERN[kind.__name__])
        method(self, *call.positional, **call.keywords)

    stand_in.__signature__ = inspect.signature(method)  # type: ignore[attr-defined]
    return stand_in


def _next(self: Any) -> Any:
    """The next batch, as Python 2 and Keras 1 asked for it."""
    current_journal().adapted("iterator.next()", "next(iterator)")
    return next(self)

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

from scribal.legacy.journal import current_journal
from scribal.legacy.models.arguments import modern_arguments
from scribal.legacy.models.replacing import replaced

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
    with contextlib.ExitStack() as stack:
        package = importlib.import_module("keras.preprocessing")
        for part in ("image", "sequence"):
            former = importlib.import_module(f"{_FORMER}.{part}")
            stack.enter_context(replaced(importlib.import_module(f"keras.preprocessing.{part}"), **_defined_in(former)))
        text = importlib.import_module(f"{_FORMER}.text")
        stack.enter_context(replaced(package, text=text))
        stack.enter_context(_imported("keras.preprocessing.text", text))
        image = importlib.import_module(f"{_FORMER}.image")
        sequence = importlib.import_module(f"{_FORMER}.sequence")
        for kind in (image.ImageDataGenerator, text.Tokenizer, sequence.TimeseriesGenerator):
            stack.enter_context(replaced(kind, __init__=_constructor(kind)))
        stack.enter_context(replaced(image.Iterator, next=_next))
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
        args, kwargs = modern_arguments(f"keras.preprocessing.{where}.{kind.__name__}", args, kwargs)
        current_journal().adapted(f"keras.preprocessing.{where}.{kind.__name__}", _MODERN[kind.__name__])
        method(self, *args, **kwargs)

    stand_in.__signature__ = inspect.signature(method)  # type: ignore[attr-defined]
    return stand_in


def _next(self: Any) -> Any:
    """The next batch, as Python 2 and Keras 1 asked for it."""
    current_journal().adapted("iterator.next()", "next(iterator)")
    return next(self)

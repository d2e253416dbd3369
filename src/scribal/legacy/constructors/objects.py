"""The values of a call while a program runs: Python objects."""

import functools
import importlib
import math
from collections.abc import Iterator
from typing import Any

from scribal.legacy.changes.values import PlainValues

__all__ = ["OBJECTS", "Objects"]


class Objects(PlainValues):
    """Values that are objects; NumPy's numbers count as Python's."""

    def literal(self, value: object) -> object:
        """The value itself if it is plain, a NumPy number as a Python number, else UNKNOWN."""
        import numpy as np

        return value.item() if isinstance(value, np.generic) else super().literal(value)

    def call(self, name: str, positional: list[object], keywords: dict[str, object]) -> object:
        """What the call gives."""
        return _found(name)(*positional, **keywords)

    def batches(self, samples: object, generator: object) -> tuple[object, object]:
        """By the generator's ``batch_size``, or by the length of its first batch, which is put back."""
        number = self.literal(samples)
        if not isinstance(number, (int, float)):
            return samples, generator
        size = getattr(generator, "batch_size", None)
        if size is None and isinstance(generator, Iterator):
            first = next(generator)
            size = len(first[0][0] if isinstance(first[0], (list, tuple)) else first[0])
            generator = _with_first(first, generator)
        return math.ceil(number / size) if size else samples, generator

    def branches(self, models: list[object], merging: object) -> tuple[object, object]:
        """Tensors: those that enter the models, and the one that a layer makes of those that leave them."""
        built: list[Any] = list(models)
        layer: Any = merging
        return [tensor for model in built for tensor in model.inputs], layer([model.outputs[0] for model in built])


OBJECTS = Objects()
"""The one instance; it has no state."""


def _with_first(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


@functools.cache
def _found(name: str) -> Any:
    """The class or function of a qualified name."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError:
        return getattr(_found(module), attribute)

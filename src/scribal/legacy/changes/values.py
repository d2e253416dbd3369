"""What the arguments of a call are made of: objects while a program runs, expressions while its source is rewritten.

What old calls mean is written once, against :class:`Values`. A value itself stays opaque: it can only be looked at
through :meth:`~Values.literal` and :meth:`~Values.parts`, and made from others.
"""

import enum
import math
from typing import Final, Protocol, TypeVar

__all__ = ["UNKNOWN", "PlainValues", "Unknown", "Values"]

V = TypeVar("V")


class Unknown(enum.Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
"""What :meth:`Values.literal` says of a value that is known only when the program runs."""


class Values(Protocol[V]):
    """How to look at the values of a call and how to make new ones."""

    def literal(self, value: V) -> object:
        """The value as plain Python (number, string, bool, ``None``, tuples, lists and dicts of them) or UNKNOWN."""

    def parts(self, value: V) -> list[V] | None:
        """The elements of a list or tuple; ``None`` if the value is no such thing, or none that can be seen."""

    def is_list(self, value: V) -> bool:
        """Whether the value is a list whose elements can be seen."""

    def items(self, value: V) -> dict[str, V] | None:
        """What a dict holds under words; ``None`` if the value is no such thing, or none that can be seen."""

    def constant(self, value: object) -> V:
        """A plain Python value."""

    def sequence(self, parts: list[V]) -> V:
        """A tuple."""

    def listed(self, parts: list[V]) -> V:
        """A list."""

    def mapping(self, items: dict[str, V]) -> V:
        """A dict."""

    def call(self, name: str, positional: list[V], keywords: dict[str, V]) -> V:
        """What a call of a function or class gives, such as ``"keras.optimizers.schedules.InverseTimeDecay"``."""

    def batches(self, samples: V, generator: V) -> tuple[V, V]:
        """How many batches of a generator hold so many samples, and the generator to take them from."""

    def branches(self, models: list[V], merging: V) -> tuple[V, V]:
        """The inputs of all models in one list, and what a layer makes of the list of their outputs."""


class PlainValues:
    """Values that are plain Python objects; calls of other things stay descriptions of themselves.

    Examples:
        >>> values = PlainValues()
        >>> values.sequence([3, 5])
        (3, 5)
        >>> values.call("keras.regularizers.L2", [], {"l2": 0.01})
        ('keras.regularizers.L2', [], {'l2': 0.01})
    """

    def literal(self, value: object) -> object:
        """The value itself; a list or tuple with an unknown part is unknown."""
        parts = self.parts(value)
        if parts is not None and any(self.literal(part) is UNKNOWN for part in parts):
            return UNKNOWN
        known = value is None or isinstance(value, (bool, int, float, str, bytes, list, tuple, dict))
        return value if known else UNKNOWN

    def parts(self, value: object) -> list[object] | None:
        """The elements of a list or tuple."""
        return list(value) if isinstance(value, (list, tuple)) else None

    def is_list(self, value: object) -> bool:
        """Whether it is a list."""
        return isinstance(value, list)

    def items(self, value: object) -> dict[str, object] | None:
        """The dict itself, if all of its keys are words."""
        return value if isinstance(value, dict) and all(isinstance(key, str) for key in value) else None

    def constant(self, value: object) -> object:
        """The value itself."""
        return value

    def sequence(self, parts: list[object]) -> object:
        """A tuple."""
        return tuple(parts)

    def listed(self, parts: list[object]) -> object:
        """A list."""
        return list(parts)

    def mapping(self, items: dict[str, object]) -> object:
        """A dict."""
        return dict(items)

    def call(self, name: str, positional: list[object], keywords: dict[str, object]) -> object:
        """A description of the call."""
        return name, positional, keywords

    def batches(self, samples: object, generator: object) -> tuple[object, object]:
        """By the generator's attribute ``batch_size``; without one, the number of samples."""
        size = getattr(generator, "batch_size", None)
        if isinstance(samples, (int, float)) and isinstance(size, int):
            return math.ceil(samples / size), generator
        return samples, generator

    def branches(self, models: list[object], merging: object) -> tuple[object, object]:
        """The models, and a description of the call."""
        return models, self.call("merging", [merging, models], {})

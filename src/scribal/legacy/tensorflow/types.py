"""TensorFlow's names of types of numbers, as NumPy and Keras read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["NumberType", "TensorShape", "TensorSpec", "computed"]


class NumberType(str):
    """The name of a type, such as ``"float32"``, with what TensorFlow's objects had beside it."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name itself."""
        return str(self)

    @property
    def as_numpy_dtype(self) -> str:
        """What NumPy takes for it."""
        return str(self)


class TensorShape(tuple[int | None, ...]):
    """The lengths of a tensor's axes."""

    __slots__ = ()

    def __new__(cls, dims: Iterable[int | None] = ()) -> Self:
        """Make one of a list."""
        return super().__new__(cls, dims)

    def as_list(self) -> list[int | None]:
        """The lengths in a list."""
        return list(self)


@dataclass(frozen=True)
class TensorSpec:
    """Which tensors a function takes; it takes others as well.

    Attributes:
        shape: Lengths of axes.
        dtype: Type of numbers.
        name: Of the argument.
    """

    shape: Any = ()
    dtype: Any = "float32"
    name: str | None = None


def computed(dtype: str | None) -> str | None:
    """The type in which JAX computes, for one that it has not: numbers of 64 bits have 32."""
    name = None if dtype is None else str(getattr(dtype, "__name__", dtype))
    return {"float64": "float32", "float": "float32", "int64": "int32", "uint64": "uint32"}.get(name or "", name)

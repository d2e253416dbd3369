"""Types, and values of them; a type called with a number gives the constant."""

import struct
from collections.abc import Sequence

__all__ = ["FloatType", "IntType", "PointerType", "Type", "Value", "VectorType", "VoidType"]


class Type:
    """A type; two are equal if they are written the same.

    Attributes:
        text: How it is written.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Type) and self.text == other.text)

    def __hash__(self) -> int:
        return hash(self.text)

    def __call__(self, number: float) -> "Value":
        """A constant, the same number in every lane of a vector."""
        raise TypeError(f"There are no constants of type {self}. Received: {number}")

    @property
    def undefined(self) -> "Value":
        """The value that may be anything."""
        return Value(self, "undef")


class Value:
    """Something that can be worked with: a constant, an argument, or the result of an instruction.

    Attributes:
        type: Its type.
        text: How it is written.
    """

    __slots__ = ("text", "type")

    def __init__(self, kind: Type, text: str) -> None:
        self.type, self.text = kind, text

    @property
    def typed(self) -> str:
        """How it is written with its type."""
        return f"{self.type.text} {self.text}"


class PointerType(Type):
    """A place in memory."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("ptr")


class VoidType(Type):
    """No result."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("void")


class IntType(Type):
    """A whole number of some bits."""

    __slots__ = ()

    def __init__(self, bits: int) -> None:
        super().__init__(f"i{bits}")

    def __call__(self, number: float) -> Value:
        """A constant."""
        return Value(self, str(int(number)))


class FloatType(Type):
    """float32."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("float")

    def __call__(self, number: float) -> Value:
        """A constant, rounded to float32 and written as the bits of a double, which has no rounding to be read."""
        (rounded,) = struct.unpack("<f", struct.pack("<f", number))
        (bits,) = struct.unpack("<Q", struct.pack("<d", rounded))
        return Value(self, f"0x{bits:016x}")


class VectorType(Type):
    """Several numbers of a type.

    Attributes:
        element: Their type.
        count: How many.
    """

    __slots__ = ("count", "element")

    def __init__(self, element: Type, count: int) -> None:
        super().__init__(f"<{count} x {element.text}>")
        self.element, self.count = element, count

    def __call__(self, number: float | Sequence[float]) -> Value:
        """A constant, of as many numbers or of the same one in every lane."""
        if isinstance(number, int | float):
            elements = [self.element(number).typed] * self.count
        else:
            elements = [self.element(one).typed for one in number]
        return Value(self, f"<{', '.join(elements)}>")

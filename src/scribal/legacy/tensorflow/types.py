"""TensorFlow's names of types of numbers, as NumPy and Keras read them."""

__all__ = ["NumberType"]


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

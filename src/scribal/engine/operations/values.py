"""Operations on values of any shape: input, activation, dropout, reshaping, joining."""

from dataclasses import dataclass
from math import prod
from typing import Literal

from scribal.engine.operations.base import Operation, Shape, expect_at_least_one, expect_shapes

__all__ = [
    "Activation",
    "ActivationName",
    "Add",
    "Concatenate",
    "Dropout",
    "Flatten",
    "Input",
    "Rescaling",
    "Reshape",
]

ActivationName = Literal[
    "linear", "relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus", "softmax"
]


@dataclass(frozen=True)
class Input(Operation):
    """The samples: float32 of ``shape``, the only operation that reads nothing."""

    shape: Shape

    def __post_init__(self) -> None:
        expect_at_least_one(self, shape=self.shape)

    def output_shape(self, *inputs: Shape) -> Shape:
        """Give the shape of one sample."""
        expect_shapes(self, inputs, count=0)
        return self.shape


@dataclass(frozen=True)
class Flatten(Operation):
    """All axes made one, the last running fastest."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """One axis."""
        (shape,) = expect_shapes(self, inputs, count=1)
        return (prod(shape),)


@dataclass(frozen=True)
class Reshape(Operation):
    """The same numbers in the same order under another shape; one axis may be -1."""

    target_shape: Shape

    def output_shape(self, *inputs: Shape) -> Shape:
        """The target shape, with -1 resolved."""
        (shape,) = expect_shapes(self, inputs, count=1)
        known = prod(size for size in self.target_shape if size != -1)
        fits = self.target_shape.count(-1) <= 1 and known > 0 and prod(shape) % known == 0
        resolved = tuple(prod(shape) // known if size == -1 else size for size in self.target_shape) if fits else ()
        if not fits or prod(resolved) != prod(shape):
            raise ValueError(f"Reshape must keep the number of values. Received: {shape} to {self.target_shape}")
        return resolved


@dataclass(frozen=True)
class Dropout(Operation):
    """In training, zero a value with probability ``rate`` and scale the others by ``1 / (1 - rate)``."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"Dropout rate must lie in [0, 1). Received: rate={self.rate}")


@dataclass(frozen=True)
class Activation(Operation):
    """A nonlinearity, value by value; softmax over the last axis.

    ``alpha`` is the slope of leaky_relu or the scale of elu below zero.
    """

    name: ActivationName
    alpha: float = 0.0


@dataclass(frozen=True)
class Rescaling(Operation):
    """``x * scale + offset``."""

    scale: float
    offset: float = 0.0


@dataclass(frozen=True)
class Add(Operation):
    """The sum of two or more values of one shape."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """The common shape."""
        if len(inputs) == 1 or len(set(inputs)) != 1:
            raise ValueError(f"Add needs two or more inputs of one shape. Received: {inputs}")
        return inputs[0]


@dataclass(frozen=True)
class Concatenate(Operation):
    """Inputs side by side along ``axis``, counted without the batch (-1 is the last)."""

    axis: int = -1

    def output_shape(self, *inputs: Shape) -> Shape:
        """The sizes along ``axis`` added up; all other axes must agree."""
        rank = len(inputs[0]) if inputs else 0
        axis = self.axis % rank if -rank <= self.axis < rank else None
        if axis is None or len({(*shape[:axis], *shape[axis + 1 :]) for shape in inputs}) != 1:
            raise ValueError(f"Concatenate inputs must agree off axis {self.axis}. Received: {inputs}")
        return (*inputs[0][:axis], sum(shape[axis] for shape in inputs), *inputs[0][axis + 1 :])

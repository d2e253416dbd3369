"""The operations of a layer graph: the engine's whole grammar.

::

    operation = Input | Dense | Conv2D | DepthwiseConv2D
              | MaxPool2D | AveragePooling2D | GlobalMaxPooling2D | GlobalAveragePooling2D
              | ZeroPadding2D | Flatten | Reshape | Dropout | Activation
              | BatchNormalization | Rescaling | Add | Concatenate

Names and meanings are those of the Keras layers. Shapes are per sample, without the batch, channels last. An operation
answers two questions, given the shapes it reads: which shape it gives, and which weights it has.
"""

from dataclasses import dataclass
from math import prod
from typing import Literal

from scribal.engine.regularizer import NO_PENALTY, Regularizer
from scribal.engine.window import Window

__all__ = [
    "Activation",
    "ActivationName",
    "Add",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Input",
    "MaxPool2D",
    "Operation",
    "Rescaling",
    "Reshape",
    "Shape",
    "Weight",
    "ZeroPadding2D",
]

Shape = tuple[int, ...]

ActivationName = Literal[
    "linear", "relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus", "softmax"
]


@dataclass(frozen=True)
class Weight:
    """One array a layer owns: its Keras name, its shape, whether it is trained, how it is regularized."""

    name: str
    shape: Shape
    trainable: bool = True
    regularizer: Regularizer = NO_PENALTY


@dataclass(frozen=True)
class Operation:
    """What every operation answers; by default it reads one value, keeps its shape and owns no weights."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """Infer the shape of the result.

        Raises:
            ValueError: The operation cannot read inputs of these shapes.
        """
        (shape,) = _expect(self, inputs, count=1)
        return shape

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """List the weights, in Keras' order, that this operation needs for inputs of these shapes."""
        _expect(self, inputs, count=len(inputs))
        return ()


@dataclass(frozen=True)
class Input(Operation):
    """The samples: float32 of ``shape``, the only operation that reads nothing."""

    shape: Shape

    def __post_init__(self) -> None:
        _at_least_one(self, shape=self.shape)

    def output_shape(self, *inputs: Shape) -> Shape:
        """Give the shape of one sample."""
        _expect(self, inputs, count=0)
        return self.shape


@dataclass(frozen=True)
class Dense(Operation):
    """``x @ kernel + bias`` over the last axis; kernel ``(inputs, units)``."""

    units: int
    use_bias: bool = True
    kernel_regularizer: Regularizer = NO_PENALTY
    bias_regularizer: Regularizer = NO_PENALTY

    def __post_init__(self) -> None:
        _at_least_one(self, units=(self.units,))

    def output_shape(self, *inputs: Shape) -> Shape:
        """Replace the last axis by ``units``."""
        (shape,) = _expect(self, inputs, count=1, least_rank=1)
        return (*shape[:-1], self.units)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Kernel ``(inputs, units)`` and, if used, bias ``(units,)``."""
        (shape,) = _expect(self, inputs, count=1, least_rank=1)
        kernel = Weight("kernel", (shape[-1], self.units), regularizer=self.kernel_regularizer)
        return _with_bias(kernel, self.units, self.use_bias, self.bias_regularizer)


@dataclass(frozen=True)
class Conv2D(Operation):
    """Cross-correlation of an image ``(rows, columns, channels)`` with ``filters`` kernels."""

    filters: int
    window: Window
    use_bias: bool = True
    kernel_regularizer: Regularizer = NO_PENALTY
    bias_regularizer: Regularizer = NO_PENALTY

    def __post_init__(self) -> None:
        _at_least_one(self, filters=(self.filters,))

    def output_shape(self, *inputs: Shape) -> Shape:
        """One output channel per filter, one pixel per window."""
        return _slide(self, self.window, inputs, channels=self.filters)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Kernel ``(rows, columns, channels, filters)`` and, if used, bias ``(filters,)``."""
        (shape,) = _expect(self, inputs, count=1, rank=3)
        kernel = Weight("kernel", (*self.window.size, shape[2], self.filters), regularizer=self.kernel_regularizer)
        return _with_bias(kernel, self.filters, self.use_bias, self.bias_regularizer)


@dataclass(frozen=True)
class DepthwiseConv2D(Operation):
    """``depth_multiplier`` kernels for each channel, none of which sees another channel."""

    window: Window
    depth_multiplier: int = 1
    use_bias: bool = True
    kernel_regularizer: Regularizer = NO_PENALTY
    bias_regularizer: Regularizer = NO_PENALTY

    def __post_init__(self) -> None:
        _at_least_one(self, depth_multiplier=(self.depth_multiplier,))

    def output_shape(self, *inputs: Shape) -> Shape:
        """``channels * depth_multiplier`` output channels, one pixel per window."""
        (shape,) = _expect(self, inputs, count=1, rank=3)
        return _slide(self, self.window, inputs, channels=shape[2] * self.depth_multiplier)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Kernel ``(rows, columns, channels, depth_multiplier)`` and, if used, one bias per output channel."""
        (shape,) = _expect(self, inputs, count=1, rank=3)
        kernel_shape = (*self.window.size, shape[2], self.depth_multiplier)
        kernel = Weight("kernel", kernel_shape, regularizer=self.kernel_regularizer)
        return _with_bias(kernel, shape[2] * self.depth_multiplier, self.use_bias, self.bias_regularizer)


@dataclass(frozen=True)
class MaxPool2D(Operation):
    """The largest value of each window; of equal values the first, row by row, gets the gradient."""

    window: Window

    def output_shape(self, *inputs: Shape) -> Shape:
        """One pixel per window, the channels kept."""
        return _slide(self, self.window, inputs)


@dataclass(frozen=True)
class AveragePooling2D(Operation):
    """The mean of each window, of those of its pixels that lie inside the image."""

    window: Window

    def output_shape(self, *inputs: Shape) -> Shape:
        """One pixel per window, the channels kept."""
        return _slide(self, self.window, inputs)


@dataclass(frozen=True)
class GlobalMaxPooling2D(Operation):
    """The largest value of each channel; equal values share the gradient."""

    keepdims: bool = False

    def output_shape(self, *inputs: Shape) -> Shape:
        """``(channels,)``, or ``(1, 1, channels)`` with ``keepdims``."""
        (shape,) = _expect(self, inputs, count=1, rank=3)
        return (1, 1, shape[2]) if self.keepdims else (shape[2],)


@dataclass(frozen=True)
class GlobalAveragePooling2D(GlobalMaxPooling2D):
    """The mean of each channel."""


@dataclass(frozen=True)
class ZeroPadding2D(Operation):
    """Zeros around the image: ``((top, bottom), (left, right))``."""

    padding: tuple[tuple[int, int], tuple[int, int]]

    def __post_init__(self) -> None:
        if min(min(self.padding)) < 0:
            raise ValueError(f"ZeroPadding2D cannot take pixels away. Received: padding={self.padding}")

    def output_shape(self, *inputs: Shape) -> Shape:
        """The image and its border."""
        ((rows, columns, channels),) = _expect(self, inputs, count=1, rank=3)
        return (rows + sum(self.padding[0]), columns + sum(self.padding[1]), channels)


@dataclass(frozen=True)
class Flatten(Operation):
    """All axes made one, the last running fastest."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """One axis."""
        (shape,) = _expect(self, inputs, count=1)
        return (prod(shape),)


@dataclass(frozen=True)
class Reshape(Operation):
    """The same numbers in the same order under another shape; one axis may be -1."""

    target_shape: Shape

    def output_shape(self, *inputs: Shape) -> Shape:
        """The target shape, with -1 resolved."""
        (shape,) = _expect(self, inputs, count=1)
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
class BatchNormalization(Operation):
    """Each channel (last axis) normalized over the batch in training, by moving averages otherwise."""

    momentum: float = 0.99
    epsilon: float = 1e-3
    center: bool = True
    scale: bool = True
    gamma_regularizer: Regularizer = NO_PENALTY
    beta_regularizer: Regularizer = NO_PENALTY

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Gamma and beta if used, then moving mean and moving variance, each ``(channels,)``."""
        (shape,) = _expect(self, inputs, count=1, least_rank=1)
        channels = shape[-1:]
        gamma = (Weight("gamma", channels, regularizer=self.gamma_regularizer),) if self.scale else ()
        beta = (Weight("beta", channels, regularizer=self.beta_regularizer),) if self.center else ()
        moving = (
            Weight("moving_mean", channels, trainable=False),
            Weight("moving_variance", channels, trainable=False),
        )
        return gamma + beta + moving


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


def _expect(
    operation: Operation, inputs: tuple[Shape, ...], *, count: int, rank: int | None = None, least_rank: int = 0
) -> tuple[Shape, ...]:
    wrong_rank = any(len(shape) < least_rank or rank not in (None, len(shape)) for shape in inputs)
    if len(inputs) != count or wrong_rank:
        needed = f" of {rank} axes" if rank else ""
        raise ValueError(f"{type(operation).__name__} reads {count} input(s){needed}. Received: shapes={inputs}")
    return inputs


def _at_least_one(operation: Operation, **sizes: tuple[int, ...]) -> None:
    for name, values in sizes.items():
        if any(value < 1 for value in values):
            raise ValueError(f"{type(operation).__name__} {name} must be at least 1. Received: {name}={values}")


def _slide(operation: Operation, window: Window, inputs: tuple[Shape, ...], channels: int | None = None) -> Shape:
    ((rows, columns, input_channels),) = _expect(operation, inputs, count=1, rank=3)
    down, across = window.spans(rows, columns)
    return (down.outputs, across.outputs, channels or input_channels)


def _with_bias(kernel: Weight, size: int, use_bias: bool, regularizer: Regularizer) -> tuple[Weight, ...]:  # noqa: FBT001
    return (kernel, Weight("bias", (size,), regularizer=regularizer)) if use_bias else (kernel,)

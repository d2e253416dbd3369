"""Operations with weights: dense, convolution, batch normalization."""

from dataclasses import dataclass

from scribal.engine.operations.base import Operation, Shape, Weight, expect_at_least_one, expect_shapes
from scribal.engine.operations.images import slide
from scribal.engine.regularizer import NO_PENALTY, Regularizer
from scribal.engine.window import Window

__all__ = ["BatchNormalization", "Conv2D", "Dense", "DepthwiseConv2D"]


@dataclass(frozen=True)
class Dense(Operation):
    """``x @ kernel + bias`` over the last axis; kernel ``(inputs, units)``."""

    units: int
    use_bias: bool = True
    kernel_regularizer: Regularizer = NO_PENALTY
    bias_regularizer: Regularizer = NO_PENALTY

    def __post_init__(self) -> None:
        expect_at_least_one(self, units=(self.units,))

    def output_shape(self, *inputs: Shape) -> Shape:
        """Replace the last axis by ``units``."""
        (shape,) = expect_shapes(self, inputs, count=1, least_rank=1)
        return (*shape[:-1], self.units)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Kernel ``(inputs, units)`` and, if used, bias ``(units,)``."""
        (shape,) = expect_shapes(self, inputs, count=1, least_rank=1)
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
        expect_at_least_one(self, filters=(self.filters,))

    def output_shape(self, *inputs: Shape) -> Shape:
        """One output channel per filter, one pixel per window."""
        return slide(self, self.window, inputs, channels=self.filters)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Kernel ``(rows, columns, channels, filters)`` and, if used, bias ``(filters,)``."""
        (shape,) = expect_shapes(self, inputs, count=1, rank=3)
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
        expect_at_least_one(self, depth_multiplier=(self.depth_multiplier,))

    def output_shape(self, *inputs: Shape) -> Shape:
        """``channels * depth_multiplier`` output channels, one pixel per window."""
        (shape,) = expect_shapes(self, inputs, count=1, rank=3)
        return slide(self, self.window, inputs, channels=shape[2] * self.depth_multiplier)

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """Kernel ``(rows, columns, channels, depth_multiplier)`` and, if used, one bias per output channel."""
        (shape,) = expect_shapes(self, inputs, count=1, rank=3)
        kernel_shape = (*self.window.size, shape[2], self.depth_multiplier)
        kernel = Weight("kernel", kernel_shape, regularizer=self.kernel_regularizer)
        return _with_bias(kernel, shape[2] * self.depth_multiplier, self.use_bias, self.bias_regularizer)


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
        (shape,) = expect_shapes(self, inputs, count=1, least_rank=1)
        channels = shape[-1:]
        gamma = (Weight("gamma", channels, regularizer=self.gamma_regularizer),) if self.scale else ()
        beta = (Weight("beta", channels, regularizer=self.beta_regularizer),) if self.center else ()
        moving = (
            Weight("moving_mean", channels, trainable=False),
            Weight("moving_variance", channels, trainable=False),
        )
        return gamma + beta + moving


def _with_bias(kernel: Weight, size: int, use_bias: bool, regularizer: Regularizer) -> tuple[Weight, ...]:  # noqa: FBT001
    return (kernel, Weight("bias", (size,), regularizer=regularizer)) if use_bias else (kernel,)

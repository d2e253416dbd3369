"""Operations on images that have no weights: pooling and padding."""

from dataclasses import dataclass

from scribal.engine.operations.base import Operation, Shape, expect_shapes
from scribal.engine.window import Window

__all__ = [
    "AveragePooling2D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "MaxPool2D",
    "ZeroPadding2D",
    "slide",
]


def slide(operation: Operation, window: Window, inputs: tuple[Shape, ...], channels: int | None = None) -> Shape:
    """Infer the shape of an image that a window has slid over."""
    ((rows, columns, input_channels),) = expect_shapes(operation, inputs, count=1, rank=3)
    down, across = window.spans(rows, columns)
    return (down.outputs, across.outputs, channels or input_channels)


@dataclass(frozen=True)
class MaxPool2D(Operation):
    """The largest value of each window; of equal values the first, row by row, gets the gradient."""

    window: Window

    def output_shape(self, *inputs: Shape) -> Shape:
        """One pixel per window, the channels kept."""
        return slide(self, self.window, inputs)


@dataclass(frozen=True)
class AveragePooling2D(Operation):
    """The mean of each window, of those of its pixels that lie inside the image."""

    window: Window

    def output_shape(self, *inputs: Shape) -> Shape:
        """One pixel per window, the channels kept."""
        return slide(self, self.window, inputs)


@dataclass(frozen=True)
class GlobalMaxPooling2D(Operation):
    """The largest value of each channel; equal values share the gradient."""

    keepdims: bool = False

    def output_shape(self, *inputs: Shape) -> Shape:
        """``(channels,)``, or ``(1, 1, channels)`` with ``keepdims``."""
        (shape,) = expect_shapes(self, inputs, count=1, rank=3)
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
        ((rows, columns, channels),) = expect_shapes(self, inputs, count=1, rank=3)
        return (rows + sum(self.padding[0]), columns + sum(self.padding[1]), channels)

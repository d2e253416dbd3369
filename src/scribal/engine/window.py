"""A window that slides over rows and columns: the geometry convolution and pooling share.

The arithmetic follows V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning"
(arXiv:1603.07285); ``same`` padding puts the odd pixel after the image, as Keras does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Padding", "Span", "Window"]

Padding = Literal["valid", "same"]


@dataclass(frozen=True)
class Span:
    """The window along one axis, on an input of known length.

    Attributes:
        length: Input positions along the axis.
        size: Window positions (taps).
        stride: Input positions between neighbouring windows.
        dilation: Input positions between neighbouring taps.
        padding: ``"valid"`` or ``"same"``.
    """

    length: int
    size: int
    stride: int
    dilation: int
    padding: Padding

    @property
    def reach(self) -> int:
        """Input positions from the window's first tap to its last, both counted."""
        return (self.size - 1) * self.dilation + 1

    @property
    def outputs(self) -> int:
        """Number of windows; zero or less if the window does not fit."""
        if self.padding == "same":
            return -(-self.length // self.stride)
        return (self.length - self.reach) // self.stride + 1

    @property
    def pads(self) -> tuple[int, int]:
        """Positions added before and after the input."""
        if self.padding == "valid":
            return 0, 0
        total = max((self.outputs - 1) * self.stride + self.reach - self.length, 0)
        return total // 2, total - total // 2

    def slices(self) -> Iterator[slice]:
        """For each tap, where the windows find it in the padded input."""
        for tap in range(self.size):
            first = tap * self.dilation
            yield slice(first, first + (self.outputs - 1) * self.stride + 1, self.stride)


@dataclass(frozen=True)
class Window:
    """A two-dimensional window: taps, strides, dilation and padding.

    Attributes:
        size: Taps along rows and columns.
        strides: Steps along rows and columns.
        dilation: Distances between taps along rows and columns.
        padding: ``"valid"`` (no padding) or ``"same"`` (as many outputs as inputs at stride 1).

    Raises:
        ValueError: A size, stride or dilation is below one, or the padding is of another name.
    """

    size: tuple[int, int]
    strides: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    padding: Padding = "valid"

    def __post_init__(self) -> None:
        for name in ("size", "strides", "dilation"):
            pair = getattr(self, name)
            if min(pair) < 1:
                raise ValueError(f"Window {name} must be two integers of at least 1. Received: {name}={pair}")
        if self.padding not in ("valid", "same"):
            raise ValueError(f"Window padding must be 'valid' or 'same'. Received: padding={self.padding!r}")

    def spans(self, rows: int, columns: int) -> tuple[Span, Span]:
        """Place the window on an image.

        Args:
            rows: Rows of the image, before padding.
            columns: Columns of the image, before padding.

        Returns:
            The window along the rows and along the columns.

        Raises:
            ValueError: The window is larger than the image.
        """
        both = (
            Span(rows, self.size[0], self.strides[0], self.dilation[0], self.padding),
            Span(columns, self.size[1], self.strides[1], self.dilation[1], self.padding),
        )
        if both[0].outputs < 1 or both[1].outputs < 1:
            reach = both[0].reach, both[1].reach
            raise ValueError(f"A window must fit into the image. Received: window={reach}, image={(rows, columns)}")
        return both

"""Where the numbers of an image lie in memory: vectors of one value for each lane, channels running fastest.

``[row][column][channel][lane]``. A dense layout has nothing in between and is, read as a line, Keras' flattened
order. A layout with a border keeps zeros around the image, so that a window may reach over the edge without a
question asked. Spread rows and columns leave zeros in between, which is what the gradient of a strided convolution
slides over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from scribal.engine.operations import Conv2D, DepthwiseConv2D, Shape
from scribal.engine.window import Window

__all__ = [
    "Border",
    "ImageShape",
    "Layout",
    "bordered_layout",
    "dense_layout",
    "gradient_layout",
    "image_shape",
    "padded_layout",
]

ImageShape = tuple[int, int, int]


@dataclass(frozen=True)
class Layout:
    """Positions, in vectors, of the values of one image.

    Attributes:
        shape: Rows, columns and channels of the image itself.
        row_step: From a row to the next.
        column_step: From a column to the next.
        first: Position of row 0, column 0, channel 0.
        size: Vectors to set aside.
    """

    shape: ImageShape
    row_step: int
    column_step: int
    first: int
    size: int

    def seen_as(self, shape: ImageShape) -> "Layout":
        """The same memory seen as another shape of as many numbers, which needs to be without gaps for that."""
        if shape == self.shape:
            return self
        assert self.is_dense
        return dense_layout(shape)

    def window_start(self, window: Window) -> int:
        """Position of the first tap of a window in row 0, column 0 of its output."""
        down, across = window.spans(*self.shape[:2])
        return self.first - down.pads[0] * self.row_step - across.pads[0] * self.column_step

    @property
    def is_dense(self) -> bool:
        """True if the values follow each other without a gap."""
        return self.size == prod(self.shape)


@dataclass(frozen=True)
class Border:
    """What a window that slides over an image asks for around it.

    Attributes:
        window: The window.
        tile: Rows and columns of output computed at a time; the border grows so that the last tile is whole.
    """

    window: Window
    tile: int = 1

    def pads(self, rows: int, columns: int) -> tuple[int, int, int, int]:
        """Rows above and below an image, columns before and behind it."""
        down, across = self.window.spans(rows, columns)
        bottom, right = (span.pads[1] + -span.outputs % self.tile for span in (down, across))
        return down.pads[0], bottom, across.pads[0], right


def image_shape(shape: Shape) -> ImageShape:
    """See any per-sample shape as an image: the last axis are the channels, all before it but rows are columns."""
    if len(shape) == 3:  # noqa: PLR2004
        return shape
    return 1, prod(shape[:-1]), shape[-1] if shape else 1


def dense_layout(shape: Shape) -> Layout:
    """Values without gaps."""
    rows, columns, channels = image_shape(shape)
    return Layout((rows, columns, channels), columns * channels, channels, 0, rows * columns * channels)


def padded_layout(shape: Shape, convolution: Conv2D | DepthwiseConv2D, output_tile: int = 1) -> Layout:
    """An image with the border of zeros its convolution asks for.

    Args:
        shape: Of the image.
        convolution: The convolution that reads it.
        output_tile: Rows and columns of output it computes at a time.
    """
    return bordered_layout(shape, [Border(convolution.window, output_tile)])


def bordered_layout(shape: Shape, borders: Sequence[Border]) -> Layout:
    """An image with the border of zeros that the windows that slide over it ask for.

    Args:
        shape: Of the image.
        borders: What each of them asks for; the largest border is enough for all.
    """
    rows, columns, channels = image_shape(shape)
    pads = [border.pads(rows, columns) for border in borders] or [(0, 0, 0, 0)]
    top, bottom, left, right = (max(sides) for sides in zip(*pads, strict=True))
    row_step = (left + columns + right) * channels
    size = (top + rows + bottom) * row_step
    return Layout((rows, columns, channels), row_step, channels, top * row_step + left * channels, size)


def gradient_layout(
    shape: Shape, convolution: Conv2D | DepthwiseConv2D, input_shape: Shape, input_tile: int = 1
) -> Layout:
    """A convolution's output gradient, bordered and spread for its way back.

    The turned kernel, sliding over it at stride one, gives the gradient of the input.

    Args:
        shape: Of the convolution's output.
        convolution: The convolution.
        input_shape: Of its input.
        input_tile: Rows and columns of the input's gradient that are computed at a time; the border grows so that the
            last tile is whole.
    """
    rows, columns, channels = image_shape(shape)
    down, across = convolution.window.spans(*image_shape(input_shape)[:2])
    above, before = down.reach - 1 - down.pads[0], across.reach - 1 - across.pads[0]
    row_step = (across.length + -across.length % input_tile + across.reach - 1) * channels
    return Layout(
        (rows, columns, channels),
        row_step=down.stride * row_step,
        column_step=across.stride * channels,
        first=above * row_step + before * channels,
        size=(down.length + -down.length % input_tile + down.reach - 1) * row_step,
    )

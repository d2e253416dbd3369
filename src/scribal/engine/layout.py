"""Where the numbers of an image lie in memory: vectors of one value for each lane, channels running fastest.

``[row][column][channel][lane]``. A dense layout has nothing in between and is, read as a line, Keras' flattened
order. A layout with a border keeps zeros around the image, so that a window may reach over the edge without a
question asked. Spread rows and columns leave zeros in between, which is what the gradient of a strided convolution
slides over.
"""

from dataclasses import dataclass
from math import prod

from scribal.engine.operations import Conv2D, Shape

__all__ = ["Layout", "dense_layout", "gradient_layout", "image_shape", "padded_layout"]


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

    shape: tuple[int, int, int]
    row_step: int
    column_step: int
    first: int
    size: int

    @property
    def is_dense(self) -> bool:
        """True if the values follow each other without a gap."""
        return self.size == prod(self.shape)


def image_shape(shape: Shape) -> tuple[int, int, int]:
    """See any per-sample shape as an image: features become the channels of a single pixel."""
    rows, columns, channels = shape if len(shape) == 3 else (1, 1, prod(shape))  # noqa: PLR2004
    return rows, columns, channels


def dense_layout(shape: Shape) -> Layout:
    """Values without gaps."""
    rows, columns, channels = image_shape(shape)
    return Layout((rows, columns, channels), columns * channels, channels, 0, rows * columns * channels)


def padded_layout(shape: Shape, convolution: Conv2D, output_tile: int = 1) -> Layout:
    """An image with the border of zeros its convolution asks for.

    Args:
        shape: Of the image.
        convolution: The convolution that reads it.
        output_tile: Rows and columns of output it computes at a time; the border grows so that the last tile is whole.
    """
    rows, columns, channels = image_shape(shape)
    down, across = convolution.window.spans(rows, columns)
    (top, bottom), (left, right) = down.pads, across.pads
    row_step = (left + columns + right + -across.outputs % output_tile) * channels
    size = (top + rows + bottom + -down.outputs % output_tile) * row_step
    return Layout((rows, columns, channels), row_step, channels, top * row_step + left * channels, size)


def gradient_layout(shape: Shape, convolution: Conv2D, input_shape: Shape) -> Layout:
    """A convolution's output gradient, bordered and spread for its way back.

    The turned kernel, sliding over it at stride one, gives the gradient of the input.

    Args:
        shape: Of the convolution's output.
        convolution: The convolution.
        input_shape: Of its input.
    """
    rows, columns, channels = image_shape(shape)
    down, across = convolution.window.spans(*image_shape(input_shape)[:2])
    above, before = down.reach - 1 - down.pads[0], across.reach - 1 - across.pads[0]
    row_step = (across.length + across.reach - 1) * channels
    return Layout(
        (rows, columns, channels),
        row_step=down.stride * row_step,
        column_step=across.stride * channels,
        first=above * row_step + before * channels,
        size=(down.length + down.reach - 1) * row_step,
    )

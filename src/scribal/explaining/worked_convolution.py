"""One number of a convolution worked out by hand: window times kernel, added up, plus the bias."""

from dataclasses import dataclass

import numpy as np

from scribal.engine import operations as op
from scribal.engine.graph import Node
from scribal.engine.reference.trace import Trace
from scribal.exceptions import ArgumentError
from scribal.explaining.image_network import Array, ImageNetwork

__all__ = ["WorkedConvolution", "work_out"]


@dataclass(frozen=True)
class WorkedConvolution:
    """How the first convolution comes by one of its numbers.

    Attributes:
        layer: The convolution's name.
        row: Of the number, in the filter's map.
        column: Of the number, in the filter's map.
        read: What the layer reads, shape (rows, columns, channels).
        frame: First row and the one behind the last, and the same of the columns, of the window in ``read``.
        map: All the filter's numbers, shape (rows, columns), behind the activation.
        filter_number: Which filter.
        filters: How many filters the layer has.
        window: What lies under the kernel, shape (channels, rows, columns); 0 where it reaches over the edge.
        inside: Where it lies inside the picture, shape (rows, columns).
        kernel: In the window's shape.
        bias: Added at the end; ``None`` if the layer has none.
        activation: What follows; ``None`` if nothing does.
        output: The layer's number, behind the activation.
    """

    layer: str
    row: int
    column: int
    read: Array
    frame: tuple[tuple[int, int], tuple[int, int]]
    map: Array
    filter_number: int
    filters: int
    window: Array
    inside: Array
    kernel: Array
    bias: float | None
    activation: str | None
    output: float

    @property
    def products(self) -> Array:
        """Each number times its weight, in the window's shape, float64."""
        return self.window.astype(np.float64) * self.kernel

    @property
    def sum_of_products(self) -> float:
        """All of them, added up."""
        return float(self.products.sum())

    @property
    def total(self) -> float:
        """With the bias: what the activation is given."""
        return self.sum_of_products + (self.bias or 0.0)


def work_out(
    network: ImageNetwork,
    trace: Trace,
    pixel: tuple[int, int] | None = None,
    filter_number: int | None = None,
) -> WorkedConvolution | None:
    """Work out one number of a network's first convolution.

    Args:
        network: Whose.
        trace: Of one picture.
        pixel: Row and column in the filter's map; by default where the number is largest.
        filter_number: Which filter; by default the one whose number is largest.

    Returns:
        ``None`` if the network has no convolution.

    Raises:
        ArgumentError: There is no such pixel or filter, or no convolution to choose one from.
    """
    nodes = trace.graph.nodes
    place = next((index for index, node in enumerate(nodes) if isinstance(node.operation, op.Conv2D)), None)
    if place is None:
        if pixel is not None or filter_number is not None:
            raise ArgumentError(
                "pixel and filter choose a number of a convolution",
                received="a network without Conv2D",
                advice="Leave them out for this network",
            )
        return None
    node = nodes[place]
    followers = trace.graph.consumers(node.name)
    activation = followers[0] if len(followers) == 1 and isinstance(followers[0].operation, op.Activation) else None
    maps = trace.result((activation or node).name)[0]
    row, column, number = _choose(maps, pixel, filter_number)
    bias = network.weights.get(f"{node.name}/bias")
    window, inside = _window(trace, node, row, column)
    return WorkedConvolution(
        layer=node.name,
        row=row,
        column=column,
        read=trace.result(node.inputs[0])[0],
        frame=_frame(trace, node, row, column),
        map=maps[..., number],
        filter_number=number,
        filters=maps.shape[2],
        window=window,
        inside=inside,
        kernel=np.moveaxis(network.weights[f"{node.name}/kernel"][..., number], -1, 0),
        bias=None if bias is None else float(bias[number]),
        activation=activation.operation.name
        if activation and isinstance(activation.operation, op.Activation)
        else None,
        output=float(maps[row, column, number]),
    )


def _choose(maps: Array, pixel: tuple[int, int] | None, filter_number: int | None) -> tuple[int, int, int]:
    rows, columns, filters = maps.shape
    if filter_number is not None and not 0 <= filter_number < filters:
        raise ArgumentError(
            f"filter must be a number from 0 to {filters - 1}",
            received=f"filter={filter_number}",
            advice="The first convolution has no other; leave it out for the strongest",
        )
    if pixel is not None and not (0 <= pixel[0] < rows and 0 <= pixel[1] < columns):
        raise ArgumentError(
            f"pixel must be a row from 0 to {rows - 1} and a column from 0 to {columns - 1}",
            received=f"pixel={pixel[0]},{pixel[1]}",
            advice="These are places in the first convolution's maps; leave it out for the strongest",
        )
    allowed = np.full(maps.shape, fill_value=False)
    allowed[
        slice(None) if pixel is None else pixel[0],
        slice(None) if pixel is None else pixel[1],
        slice(None) if filter_number is None else filter_number,
    ] = True
    row, column, number = np.unravel_index(np.where(allowed, maps, -np.inf).argmax(), maps.shape)
    return int(row), int(column), int(number)


def _frame(trace: Trace, node: Node, row: int, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
    assert isinstance(node.operation, op.Conv2D)
    spans = node.operation.window.spans(*trace.result(node.inputs[0]).shape[1:3])
    firsts = [place * span.stride - span.pads[0] for place, span in zip((row, column), spans, strict=True)]
    down, across = ((first, first + span.reach) for first, span in zip(firsts, spans, strict=True))
    return down, across


def _window(trace: Trace, node: Node, row: int, column: int) -> tuple[Array, Array]:
    assert isinstance(node.operation, op.Conv2D)
    (read,) = node.inputs
    values = trace.result(read)[0]
    down, across = node.operation.window.spans(*values.shape[:2])
    padded = np.pad(values, (down.pads, across.pads, (0, 0)))
    inside = np.pad(np.ones(values.shape[:2], dtype=bool), (down.pads, across.pads))
    taps = np.ix_(
        [span.start + row * span.step for span in down.slices()],
        [span.start + column * span.step for span in across.slices()],
    )
    return np.moveaxis(padded[taps], -1, 0), inside[taps]

"""Where a layer leaves its part of the gradient of what it reads.

The first layer of the way back that a value's gradient comes from writes it; every other one adds its own part. A
layer's kernels only ever write: what is to be added, or to lie elsewhere, goes through scratch memory.
"""

from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.move import Room, move
from scribal.engine.ir import Index
from scribal.engine.layout import dense_layout
from scribal.engine.tensor import Tensor

__all__ = ["bring_part", "part_of_gradient"]


def part_of_gradient(frame: Frame, tensor: Tensor, *, dense: bool = False) -> Room | None:
    """Find where a tensor of one source writes its part of the source's gradient.

    Args:
        frame: The chunk.
        tensor: The tensor.
        dense: Whether the layer only writes without gaps.

    Returns:
        The place, or None if the source has no gradient.
    """
    (source,), (shape,) = frame.plan.sources(tensor), tensor.source_shapes
    gradient = source.gradient
    if gradient is None:
        return None
    layout = gradient.layout
    if (layout.is_dense or (layout.shape == shape and not dense)) and not tensor.adds[0]:
        return Room(gradient, layout.seen_as(shape))
    return Room(frame.plan.scratch, dense_layout(shape))


def bring_part(frame: Frame, tensor: Tensor, part: Room, number: int = 0, group: Index = 0) -> None:
    """Bring what was written there, or elsewhere, into the gradient of a source.

    Args:
        frame: The chunk.
        tensor: The tensor.
        part: Where its part lies.
        number: Which source.
        group: The group of the chunk.
    """
    gradient = frame.plan.sources(tensor)[number].gradient
    if gradient is not None and part.buffer != gradient:
        name = f"pass gradient {number} of {tensor.node.name}"
        move(frame, name, part, Room(gradient, gradient.layout), group, adds=tensor.adds[number])

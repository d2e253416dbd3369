"""Dense layers that leave zeros among their inputs out: which ones, and what memory they need for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from scribal.engine.graph import Node
from scribal.engine.kernels.occupied import step_blocks
from scribal.engine.memory import Buffer, Memory
from scribal.engine.operations import Dropout, Input, Rescaling
from scribal.engine.target import Target

__all__ = ["Occupied", "plan_occupied"]

# With fewer weights there is less to be saved than lists cost.
_LEAST_WEIGHTS = 30_000


@dataclass(frozen=True)
class Occupied:
    """Lists of what is not zero, all of it in the thread's memory.

    Attributes:
        steps: The inputs that are not all zero in a chunk.
        groups: For each block of inputs, the groups of the batch in which they are not all zero.
        room: Room for each of these lists, in numbers.
    """

    steps: Buffer
    groups: Buffer
    room: int


def plan_occupied(
    memory: Memory,
    source: Node,
    in_place: Sequence[Node],
    sizes: tuple[int, int, int],
    groups: int,
    target: Target,
) -> Occupied | None:
    """Plan the lists of a dense layer, if it reads the samples themselves, where most numbers may be zero.

    Args:
        memory: Where buffers are set aside.
        source: What the layer reads.
        in_place: What is done to it in place; zeros must stay zeros.
        sizes: Inputs, units, and units of one block.
        groups: Groups of the batch.
        target: The processor.
    """
    steps, units, block = sizes
    if not isinstance(source.operation, Input) or steps * units < _LEAST_WEIGHTS:
        return None
    for node in in_place:
        keeps_zeros = isinstance(node.operation, Rescaling) and node.operation.offset == 0
        if not keeps_zeros and not isinstance(node.operation, Dropout):
            return None
    room = groups + 1
    lists = step_blocks(steps, block, target) * room
    return Occupied(
        steps=memory.take_vectors(-(-(steps + 1) // target.lanes)),
        groups=memory.take_vectors(-(-lists // target.lanes)),
        room=room,
    )

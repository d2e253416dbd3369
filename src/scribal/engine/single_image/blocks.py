"""How the outputs of a convolution are cut into blocks of sums that stay in registers.

A block is some vectors of channels at some columns of a row. A step of the sum loads its vectors of weights once for
all columns, and broadcasts each column's input once for all vectors.
"""

from dataclasses import dataclass, replace

from scribal.engine.blocks import even_runs
from scribal.engine.single_image.layout import widths_of
from scribal.engine.target import Target

__all__ = ["Block", "blocks_of"]

# Sums that have to be in work at once, as each takes so many steps to be ready for the next.
_LATENCY = 4
# Loads that the processor does with a multiplication.
_LOADS = 2
_MOST_VECTORS = 8


@dataclass(frozen=True)
class Block:
    """Channels that are summed together.

    Attributes:
        first: The first channel.
        widths: Of its vectors.
        weights: Where its weights begin, in floats from the layer's first.
        columns: Blocks of columns as ``(columns, count)``.
    """

    first: int
    widths: tuple[int, ...]
    weights: int
    columns: tuple[tuple[int, int], ...]

    @property
    def room(self) -> int:
        """Floats of its vectors."""
        return sum(self.widths)


def blocks_of(channels: int, columns: int, inputs: int, target: Target) -> tuple[Block, ...]:
    """Cut a convolution's outputs so that the fewest steps are taken.

    Args:
        channels: Output channels.
        columns: Columns of the output.
        inputs: Numbers that each output sums over.
        target: Whose registers hold the sums.
    """
    widths = widths_of(channels, target.lanes)
    most = min(len(widths), _MOST_VECTORS)
    # Of equals the largest vectors, which read the inputs fewest times.
    cuts = [_cut(widths, vectors, columns, target) for vectors in range(most, 0, -1)]
    best = min(cuts, key=lambda blocks: sum(map(_cost, blocks)))
    placed, weights = [], 0
    for block in best:
        placed.append(replace(block, weights=weights))
        weights += inputs * block.room
    return tuple(placed)


def _cut(widths: tuple[int, ...], vectors: int, columns: int, target: Target) -> list[Block]:
    blocks, start, channel = [], 0, 0
    count = -(-len(widths) // vectors)
    for number in range(count):
        end = len(widths) * (number + 1) // count
        own = widths[start:end]
        blocks.append(Block(channel, own, 0, tuple(even_runs(columns, len(own), target))))
        start, channel = end, channel + sum(own)
    return blocks


def _cost(block: Block) -> float:
    """Cycles of one step at all columns of a row."""
    vectors = len(block.widths)
    return sum(
        count * max(vectors * columns, (vectors + columns) / _LOADS, _LATENCY) for columns, count in block.columns
    )

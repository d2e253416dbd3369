"""Where the weights of every layer lie among all weights, and where their gradients lie before they are added up.

Kernels that are summed in shards, one for each chunk, come first: those of convolutions and of batch normalization.
Dense layers' follow, whose gradients are sums over the whole batch, and at the end what no optimizer touches: moving
averages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from scribal.engine import operations as op
from scribal.engine.blocks import unit_block
from scribal.engine.values import Value

__all__ = ["Kernel", "WeightPlan", "place_weights"]

# What batch normalization keeps for each chunk and channel: mean, sum of squared deviations, sum of gradients, sum of
# gradients times normalized values.
_STATISTICS = 4
# Shards are written by several threads at once: no two of them share cache lines, which are fetched two at a time.
_SHARD_STEP = 32


@dataclass(frozen=True)
class Kernel:
    """Weights of one layer: ``kernel[block of units][step][unit in block]``, then ``bias[unit]``.

    Gamma and beta of batch normalization are a kernel of one step, and its bias; one alone is a kernel without bias.

    Attributes:
        offset: Position of the kernel among all weights, in floats.
        bias: Position of the bias, or None.
        steps: Inputs that each unit sums over.
        units: Output channels.
        block: Units of one block.
        names: What Keras calls the kernel and, if there is one, the bias.
    """

    offset: int
    bias: int | None
    steps: int
    units: int
    block: int
    names: tuple[str, ...] = ("kernel", "bias")


@dataclass(frozen=True)
class WeightPlan:
    """Places of all weights.

    Attributes:
        kernels: By the number of the value.
        moving: Position of a batch normalization's moving mean, which its moving variance follows, by the number of
            the value.
        statistics: Position of its statistics in a shard, by the number of the value.
        count: Floats of all weights.
        shard: Floats of a shard: gradients at the places of their weights, then statistics.
    """

    kernels: dict[int, Kernel]
    moving: dict[int, int]
    statistics: dict[int, int]
    count: int
    shard: int


def place_weights(values: Sequence[Value]) -> WeightPlan:
    """Give every layer's weights their place."""
    kernels: dict[int, Kernel] = {}
    end, summed = 0, 0
    for is_dense in (False, True):
        for number, value in enumerate(values):
            if isinstance(value.node.operation, op.Dense) == is_dense:
                kernel = _kernel(value, end)
                if kernel is not None:
                    kernels[number] = kernel
                    end += kernel.units * (kernel.steps + (kernel.bias is not None))
        summed = summed if is_dense else end
    moving: dict[int, int] = {}
    statistics: dict[int, int] = {}
    for number, value in enumerate(values):
        if isinstance(value.node.operation, op.BatchNormalization):
            moving[number], statistics[number] = end, summed
            end += 2 * value.shape[2]
            summed += _STATISTICS * value.shape[2]
    return WeightPlan(kernels, moving, statistics, end, -(-summed // _SHARD_STEP) * _SHARD_STEP)


def _kernel(value: Value, offset: int) -> Kernel | None:
    trained = [weight for weight in value.node.operation.weights(*value.source_shapes) if weight.trainable]
    if not trained:
        return None
    operation, (*inner, units) = value.node.operation, trained[0].shape
    steps, block = prod(inner), unit_block(units)
    if isinstance(operation, op.DepthwiseConv2D):
        # The units of a block all read one channel, or each a channel of its own.
        steps, units = prod(operation.window.size), value.shape[2]
        block = unit_block(units if operation.depth_multiplier == 1 else operation.depth_multiplier)
    bias = offset + steps * units if len(trained) > 1 else None
    return Kernel(offset, bias, steps, units, block, tuple(weight.name for weight in trained))

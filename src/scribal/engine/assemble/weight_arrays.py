"""Trained kernels and biases as the update sees them: arrays in blocks of units, each with its place for sums.

A block's weights follow each other, and belong to one thread at a time. What is summed over many blocks, squares of
gradients and penalties, is summed for each block first and then, in order, over the blocks.
"""

from dataclasses import dataclass

from scribal.engine.plan import Plan
from scribal.engine.regularizer import Regularizer

__all__ = ["WeightArray", "block_count", "has_penalty", "weight_arrays"]


@dataclass(frozen=True)
class WeightArray:
    """The kernel or the bias of a layer.

    Attributes:
        first: Place of block 0 among all weights.
        size: Weights of each block.
        blocks: Blocks it has.
        sums: Place of block 0 among the blocks of all arrays.
        regularizer: Its penalty.
    """

    first: int
    size: int
    blocks: int
    sums: int
    regularizer: Regularizer


def weight_arrays(plan: Plan) -> dict[str, tuple[WeightArray, ...]]:
    """Kernels and biases of all layers that are trained, by the layer's name."""
    arrays: dict[str, tuple[WeightArray, ...]] = {}
    sums = 0
    for tensor in plan.tensors:
        kernel = tensor.kernel
        if kernel is None or not tensor.is_trained:
            continue
        weights = tensor.node.operation.weights(*tensor.source_shapes)
        regularizers = [weight.regularizer for weight in weights if weight.trainable]
        blocks = kernel.units // kernel.block
        own = [WeightArray(kernel.offset, kernel.steps * kernel.block, blocks, sums, regularizers[0])]
        if kernel.bias is not None:
            own.append(WeightArray(kernel.bias, kernel.block, blocks, sums + blocks, regularizers[1]))
        sums += blocks * len(own)
        arrays[tensor.node.name] = tuple(own)
    return arrays


def block_count(plan: Plan) -> int:
    """Blocks of all kernels and biases."""
    return sum(array.blocks for arrays in weight_arrays(plan).values() for array in arrays)


def has_penalty(plan: Plan) -> bool:
    """Whether any weights are regularized."""
    return any(array.regularizer for arrays in weight_arrays(plan).values() for array in arrays)

"""Weights in the order in which the one-image form reads them, with BatchNormalization folded in.

``(x * kernel + bias) * scale + shift`` is a convolution with the kernel ``kernel * scale`` and the bias
``bias * scale + shift``.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scribal.engine import operations as op
from scribal.engine.arrays import Floats
from scribal.engine.graph import Node
from scribal.engine.single_image.plan import ImagePlan, Kernel, Step
from scribal.engine.single_image.winograd import transformed_filters

__all__ = ["pack_weights"]

Doubles = NDArray[np.float64]


def pack_weights(plan: ImagePlan, weights: Mapping[str, ArrayLike], packed: Floats) -> None:
    """Put a network's weights where the kernels read them.

    Args:
        plan: Says where.
        weights: By name, in Keras' shapes.
        packed: Receives them; ``plan.weight_count`` zeros.
    """
    for step in plan.steps:
        if step.kernel is None:
            continue
        if isinstance(step.node.operation, op.BatchNormalization):
            kernel, bias = _affine(step.node, weights)
        else:
            kernel, bias = _folded(step, weights)
            if step.tiling is not None:
                kernel = transformed_filters(kernel)
        _put(step.kernel, kernel.reshape(-1, kernel.shape[-1]), bias, packed)


def _folded(step: Step, weights: Mapping[str, ArrayLike]) -> tuple[Doubles, Doubles]:
    """Kernel ``(..., channels)`` and bias ``(channels,)`` of a layer and the BatchNormalization behind it."""
    name = step.node.name
    kernel = np.asarray(weights[f"{name}/kernel"], np.float64)
    if isinstance(step.node.operation, op.DepthwiseConv2D):
        kernel = kernel[..., 0]
    bias = np.asarray(weights.get(f"{name}/bias", np.zeros(kernel.shape[-1])), np.float64)
    for node in step.normalizations:
        scale, shift = _affine(node, weights)
        kernel, bias = kernel * scale, bias * scale + shift
    return kernel, bias


def _affine(node: Node, weights: Mapping[str, ArrayLike]) -> tuple[Doubles, Doubles]:
    """The scale and the shift of a BatchNormalization that uses its moving averages."""
    operation = node.operation
    assert isinstance(operation, op.BatchNormalization)
    mean, variance = (
        np.asarray(weights[f"{node.name}/{name}"], np.float64) for name in ("moving_mean", "moving_variance")
    )
    gamma = np.asarray(weights.get(f"{node.name}/gamma", np.ones_like(mean)), np.float64)
    beta = np.asarray(weights.get(f"{node.name}/beta", np.zeros_like(mean)), np.float64)
    scale = gamma / np.sqrt(variance + operation.epsilon)
    return scale, beta - mean * scale


def _put(kernel: Kernel, values: Doubles, bias: Doubles, packed: Floats) -> None:
    """Write ``[block][input][channel]``, or ``[input][channel]`` without blocks, and the biases."""
    inputs, channels = values.shape
    roomy = np.zeros((inputs, kernel.room), np.float32)
    roomy[:, :channels] = values
    cuts = [(block.weights, roomy[:, block.first : block.first + block.room]) for block in kernel.blocks]
    for first, part in cuts or [(0, roomy)]:
        packed[kernel.offset + first : kernel.offset + first + part.size] = part.reshape(-1)
    packed[kernel.bias : kernel.bias + channels] = bias

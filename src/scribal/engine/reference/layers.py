"""One operation of the graph, forward, together with the way back.

``apply`` computes an operation's output and hands back a function that turns the gradient of the output into the
gradients of what went in. A network runs its operations forward, keeps these functions, and calls them in reverse:
that is all of backpropagation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from scribal.engine import operations as op
from scribal.engine.reference import convolution, pooling
from scribal.engine.reference.activations import activate, activate_backward
from scribal.engine.reference.dense import dense, dense_backward
from scribal.engine.reference.normalization import move, normalize, normalize_backward
from scribal.engine.threefry import keep_mask

__all__ = ["Applied", "Context", "apply"]

Array = NDArray[np.floating]
Weights = Mapping[str, Array]


@dataclass(frozen=True)
class Context:
    """What an operation has to know besides its inputs and weights.

    Attributes:
        training: Dropout drops, and BatchNormalization uses the batch's own mean and variance.
        key: Random key of this operation in this step.
        shape: Per-sample shape of the operation's output.
    """

    training: bool
    key: tuple[int, int]
    shape: op.Shape


@dataclass(frozen=True)
class Applied:
    """The output of an operation and the way back.

    Attributes:
        output: ``(samples, *shape)``.
        backward: Output's gradient to the gradients of each input, in order, and of each trained weight, by name.
        updates: New values of weights that are not trained but kept up in training.
    """

    output: Array
    backward: Callable[[Array], tuple[tuple[Array, ...], dict[str, Array]]]
    updates: dict[str, Array] = field(default_factory=dict)


@singledispatch
def apply(operation: op.Operation, inputs: tuple[Array, ...], weights: Weights, context: Context) -> Applied:
    """Compute one operation.

    Args:
        operation: What to compute.
        inputs: What it reads, each ``(samples, *shape)``.
        weights: Its weights by their short names, such as ``"kernel"``.
        context: Training or not, and the random key.
    """
    raise TypeError(f"No rule for this operation. Received: {operation!r}, {len(inputs)} inputs, {weights}, {context}")


def _plain(output: Array, backward: Callable[[Array], Array]) -> Applied:
    """An operation of one input and no weights."""
    return Applied(output, lambda gradient: ((backward(gradient),), {}))


def _with_bias(output: Array, weights: Weights, backward: Callable[[Array], tuple[Array, Array]]) -> Applied:
    """An operation with a kernel, whose bias is added to the last axis of the output."""

    def backward_with_bias(gradient: Array) -> tuple[tuple[Array, ...], dict[str, Array]]:
        input_gradient, kernel_gradient = backward(gradient)
        gradients = {"kernel": kernel_gradient}
        if "bias" in weights:
            gradients["bias"] = gradient.sum(axis=tuple(range(gradient.ndim - 1)))
        return (input_gradient,), gradients

    return Applied(output + weights["bias"] if "bias" in weights else output, backward_with_bias)


@apply.register
def _(_operation: op.Dense, inputs: tuple[Array, ...], weights: Weights, _context: Context) -> Applied:
    (x,), kernel = inputs, weights["kernel"]
    return _with_bias(dense(x, kernel), weights, lambda gradient: dense_backward(gradient, x, kernel))


@apply.register
def _(operation: op.Conv2D, inputs: tuple[Array, ...], weights: Weights, _context: Context) -> Applied:
    (x,), kernel, window = inputs, weights["kernel"], operation.window
    return _with_bias(
        convolution.correlate(x, kernel, window),
        weights,
        lambda gradient: convolution.correlate_backward(gradient, x, kernel, window),
    )


@apply.register
def _(operation: op.DepthwiseConv2D, inputs: tuple[Array, ...], weights: Weights, _context: Context) -> Applied:
    (x,), kernel, window = inputs, weights["kernel"], operation.window
    return _with_bias(
        convolution.correlate_depthwise(x, kernel, window),
        weights,
        lambda gradient: convolution.correlate_depthwise_backward(gradient, x, kernel, window),
    )


@apply.register
def _(operation: op.MaxPool2D, inputs: tuple[Array, ...], _weights: Weights, _context: Context) -> Applied:
    (x,), window = inputs, operation.window
    return _plain(pooling.max_pool(x, window), lambda gradient: pooling.max_pool_backward(gradient, x, window))


@apply.register
def _(operation: op.AveragePooling2D, inputs: tuple[Array, ...], _weights: Weights, _context: Context) -> Applied:
    (x,), window = inputs, operation.window
    return _plain(pooling.average_pool(x, window), lambda gradient: pooling.average_pool_backward(gradient, x, window))


@apply.register(op.GlobalMaxPooling2D)
@apply.register(op.GlobalAveragePooling2D)
def _(operation: op.GlobalMaxPooling2D, inputs: tuple[Array, ...], _weights: Weights, context: Context) -> Applied:
    (x,) = inputs
    average = isinstance(operation, op.GlobalAveragePooling2D)
    output = x.mean(axis=(1, 2)) if average else x.max(axis=(1, 2))
    backward = pooling.global_average_backward if average else pooling.global_maximum_backward
    return _plain(output.reshape(-1, *context.shape), lambda gradient: backward(gradient.reshape(len(x), 1, 1, -1), x))


@apply.register
def _(operation: op.ZeroPadding2D, inputs: tuple[Array, ...], _weights: Weights, _context: Context) -> Applied:
    (x,), ((top, bottom), (left, right)) = inputs, operation.padding
    inside = (slice(None), slice(top, top + x.shape[1]), slice(left, left + x.shape[2]))
    return _plain(np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0))), lambda gradient: gradient[inside])


@apply.register(op.Flatten)
@apply.register(op.Reshape)
def _(_operation: op.Operation, inputs: tuple[Array, ...], _weights: Weights, context: Context) -> Applied:
    (x,) = inputs
    return _plain(x.reshape(-1, *context.shape), lambda gradient: gradient.reshape(x.shape))


@apply.register
def _(operation: op.Dropout, inputs: tuple[Array, ...], _weights: Weights, context: Context) -> Applied:
    (x,) = inputs
    if not context.training or not operation.rate:
        return _plain(x, lambda gradient: gradient)
    keep = keep_mask(context.key, len(x), x[0].size, operation.rate).reshape(x.shape)
    scale = keep * x.dtype.type(1 / (1 - operation.rate))
    return _plain(x * scale, lambda gradient: gradient * scale)


@apply.register
def _(operation: op.Activation, inputs: tuple[Array, ...], _weights: Weights, _context: Context) -> Applied:
    (x,) = inputs
    output = activate(operation, x)
    return _plain(output, lambda gradient: activate_backward(gradient, operation, x, output))


@apply.register
def _(operation: op.BatchNormalization, inputs: tuple[Array, ...], weights: Weights, context: Context) -> Applied:
    (x,), epsilon = inputs, operation.epsilon
    axes = tuple(range(x.ndim - 1))
    mean, variance = weights["moving_mean"], weights["moving_variance"]
    updates = {}
    if context.training:
        updates["moving_mean"] = move(mean, x.mean(axis=axes), operation.momentum)
        updates["moving_variance"] = move(variance, x.var(axis=axes), operation.momentum)
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
    normalized = normalize(x, mean, variance, epsilon)
    gamma = weights.get("gamma", np.ones_like(mean))

    def backward(gradient: Array) -> tuple[tuple[Array, ...], dict[str, Array]]:
        gradients = {"gamma": (gradient * normalized).sum(axis=axes), "beta": gradient.sum(axis=axes)}
        if context.training:
            input_gradient = normalize_backward(gradient * gamma, normalized, variance, epsilon)
        else:
            input_gradient = gradient * gamma / np.sqrt(variance + epsilon)
        return (input_gradient,), {name: value for name, value in gradients.items() if name in weights}

    return Applied(normalized * gamma + weights.get("beta", np.zeros_like(mean)), backward, updates)


@apply.register
def _(operation: op.Rescaling, inputs: tuple[Array, ...], _weights: Weights, _context: Context) -> Applied:
    (x,) = inputs
    return _plain(x * operation.scale + operation.offset, lambda gradient: gradient * operation.scale)


@apply.register
def _(_operation: op.Add, inputs: tuple[Array, ...], _weights: Weights, _context: Context) -> Applied:
    return Applied(np.sum(inputs, axis=0), lambda gradient: ((gradient,) * len(inputs), {}))


@apply.register
def _(operation: op.Concatenate, inputs: tuple[Array, ...], _weights: Weights, _context: Context) -> Applied:
    axis = operation.axis if operation.axis < 0 else operation.axis + 1
    ends = np.cumsum([x.shape[axis] for x in inputs])[:-1]
    return Applied(np.concatenate(inputs, axis), lambda gradient: (tuple(np.split(gradient, ends, axis)), {}))

"""Activations: the nonlinearity between layers, and its slope.

Without one, layer upon layer would be a single linear map. Each entry below is a function and its derivative; both
get the inputs and the outputs of the activation, for some slopes are easier to tell from the output.
"""

from collections.abc import Callable
from math import erf, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from scribal.engine.operations import Activation

__all__ = ["activate", "activate_backward", "sigmoid", "softmax"]

Array = NDArray[np.floating]


def sigmoid(inputs: Array) -> Array:
    """Squeeze numbers into 0..1, without overflow: ``1 / (1 + exp(-x))``."""
    small = np.exp(-np.abs(inputs))
    return np.where(inputs >= 0, 1, small) / (1 + small)


def softmax(inputs: Array) -> Array:
    """Turn the last axis into probabilities; its largest value is subtracted first, so that nothing overflows.

    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    exponentials = np.exp(inputs - inputs.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def activate(activation: Activation, inputs: Array) -> Array:
    """Apply an activation to an array of any shape.

    >>> activate(Activation("leaky_relu", alpha=0.5), np.array([-2.0, 3.0]))
    array([-1.,  3.])
    """
    if activation.name == "softmax":
        return softmax(inputs)
    return _FUNCTIONS[activation.name](inputs, activation.alpha).astype(inputs.dtype)


def activate_backward(gradient: Array, activation: Activation, inputs: Array, outputs: Array) -> Array:
    """Turn the gradient of the outputs into that of the inputs.

    Args:
        gradient: In the shape of the outputs.
        activation: What was applied.
        inputs: What ``activate`` was given.
        outputs: What ``activate`` returned.
    """
    if activation.name == "softmax":
        # Raising one input lowers all other probabilities, so the gradients of a row meet.
        return outputs * (gradient - (gradient * outputs).sum(axis=-1, keepdims=True))
    return gradient * _SLOPES[activation.name](inputs, outputs, activation.alpha).astype(inputs.dtype)


def _normal_density(inputs: Array) -> Array:
    return np.exp(-(inputs**2) / 2) / sqrt(2 * pi)


def _normal_probability(inputs: Array) -> Array:
    # NumPy has no error function.
    return np.vectorize(erf, otypes=[np.float64])(inputs / sqrt(2)) / 2 + 0.5


_FUNCTIONS: dict[str, Callable[[Array, float], Array]] = {
    "linear": lambda x, _: x,
    "relu": lambda x, _: np.maximum(x, 0),
    "leaky_relu": lambda x, alpha: np.where(x >= 0, x, alpha * x),
    "elu": lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    "gelu": lambda x, _: x * _normal_probability(x),
    "silu": lambda x, _: x * sigmoid(x),
    "tanh": lambda x, _: np.tanh(x),
    "sigmoid": lambda x, _: sigmoid(x),
    "softplus": lambda x, _: np.logaddexp(x, 0),
}

_SLOPES: dict[str, Callable[[Array, Array, float], Array]] = {
    "linear": lambda x, _, __: np.ones_like(x),
    "relu": lambda x, _, __: np.where(x > 0, 1, 0),
    "leaky_relu": lambda x, _, alpha: np.where(x >= 0, 1, alpha),
    "elu": lambda x, y, alpha: np.where(x > 0, 1, y + alpha),
    "gelu": lambda x, _, __: _normal_probability(x) + x * _normal_density(x),
    "silu": lambda x, y, _: sigmoid(x) + y * (1 - sigmoid(x)),
    "tanh": lambda _, y, __: 1 - y**2,
    "sigmoid": lambda _, y, __: y * (1 - y),
    "softplus": lambda x, _, __: sigmoid(x),
}

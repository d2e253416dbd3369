"""Losses: how wrong the network's outputs are, and which way is less wrong.

Formulas are those of Keras on JAX, down to how probabilities near 0 and 1 are cut off: where one was cut off, it
has no slope.
"""

import numpy as np
from numpy.typing import NDArray

from scribal.engine.reference.activations import sigmoid, softmax
from scribal.engine.training import Loss

__all__ = ["loss_and_gradient"]

Array = NDArray[np.floating]

# Keras' backend.epsilon(): probabilities are kept this far from 0 and 1.
_EPSILON = 1e-7


def loss_and_gradient(
    loss: Loss, targets: Array, outputs: Array, sample_weight: Array | None = None
) -> tuple[float, Array]:
    """Average a loss over a batch.

    >>> value, gradient = loss_and_gradient(Loss("mean_squared_error"), np.array([[1.0]]), np.array([[3.0]]))
    >>> value, gradient
    (4.0, array([[4.]]))

    Args:
        loss: Which loss.
        targets: In the shape of the outputs or, for sparse_categorical_crossentropy, class numbers ``(samples,)``.
        outputs: What the network answered, ``(samples, ..., classes)``.
        sample_weight: ``(samples,)``, how much each sample counts.

    Returns:
        The loss and its gradient in the shape of the outputs.
    """
    if loss.name == "sparse_categorical_crossentropy":
        targets = np.eye(outputs.shape[-1], dtype=outputs.dtype)[targets.astype(int).reshape(outputs.shape[:-1])]
    losses, gradients = _FUNCTIONS[loss.name](loss, targets, outputs)
    scale = (
        np.ones(losses.shape, outputs.dtype)
        if sample_weight is None
        else sample_weight.reshape(-1, *[1] * (losses.ndim - 1))
    )
    value = float((losses * scale).sum() / losses.size)
    return value, (gradients * scale[..., np.newaxis] / losses.size).astype(outputs.dtype)


def _categorical_crossentropy(loss: Loss, targets: Array, outputs: Array) -> tuple[Array, Array]:
    """``-sum(target * log(probability))`` for each sample."""
    if loss.label_smoothing:
        targets = targets * (1 - loss.label_smoothing) + loss.label_smoothing / outputs.shape[-1]
    if loss.from_logits:
        largest = outputs.max(axis=-1, keepdims=True)
        log_sum = np.log(np.exp(outputs - largest).sum(axis=-1, keepdims=True))
        losses = -(targets * (outputs - largest - log_sum)).sum(axis=-1)
        return losses, softmax(outputs) * targets.sum(axis=-1, keepdims=True) - targets
    total = outputs.sum(axis=-1, keepdims=True)
    probabilities = outputs / total
    kept = np.clip(probabilities, _EPSILON, 1 - _EPSILON)
    slope = np.where(probabilities == kept, -targets / kept, 0)
    # The outputs were divided by their sum, so each pulls on all probabilities of its row.
    gradients = (slope - (slope * probabilities).sum(axis=-1, keepdims=True)) / total
    return -(targets * np.log(kept)).sum(axis=-1), gradients


def _binary_crossentropy(loss: Loss, targets: Array, outputs: Array) -> tuple[Array, Array]:
    """Cross-entropy of independent yes-or-no answers, averaged over the last axis."""
    targets = targets * (1 - loss.label_smoothing) + loss.label_smoothing / 2
    count = outputs.shape[-1]
    if loss.from_logits:
        losses = targets * np.logaddexp(0, -outputs) + (1 - targets) * np.logaddexp(0, outputs)
        return losses.mean(axis=-1), (sigmoid(outputs) - targets) / count
    kept = np.clip(outputs, _EPSILON, 1 - _EPSILON)
    losses = -(targets * np.log(kept) + (1 - targets) * np.log(1 - kept))
    slope = (1 - targets) / (1 - kept) - targets / kept
    return losses.mean(axis=-1), np.where(outputs == kept, slope, 0) / count


def _mean_squared_error(_: Loss, targets: Array, outputs: Array) -> tuple[Array, Array]:
    """Squared differences, averaged over the last axis."""
    difference = outputs - targets
    return (difference**2).mean(axis=-1), 2 * difference / outputs.shape[-1]


_FUNCTIONS = {
    "categorical_crossentropy": _categorical_crossentropy,
    "sparse_categorical_crossentropy": _categorical_crossentropy,
    "binary_crossentropy": _binary_crossentropy,
    "mean_squared_error": _mean_squared_error,
}

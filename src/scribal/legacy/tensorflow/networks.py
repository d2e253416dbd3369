"""``tf.nn``: what is not in Keras under the same name and arguments."""

from typing import Any

from scribal.backend import import_keras

__all__ = [
    "bias_add",
    "in_top_k",
    "l2_loss",
    "l2_normalize",
    "sigmoid_cross_entropy_with_logits",
    "sparse_softmax_cross_entropy_with_logits",
    "top_k",
]

MODERN = {
    "bias_add": "keras.ops.add",
    "in_top_k": "keras.ops.in_top_k",
    "l2_loss": "keras.ops.sum(keras.ops.square(x)) / 2",
    "l2_normalize": "keras.ops.normalize",
    "sigmoid_cross_entropy_with_logits": "keras.ops.binary_crossentropy(…, from_logits=True)",
    "sparse_softmax_cross_entropy_with_logits": "keras.ops.sparse_categorical_crossentropy(…, from_logits=True)",
    "top_k": "keras.ops.top_k",
}


def bias_add(value: Any, bias: Any, data_format: str | None = None, name: str | None = None) -> Any:
    """``tf.nn.bias_add``: along the last axis."""
    del data_format, name
    return import_keras().ops.add(value, bias)


def in_top_k(targets: Any, predictions: Any, k: int, name: str | None = None) -> Any:
    """``tf.nn.in_top_k`` of TensorFlow 2."""
    del name
    return import_keras().ops.in_top_k(targets, predictions, k)


def l2_loss(t: Any, name: str | None = None) -> Any:
    """``tf.nn.l2_loss``: half the sum of squares."""
    del name
    ops = import_keras().ops
    return ops.sum(ops.square(t)) / 2


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None) -> Any:
    """``tf.nn.l2_normalize``."""
    del name
    ops = import_keras().ops
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis=axis, keepdims=True), epsilon))


def sigmoid_cross_entropy_with_logits(labels: Any = None, logits: Any = None, name: str | None = None) -> Any:
    """``tf.nn.sigmoid_cross_entropy_with_logits``: one number for each logit."""
    del name
    ops = import_keras().ops
    labels = ops.cast(labels, logits.dtype)
    return ops.relu(logits) - logits * labels + ops.log1p(ops.exp(-ops.abs(logits)))


def sparse_softmax_cross_entropy_with_logits(labels: Any = None, logits: Any = None, name: str | None = None) -> Any:
    """``tf.nn.sparse_softmax_cross_entropy_with_logits``: one number for each row of logits."""
    del name
    return import_keras().ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def top_k(input: Any, k: int = 1, sorted: bool = True, name: str | None = None) -> Any:  # noqa: A002, FBT001, FBT002
    """``tf.nn.top_k``."""
    del name
    return import_keras().ops.top_k(input, k, sorted)

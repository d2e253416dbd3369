"""Functions of networks: activations, losses, convolution and pooling."""

from collections.abc import Sequence
from typing import Any

from scribal.backend import import_keras

__all__ = [
    "batch_flatten",
    "bias_add",
    "binary_crossentropy",
    "categorical_crossentropy",
    "conv2d",
    "ctc_batch_cost",
    "ctc_decode",
    "dropout",
    "hard_sigmoid",
    "in_top_k",
    "l2_normalize",
    "pool2d",
    "relu",
    "resize_images",
    "sparse_categorical_crossentropy",
    "spatial_2d_padding",
]


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """The rectifier, with a slope below zero, a largest value and a threshold."""
    return import_keras().activations.relu(x, negative_slope=alpha, max_value=max_value, threshold=threshold)


def hard_sigmoid(x: Any) -> Any:
    """``0.2 x + 0.5`` between 0 and 1: Keras 3's own is steeper at other places."""
    return import_keras().ops.clip(0.2 * x + 0.5, 0.0, 1.0)


def l2_normalize(x: Any, axis: int | None = None) -> Any:
    """A tensor divided by its length along an axis, or by that of all its values."""
    ops = import_keras().ops
    squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
    return x * ops.rsqrt(ops.maximum(squares, 1e-12))


def dropout(x: Any, level: float, noise_shape: Any = None, seed: int | None = None) -> Any:
    """Zeros at random places, the rest larger by as much."""
    return import_keras().random.dropout(x, level, noise_shape=noise_shape, seed=seed)


def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:  # noqa: FBT001, FBT002
    """Cross-entropy of rows of probabilities."""
    return import_keras().ops.categorical_crossentropy(target, output, from_logits=from_logits, axis=axis)


def sparse_categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:  # noqa: FBT001, FBT002
    """Cross-entropy of classes given by their numbers."""
    return import_keras().ops.sparse_categorical_crossentropy(target, output, from_logits=from_logits, axis=axis)


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:  # noqa: FBT001, FBT002
    """Cross-entropy of single probabilities."""
    return import_keras().ops.binary_crossentropy(target, output, from_logits=from_logits)


def ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Any:
    """The loss of connectionist temporal classification, one number a sample."""
    return _definitions().ctc_batch_cost(y_true, y_pred, input_length, label_length)


def ctc_decode(
    y_pred: Any,
    input_length: Any,
    greedy: bool = True,  # noqa: FBT001, FBT002 (Keras')
    beam_width: int = 100,
    top_paths: int = 1,
) -> tuple[list[Any], Any]:
    """The most likely labels by connectionist temporal classification, and how likely they are."""
    paths, likelihood = _definitions().ctc_decode(y_pred, input_length, greedy, beam_width, top_paths)
    return paths, likelihood


def _definitions() -> Any:
    """They are plain programs, without types."""
    from scribal.legacy.definitions import tensors

    return tensors


def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Whether the class of each row is among the k most likely ones."""
    return import_keras().ops.in_top_k(targets, predictions, k)


def batch_flatten(x: Any) -> Any:
    """All values of a sample in one row."""
    width = 1
    for length in x.shape[1:]:
        width *= length
    return import_keras().ops.reshape(x, (-1, width))


def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """A bias for each channel added."""
    keras = import_keras()
    if (data_format or keras.config.image_data_format()) == "channels_first" and len(x.shape) > 2:  # noqa: PLR2004 (samples, channels)
        bias = keras.ops.reshape(bias, (1, -1, *(1 for _ in x.shape[2:])))
    return x + bias


def conv2d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """A convolution of images with a kernel (rows, columns, channels, filters)."""
    return import_keras().ops.conv(
        x, kernel, strides=strides, padding=padding, data_format=data_format, dilation_rate=dilation_rate
    )


def pool2d(
    x: Any,
    pool_size: Sequence[int],
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """The largest, or the mean, of each window."""
    ops = import_keras().ops
    pool = ops.max_pool if pool_mode == "max" else ops.average_pool
    return pool(x, pool_size, strides=strides, padding=padding, data_format=data_format)


def resize_images(x: Any, height_factor: int, width_factor: int, data_format: str | None = None) -> Any:
    """Images made larger by repeating rows and columns."""
    keras = import_keras()
    return keras.layers.UpSampling2D((height_factor, width_factor), data_format=data_format)(x)


def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Zeros around images."""
    keras = import_keras()
    return keras.layers.ZeroPadding2D(padding, data_format=data_format)(x)

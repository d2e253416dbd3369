"""``keras.utils`` and the modules below it: functions that Keras 3 has not."""

from collections.abc import Callable
from typing import Any

import numpy as np

from scribal.data.dataset import Array

__all__ = [
    "HDF5Matrix",
    "accuracy",
    "categorical_probas_to_classes",
    "conv_output_length",
    "convert_all_kernels_in_model",
    "convert_kernel",
    "count_params",
    "multi_gpu_model",
    "print_summary",
    "probas_to_classes",
]

MODERN = {
    "HDF5Matrix": "h5py.File(path)[name][:]",
    "accuracy": "numpy.mean(p == y)",
    "categorical_probas_to_classes": "numpy.argmax(p, axis=1)",
    "conv_output_length": "layer.compute_output_shape",
    "convert_all_kernels_in_model": "",
    "convert_kernel": "",
    "count_params": "model.count_params()",
    "multi_gpu_model": "the model itself",
    "print_summary": "model.summary()",
    "probas_to_classes": "numpy.argmax(p, axis=1)",
}


def categorical_probas_to_classes(p: Array) -> Array:
    """The class of the largest probability in each row."""
    classes: Array = np.argmax(p, axis=1)
    return classes


def probas_to_classes(y_pred: Array) -> Array:
    """The class of each row: of the largest probability, or of the only one where that is over one half."""
    y_pred = np.asarray(y_pred)
    if y_pred.ndim > 1 and y_pred.shape[1] > 1:
        return categorical_probas_to_classes(y_pred)
    over: Array = (y_pred > 0.5).astype(np.int64)  # noqa: PLR2004 (as Keras 1 decided)
    return over


def accuracy(p: Array, y: Array) -> float:
    """The share of equal entries."""
    return float(np.mean(np.asarray(p) == np.asarray(y)))


def multi_gpu_model(model: Any, gpus: Any = None, **_: Any) -> Any:
    """The model itself: there is one device."""
    del gpus
    return model


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: list[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
) -> None:
    """Print the model's layers."""
    model.summary(line_length=line_length, positions=positions, print_fn=print_fn)


def count_params(weights: Any) -> int:
    """The number of values in a list of weights."""
    return int(sum(np.prod(weight.shape) for weight in weights))


def convert_kernel(kernel: Array) -> Array:
    """A convolution's kernel as it is: Theano's was upside down, and Theano is gone."""
    return kernel


def convert_all_kernels_in_model(model: Any) -> None:
    """Leave the kernels as they are."""


def conv_output_length(input_length: int | None, filter_size: int, padding: str, stride: int, dilation: int = 1) -> Any:
    """The length of a convolution's result; ``None`` for an unknown one."""
    if input_length is None:
        return None
    reach = (filter_size - 1) * dilation
    length = {"same": input_length, "valid": input_length - reach, "full": input_length + reach}[padding]
    return (length + stride - 1) // stride


def HDF5Matrix(  # noqa: N802
    datapath: str,
    dataset: str,
    start: int = 0,
    end: int | None = None,
    normalizer: Callable[[Array], Array] | None = None,
) -> Array:
    """An array of an HDF5 file, read whole."""
    import h5py

    with h5py.File(datapath, "r") as file:
        values = np.asarray(file[dataset][start:end])
    return values if normalizer is None else normalizer(values)

"""``tf.math``: what is not in ``keras.ops`` under the same name and arguments."""

from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.legacy.tensorflow.functions import argmax, argmin, reduced

__all__ = [
    "argmax",
    "argmin",
    "confusion_matrix",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_std",
    "reduce_sum",
]

reduce_max = reduced("max")
reduce_mean = reduced("mean")
reduce_min = reduced("min")
reduce_prod = reduced("prod")
reduce_std = reduced("std")
reduce_sum = reduced("sum")

MODERN = {
    "argmax": "keras.ops.argmax",
    "argmin": "keras.ops.argmin",
    "confusion_matrix": "sklearn.metrics.confusion_matrix",
    "reduce_max": "keras.ops.max",
    "reduce_mean": "keras.ops.mean",
    "reduce_min": "keras.ops.min",
    "reduce_prod": "keras.ops.prod",
    "reduce_std": "keras.ops.std",
    "reduce_sum": "keras.ops.sum",
}


def confusion_matrix(labels: Any, predictions: Any, num_classes: int | None = None, *_: Any, **__: Any) -> Any:
    """``tf.math.confusion_matrix``: how often each label (row) was given each answer (column)."""
    true, answered = (np.asarray(values).astype(np.int64).ravel() for values in (labels, predictions))
    count = num_classes or int(max(true.max(), answered.max())) + 1
    pairs = np.bincount(true * count + answered, minlength=count * count)
    return import_keras().ops.convert_to_tensor(pairs.reshape(count, count), dtype="int32")

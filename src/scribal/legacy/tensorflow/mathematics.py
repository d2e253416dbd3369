"""``tf.math``: what is not in ``keras.ops`` under the same name and arguments."""

from scribal.legacy.tensorflow.functions import argmax, argmin, reduced

__all__ = ["argmax", "argmin", "reduce_max", "reduce_mean", "reduce_min", "reduce_prod", "reduce_std", "reduce_sum"]

reduce_max = reduced("max")
reduce_mean = reduced("mean")
reduce_min = reduced("min")
reduce_prod = reduced("prod")
reduce_std = reduced("std")
reduce_sum = reduced("sum")

MODERN = {
    "argmax": "keras.ops.argmax",
    "argmin": "keras.ops.argmin",
    "reduce_max": "keras.ops.max",
    "reduce_mean": "keras.ops.mean",
    "reduce_min": "keras.ops.min",
    "reduce_prod": "keras.ops.prod",
    "reduce_std": "keras.ops.std",
    "reduce_sum": "keras.ops.sum",
}

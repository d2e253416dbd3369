"""Functions of ``keras.backend`` that ``keras.ops`` does not have in one."""

import jax
import keras
import numpy as np

__all__ = [
    "batch_dot",
    "ctc_batch_cost",
    "ctc_decode",
    "gradients",
    "in_test_phase",
    "in_train_phase",
    "network_function",
    "pool2d",
]


def batch_dot(x, y, axes=None):
    """The product sample by sample, over one axis of each: stacks of matrices, and of rows where an axis is missing."""
    if axes is None:
        axes = (len(x.shape) - 1, max(len(y.shape) - 2, 1))
    first, second = (axes, axes) if isinstance(axes, int) else axes
    if len(x.shape) == len(y.shape):
        return keras.layers.dot([x, y], (first, second)) if len(x.shape) <= 3 else _matrices(x, y, first, second)
    if len(x.shape) > len(y.shape):
        return batch_dot(y, x, (second, first))
    rows = keras.ops.expand_dims(keras.ops.moveaxis(x, first, -1), -2)
    return keras.ops.squeeze(_matrices(rows, y, -1, second), -2)


def _matrices(x, y, first, second):
    x = keras.ops.swapaxes(x, first, -1)
    return keras.ops.matmul(x, keras.ops.swapaxes(y, second, -2) if second not in (-2, len(y.shape) - 2) else y)


def ctc_batch_cost(y_true, y_pred, input_length, label_length):
    """The loss of connectionist temporal classification, where the last class stands between labels."""
    labels, places = (keras.ops.cast(keras.ops.squeeze(each, -1), "int32") for each in (label_length, input_length))
    logits = keras.ops.log(y_pred + keras.config.epsilon())
    blank = y_pred.shape[-1] - 1
    loss = keras.ops.ctc_loss(keras.ops.cast(y_true, "int32"), logits, labels, places, mask_index=blank)
    return keras.ops.expand_dims(loss, 1)


def ctc_decode(y_pred, input_length, greedy=True, beam_width=100, top_paths=1):
    """The most likely labels, -1 behind their ends, in a list of so many paths; and how likely they are."""
    paths, likelihood = keras.ops.ctc_decode(
        keras.ops.log(y_pred + keras.config.epsilon()),
        keras.ops.cast(input_length, "int32"),
        strategy="greedy" if greedy else "beam_search",
        beam_width=beam_width,
        top_paths=top_paths,
        mask_index=y_pred.shape[-1] - 1,
    )
    return list(paths), likelihood


class Gradient(keras.layers.Layer):
    """The gradient of a network's number for one of its tensors."""

    def __init__(self, loss):
        super().__init__()
        self.loss = [loss]

    def compute_output_spec(self, x):
        self.number = keras.Function(x, self.loss[0])
        return keras.KerasTensor(x.shape, dtype=x.dtype)

    def call(self, x):
        return jax.grad(lambda values: keras.ops.sum(self.number(values)))(x)


def gradients(loss, variables):
    """The gradients of a network's number for its input, or for a layer's output: tensors of that network."""
    return [Gradient(loss)(connected(variable, loss)) for variable in keras.tree.flatten(variables)]


def connected(tensor, result):
    """The layer's output that a result follows from: a Sequential makes its graph anew with each layer."""
    place = tensor._keras_history
    for node in place.operation._inbound_nodes:
        try:
            keras.Function(node.output_tensors[place.tensor_index], result)
            return node.output_tensors[place.tensor_index]
        except ValueError:
            continue
    return tensor


def network_function(inputs, outputs, updates=None):
    """A function of a list of arrays, from some tensors of a network to others; its results are NumPy's."""
    network = keras.Function(keras.tree.flatten(inputs), outputs)

    def function(values):
        return keras.tree.map_structure(np.array, network([np.asarray(value) for value in values]))

    return function


def in_train_phase(x, alt, training=None):
    """``x`` in training, otherwise ``alt``; either may be a function that gives it."""
    chosen = x if training else alt
    return chosen() if callable(chosen) else chosen


def in_test_phase(x, alt, training=None):
    """``alt`` in training, otherwise ``x``; either may be a function that gives it."""
    return in_train_phase(alt, x, training)


def pool2d(x, pool_size, strides=(1, 1), padding="valid", data_format=None, pool_mode="max"):
    """The largest, or the mean, of each window."""
    pool = keras.ops.max_pool if pool_mode == "max" else keras.ops.average_pool
    return pool(x, pool_size, strides, padding, data_format)

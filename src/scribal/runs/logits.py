"""Cross-entropy from logits, as Keras computes it on TensorFlow.

A network that ends in a softmax and is trained on cross-entropy is trained on its logits when Keras runs on TensorFlow.
On JAX Keras takes the logarithm of the probabilities instead, clipped at 1e-7: a sample whose probability has sunk
below that gives no gradient, and a network on raw pixels hardly learns (``two-conv`` after one epoch: 48.5 % instead of
97.2 % on the test set). The tutorials ran on TensorFlow; so training takes the logits here too: by Keras with the
functions below, by the engine in ``scribal.engine.logits``.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from scribal.backend import import_keras

__all__ = ["answers", "loss_on_logits", "output_activation", "training_form"]

_LOSSES = ("categorical_crossentropy", "sparse_categorical_crossentropy")


def output_activation(model: Any) -> str:
    """Keras' name of the function that gives a model's outputs, such as ``"softmax"``; ``"linear"`` without one."""
    last = model.layers[-1]
    if hasattr(last, "layers"):
        return output_activation(last)
    if isinstance(last, import_keras().layers.Softmax):
        return "softmax" if last.axis == -1 else "softmax over another axis"
    return str(getattr(getattr(last, "activation", None), "__name__", "linear"))


def answers(model: Any, x: np.ndarray, batch_size: int) -> tuple[np.ndarray, str]:
    """What a model answers, as logits where they can be had behind its softmax.

    Args:
        model: A ``keras.Model``.
        x: Prepared inputs, shape (n, *input_shape).
        batch_size: Samples at a time; does not change the answers.

    Returns:
        The outputs, shape (n, outputs), and the name of the activation that made them: ``"linear"`` for logits.
    """
    keras = import_keras()
    last = model.layers[-1]
    activation = output_activation(model)
    if activation != "softmax" or not isinstance(
        last, keras.layers.Softmax | keras.layers.Activation | keras.layers.Dense
    ):
        return np.asarray(model.predict(x, batch_size=batch_size, verbose=0)), activation
    before = np.asarray(keras.Model(model.inputs, last.input).predict(x, batch_size=batch_size, verbose=0))
    if isinstance(last, keras.layers.Dense):
        before = before @ np.asarray(last.kernel) + (np.asarray(last.bias) if last.use_bias else 0)
    return before, "linear"


@contextlib.contextmanager
def training_form(model: Any) -> Iterator[Any]:
    """Give the model to call ``fit`` on: the same layers, variables and optimizer, with logits where that is better.

    When the block ends, ``model`` answers with probabilities again and is compiled as before.

    Args:
        model: A compiled ``keras.Model``.
    """
    keras = import_keras()
    loss = loss_on_logits(model.loss)
    last = model.layers[-1]
    activation = getattr(last, "activation", None)
    is_softmax_layer = isinstance(last, keras.layers.Softmax) and last.axis == -1
    if loss is None or not (is_softmax_layer or activation is keras.activations.softmax):
        yield model
        return
    if is_softmax_layer:
        form = keras.Model(model.inputs, last.input)
    else:
        form = model
        last.activation = keras.activations.linear
    compiled_loss = model.loss
    form.compile(optimizer=model.optimizer, loss=loss, metrics=["accuracy"])
    try:
        yield form
    finally:
        if not is_softmax_layer:
            last.activation = activation
        # Compiling anew drops the functions that were traced with logits.
        model.compile(optimizer=model.optimizer, loss=compiled_loss, metrics=["accuracy"])


def loss_on_logits(loss: Any) -> Any:
    """The same loss for logits, or ``None`` if it is no cross-entropy of probabilities."""
    keras = import_keras()
    if isinstance(loss, str) and loss not in _LOSSES:
        return None
    instance = keras.losses.get(loss)
    if isinstance(loss, str):
        kinds = {
            _LOSSES[0]: keras.losses.CategoricalCrossentropy,
            _LOSSES[1]: keras.losses.SparseCategoricalCrossentropy,
        }
        return kinds[loss](from_logits=True)
    is_cross_entropy = isinstance(
        instance, keras.losses.CategoricalCrossentropy | keras.losses.SparseCategoricalCrossentropy
    )
    if not is_cross_entropy or instance.from_logits:
        return None
    return type(instance).from_config(instance.get_config() | {"from_logits": True})

"""Cross-entropy from logits, as Keras computes it on TensorFlow.

A network that ends in a softmax and is trained on cross-entropy is trained on its logits when Keras runs on TensorFlow.
On JAX Keras takes the logarithm of the probabilities instead, clipped at 1e-7: a sample whose probability has sunk
below that gives no gradient, and a network on raw pixels hardly learns (``two-conv`` after one epoch: 48.5 % instead of
97.2 % on the test set). The tutorials ran on TensorFlow; so training takes the logits here too.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from scribal.backend import import_keras

__all__ = ["training_form"]

_LOSSES = ("categorical_crossentropy", "sparse_categorical_crossentropy")


@contextlib.contextmanager
def training_form(model: Any) -> Iterator[Any]:
    """Give the model to call ``fit`` on: the same layers, variables and optimizer, with logits where that is better.

    When the block ends, ``model`` answers with probabilities again and is compiled as before.

    Args:
        model: A compiled ``keras.Model``.
    """
    keras = import_keras()
    loss = _loss_on_logits(keras, model.loss)
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


def _loss_on_logits(keras: Any, loss: Any) -> Any:
    """The same loss for logits, or ``None`` if it is no cross-entropy of probabilities."""
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

"""What has no modern name: what a program that uses it should do instead.

Most of it belongs to graphs and sessions, which TensorFlow 1 had and Keras 3 has not.
"""

from collections.abc import Mapping
from types import MappingProxyType

from scribal.legacy.changes.names import modern_name

__all__ = ["REFUSED", "instead_of"]

_MODEL = "write the network as a keras.Sequential, and train it with compile() and fit()"
_VALUES = "values are computed at once: call the function and use its result"
_LAYERS = "use the layers of keras.layers"

_REFUSED = {
    "keras.Graph": "write x = keras.Input(shape); y = keras.layers.Dense(10)(x); model = keras.Model(x, y)",
    "keras.backend.get_session": _VALUES,
    "keras.backend.theano": "use keras.ops in place of Theano's functions",
    "keras.layers.AutoEncoder": "write the encoder and the decoder as layers of one keras.Sequential",
    "keras.layers.LambdaMerge": "use keras.layers.Lambda on a list of inputs",
    "keras.layers.SReLU": "use keras.layers.PReLU, which learns its slope below zero as well",
    "keras.models.Graph": "write x = keras.Input(shape); y = keras.layers.Dense(10)(x); model = keras.Model(x, y)",
    "keras.optimizers.TFOptimizer": "use an optimizer of keras.optimizers",
    "tensorflow.GradientTape": "train with compile() and fit(), or take jax.grad of a function",
    "tensorflow.InteractiveSession": _VALUES,
    "tensorflow.Session": _VALUES,
    "tensorflow.app": "call your main function yourself",
    "tensorflow.contrib": "use Keras' layers, losses and optimizers",
    "tensorflow.contrib.learn.python.learn.datasets": "call keras.datasets.mnist.load_data()",
    "tensorflow.estimator": _MODEL,
    "tensorflow.feature_column": "use Keras' preprocessing layers",
    "tensorflow.get_variable": _LAYERS,
    "tensorflow.global_variables_initializer": "leave it out: weights have their values when a layer is built",
    "tensorflow.gradients": "train with compile() and fit(); gradients by hand are JAX's jax.grad",
    "tensorflow.initialize_all_variables": "leave it out: weights have their values when a layer is built",
    "tensorflow.layers": _LAYERS,
    "tensorflow.lite": "save the model with scribal.save_model; TensorFlow Lite converts with TensorFlow",
    "tensorflow.nn.conv2d": "use keras.layers.Conv2D",
    "tensorflow.nn.dropout": "use keras.layers.Dropout",
    "tensorflow.nn.max_pool": "use keras.layers.MaxPooling2D",
    "tensorflow.nn.softmax_cross_entropy_with_logits": "use keras.losses.CategoricalCrossentropy(from_logits=True)",
    "tensorflow.nn.softmax_cross_entropy_with_logits_v2": "use keras.losses.CategoricalCrossentropy(from_logits=True)",
    "tensorflow.placeholder": "write keras.Input for what a network is given, and pass arrays to fit()",
    "tensorflow.placeholder_with_default": "write keras.Input, and pass arrays to fit()",
    "tensorflow.summary": "use the callback keras.callbacks.CSVLogger",
    "tensorflow.train.Saver": "use model.save() and keras.models.load_model()",
    "tensorflow.variable_scope": _LAYERS,
}

REFUSED: Mapping[str, str] = MappingProxyType(_REFUSED)
"""A qualified name without a modern one, and what to do instead, as a sentence without its full stop."""


def instead_of(qualified: str) -> str | None:
    """What to do instead of a name that is gone without another in its place.

    >>> instead_of("tensorflow.compat.v1.Session.run")
    'values are computed at once: call the function and use its result'

    Args:
        qualified: A dotted name with its module, old or modern.

    Returns:
        The advice, as a sentence without its full stop; ``None`` where the name is not refused.
    """
    for name in (qualified, modern_name(qualified)):
        parts = name.split(".")
        for length in range(len(parts), 1, -1):
            if advice := REFUSED.get(".".join(parts[:length])):
                return advice
    return None

"""All constructors and functions of Keras that take other arguments than they did, adapted in this process."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from scribal.backend import import_keras
from scribal.deferred import is_deferred
from scribal.legacy.changes.calls import FORMS
from scribal.legacy.constructors.adapting import adapted_function, adapted_init, adapted_method
from scribal.legacy.constructors.callbacks import adapt_checkpoint, adapt_monitors, adapt_schedules, adapt_tensorboard
from scribal.legacy.constructors.initializers import adapt_initializers
from scribal.legacy.constructors.inputs import adapted_add, remember_input
from scribal.legacy.constructors.models import adapt_models
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.constructors.renamed import renamed_layers

__all__ = ["installed_constructors"]

_CLASSES = ("keras.constraints.", "keras.optimizers.", "keras.regularizers.")
_CALLBACKS = ("EarlyStopping", "ReduceLROnPlateau")
_FUNCTIONS = (
    "keras.utils.to_categorical",
    "keras.utils.plot_model",
    "keras.utils.img_to_array",
    "keras.utils.load_img",
)


@contextlib.contextmanager
def installed_constructors() -> Iterator[None]:
    """Let layers, optimizers, callbacks and functions of Keras take the arguments of Keras 1, Keras 2 and ``tf.keras``.

    Constructors are wrapped, classes stay themselves: ``isinstance``, subclassing, configurations and saved files are
    as without it. What a first layer says about its input becomes an ``Input`` in front of it. What was adapted is
    told to the current journal. When the block ends, Keras is as it was.

    Raises:
        NoModernFormError: By an adapted call for which Keras 3 has no form.
    """
    import_keras()
    with Patches().until_the_end() as patches:
        _adapt_layers(patches)
        _adapt_classes(patches)
        _adapt_functions(patches)
        adapt_checkpoint(patches)
        adapt_monitors(patches)
        adapt_schedules(patches)
        adapt_tensorboard(patches)
        adapt_models(patches)
        adapt_initializers(patches)
        yield


def _adapt_layers(patches: Patches) -> None:
    import keras

    for name, form in FORMS.items():
        cls = vars(keras.layers).get(name.removeprefix("keras.layers."))
        if name == form.modern and name.startswith("keras.layers.") and isinstance(cls, type):
            patches.put(cls, "__init__", adapted_init(cls, name, remember_input))
    base = keras.layers.Layer
    patches.put(base, "__init__", adapted_init(base, "keras.layers.Layer", remember_input))
    patches.put(base, "add_weight", adapted_method(base.add_weight, "keras.layers.Layer.add_weight"))
    metric = keras.Metric
    patches.put(metric, "add_weight", adapted_method(metric.add_weight, "keras.layers.Layer.add_weight"))
    patches.put(keras.Sequential, "add", adapted_add(keras.Sequential.add))
    for name, named in renamed_layers().items():
        # ``keras.layers.merge`` is a module of Keras 2 as well; imports settle which is meant.
        if isinstance(named, type):
            patches.put(keras.layers, name, named)


def _adapt_classes(patches: Patches) -> None:
    import keras

    for name, form in FORMS.items():
        if name == form.modern and name.startswith(_CLASSES):
            _, module, last = name.split(".")
            cls = getattr(getattr(keras, module), last)
            patches.put(cls, "__init__", adapted_init(cls, name))
    for last, cls in vars(keras.losses).items():
        if isinstance(cls, type) and issubclass(cls, keras.losses.Loss):
            patches.put(cls, "__init__", adapted_init(cls, f"keras.losses.{last}"))
    for last in _CALLBACKS:
        cls = getattr(keras.callbacks, last)
        patches.put(cls, "__init__", adapted_init(cls, f"keras.callbacks.{last}"))


def _adapt_functions(patches: Patches) -> None:
    import keras

    for name in _FUNCTIONS:
        original = getattr(keras.utils, name.rpartition(".")[2])
        _everywhere(patches, original, adapted_function(original, name))
    for dataset in ("imdb", "reuters"):
        module = getattr(keras.datasets, dataset)
        name = f"keras.datasets.{dataset}.load_data"
        patches.put(module, "load_data", adapted_function(module.load_data, name))
    _everywhere(patches, keras.Input, adapted_function(keras.Input, "keras.Input"))


def _everywhere(patches: Patches, original: Any, adapted: Any) -> None:
    """Replace a function in each public module of Keras that names it."""
    for name, module in list(sys.modules.items()):
        is_public = (name == "keras" or name.startswith("keras.")) and not name.startswith("keras.src")
        if is_public and not is_deferred(name):
            for attribute, value in list(vars(module).items()):
                if value is original:
                    patches.put(module, attribute, adapted)

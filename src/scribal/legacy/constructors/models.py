"""``Model(input=…, output=…)``, and layers found by names that have a slash."""

import functools
from typing import Any

from scribal.legacy.constructors.adapting import adapted_method, modern_arguments
from scribal.legacy.constructors.patches import Patches

__all__ = ["adapt_models"]


def adapt_models(patches: Patches) -> None:
    """Let ``keras.Model`` take ``input`` and ``output``, which it is given for ``inputs`` and ``outputs`` in Keras 1.

    Keras looks at the arguments twice: to choose the class of the model, and to make it.
    """
    import keras
    from keras.src.models.functional import Functional

    create, initialize = keras.Model.__new__, Functional.__init__

    @functools.wraps(create)
    def __new__(cls: type, *args: Any, **kwargs: Any) -> Any:  # noqa: N807 (it becomes the class's)
        if cls is keras.Model and kwargs.keys() & {"input", "output"}:
            call = modern_arguments("keras.Model", args, kwargs)
            return create(cls, *call.positional, **call.keywords)
        return create(cls, *args, **kwargs)

    @functools.wraps(initialize)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes the class's)
        if kwargs.keys() & {"input", "output"}:
            call = modern_arguments("keras.Model", args, kwargs)
            initialize(self, *call.positional, **call.keywords)
        else:
            initialize(self, *args, **kwargs)

    patches.put(keras.Model, "__new__", __new__)
    patches.put(keras.Model, "get_layer", adapted_method(keras.Model.get_layer, "keras.Model.get_layer"))
    patches.put(Functional, "__init__", __init__)

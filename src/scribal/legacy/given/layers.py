"""Layers of Keras 1 and 2 that Keras 3 has not, called as they were."""

from typing import Any

from scribal.legacy.constructors.adapting import modern_arguments
from scribal.legacy.constructors.inputs import remember_input

__all__ = ["Highway", "LocallyConnected1D", "LocallyConnected2D", "MaxoutDense", "ParametricSoftplus"]

MODERN = {
    "Highway": "Dense, Multiply and Add",
    "LocallyConnected1D": "a layer of one's own, with weights for each place",
    "LocallyConnected2D": "a layer of one's own, with weights for each place",
    "MaxoutDense": "Dense, Reshape and the maximum over an axis",
    "ParametricSoftplus": "keras.layers.Activation('softplus')",
}


def Highway(*args: Any, **kwargs: Any) -> Any:  # noqa: N802
    """A dense layer, and a gate that says how much of it takes the input's place."""
    return _made("Highway", args, kwargs)


def LocallyConnected1D(*args: Any, **kwargs: Any) -> Any:  # noqa: N802
    """A convolution whose weights are others at each place of a sequence."""
    return _made("LocallyConnected1D", args, kwargs)


def LocallyConnected2D(*args: Any, **kwargs: Any) -> Any:  # noqa: N802
    """A convolution whose weights are others at each place of an image."""
    return _made("LocallyConnected2D", args, kwargs)


def MaxoutDense(*args: Any, **kwargs: Any) -> Any:  # noqa: N802
    """The largest of several dense layers, unit by unit."""
    return _made("MaxoutDense", args, kwargs)


def ParametricSoftplus(*args: Any, **kwargs: Any) -> Any:  # noqa: N802
    """A softplus whose height and steepness are learned."""
    return _made("ParametricSoftplus", args, kwargs)


def _made(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    from scribal.legacy.definitions import layers

    call = modern_arguments(f"keras.layers.{name}", args, kwargs, caller=3)
    layer = getattr(layers, name)(*call.positional, **call.keywords)
    remember_input(layer, call)
    return layer

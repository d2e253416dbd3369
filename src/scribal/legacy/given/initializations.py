"""``keras.initializations`` of Keras 1: functions that give the first values of weights of a shape.

Programs called them in functions of their own, such as ``lambda shape, name: normal(shape, scale=0.01, name=name)``.
"""

from collections.abc import Sequence
from typing import Any

from scribal.backend import import_keras

__all__ = [
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_uniform",
    "normal",
    "one",
    "orthogonal",
    "uniform",
    "zero",
]

MODERN = {
    "get": "keras.initializers.get",
    "glorot_normal": "keras.initializers.GlorotNormal()(shape)",
    "glorot_uniform": "keras.initializers.GlorotUniform()(shape)",
    "he_normal": "keras.initializers.HeNormal()(shape)",
    "he_uniform": "keras.initializers.HeUniform()(shape)",
    "identity": "keras.initializers.Identity(gain=scale)(shape)",
    "lecun_uniform": "keras.initializers.LecunUniform()(shape)",
    "normal": "keras.initializers.RandomNormal(stddev=scale)(shape)",
    "one": "keras.initializers.Ones()(shape)",
    "orthogonal": "keras.initializers.Orthogonal(gain=scale)(shape)",
    "uniform": "keras.initializers.RandomUniform(-scale, scale)(shape)",
    "zero": "keras.initializers.Zeros()(shape)",
}

Shape = Sequence[int]


def get(identifier: Any, **_: Any) -> Any:
    """The initializer of a name, or the function itself."""
    return import_keras().initializers.get(identifier)


def uniform(shape: Shape, scale: float = 0.05, name: str | None = None, **_: Any) -> Any:
    """Numbers between ``-scale`` and ``scale``."""
    return _values("RandomUniform", shape, name, minval=-scale, maxval=scale)


def normal(shape: Shape, scale: float = 0.05, name: str | None = None, **_: Any) -> Any:
    """Normally distributed numbers with the deviation ``scale``."""
    return _values("RandomNormal", shape, name, stddev=scale)


def lecun_uniform(shape: Shape, name: str | None = None, **_: Any) -> Any:
    """LeCun et al. 1998."""
    return _values("LecunUniform", shape, name)


def glorot_normal(shape: Shape, name: str | None = None, **_: Any) -> Any:
    """Glorot and Bengio 2010."""
    return _values("GlorotNormal", shape, name)


def glorot_uniform(shape: Shape, name: str | None = None, **_: Any) -> Any:
    """Glorot and Bengio 2010."""
    return _values("GlorotUniform", shape, name)


def he_normal(shape: Shape, name: str | None = None, **_: Any) -> Any:
    """He et al. 2015."""
    return _values("HeNormal", shape, name)


def he_uniform(shape: Shape, name: str | None = None, **_: Any) -> Any:
    """He et al. 2015."""
    return _values("HeUniform", shape, name)


def orthogonal(shape: Shape, scale: float = 1.1, name: str | None = None, **_: Any) -> Any:
    """Saxe et al. 2013."""
    return _values("Orthogonal", shape, name, gain=scale)


def identity(shape: Shape, scale: float = 1.0, name: str | None = None, **_: Any) -> Any:
    """``scale`` on the diagonal of a square, otherwise 0."""
    return _values("Identity", shape, name, gain=scale)


def zero(shape: Shape, name: str | None = None, **_: Any) -> Any:
    """Zeros."""
    return _values("Zeros", shape, name)


def one(shape: Shape, name: str | None = None, **_: Any) -> Any:
    """Ones."""
    return _values("Ones", shape, name)


def _values(initializer: str, shape: Shape, name: str | None, **settings: float) -> Any:
    del name
    return getattr(import_keras().initializers, initializer)(**settings)(tuple(shape))

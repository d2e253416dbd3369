"""Layers of Keras 1 and 2 that Keras 3 has not: ``MaxoutDense`` and ``ParametricSoftplus``."""

from typing import Any

from scribal.backend import import_keras

__all__ = ["MaxoutDense", "ParametricSoftplus"]

MODERN = {
    "MaxoutDense": "Dense, Reshape and the maximum over an axis",
    "ParametricSoftplus": "keras.layers.Activation('softplus')",
}


def ParametricSoftplus(alpha_init: float = 0.2, beta_init: float = 5.0, **options: Any) -> Any:  # noqa: N802
    """``alpha * log(1 + exp(beta * x))`` with its first values, which are not trained here."""
    keras = import_keras()
    return keras.layers.Lambda(lambda x: alpha_init * keras.ops.softplus(beta_init * x), **options)


def MaxoutDense(output_dim: int, nb_feature: int = 4, init: str = "glorot_uniform", **options: Any) -> Any:  # noqa: N802
    """The largest of ``nb_feature`` dense layers, unit by unit (Goodfellow et al. 2013, arXiv:1302.4389)."""
    keras = import_keras()
    known = {name: value for name, value in options.items() if name in {"input_dim", "input_shape", "name"}}
    name = known.pop("name", None)
    width = known.pop("input_dim", None)
    shape = (width,) if width else known.pop("input_shape", None)
    return keras.Sequential(
        [
            *([keras.Input(shape)] if shape else []),
            keras.layers.Dense(output_dim * nb_feature, kernel_initializer=init),
            keras.layers.Reshape((nb_feature, output_dim)),
            keras.layers.Lambda(lambda x: keras.ops.max(x, axis=1), output_shape=(output_dim,)),
        ],
        name=name,
    )

"""Layers of Keras 1 and 2 that Keras 3 has not: ``Highway``, ``MaxoutDense`` and ``ParametricSoftplus``."""

from typing import Any

from scribal.backend import import_keras

__all__ = ["Highway", "MaxoutDense", "ParametricSoftplus"]

MODERN = {
    "Highway": "Dense, Multiply and Add",
    "MaxoutDense": "Dense, Reshape and the maximum over an axis",
    "ParametricSoftplus": "keras.layers.Activation('softplus')",
}


def Highway(  # noqa: N802
    init: str = "glorot_uniform", transform_bias: float = -2, activation: Any = None, **options: Any
) -> Any:
    """A dense layer and a gate that says how much of it replaces the input (arXiv:1505.00387)."""
    keras = import_keras()

    layer_class: Any = keras.layers.Layer

    class Gated(layer_class):  # type: ignore[misc] # Keras has no types
        def build(self, shape: Any) -> None:
            shared = {"units": shape[-1], "kernel_initializer": init}
            self.transformed = keras.layers.Dense(**shared, activation=activation)
            bias = keras.initializers.Constant(transform_bias)
            self.gate = keras.layers.Dense(**shared, activation="sigmoid", bias_initializer=bias)
            self.transformed.build(shape)
            self.gate.build(shape)

        def call(self, x: Any) -> Any:
            share = self.gate(x)
            return share * self.transformed(x) + (1 - share) * x

    known = {name: value for name, value in options.items() if name in {"input_dim", "input_shape", "name"}}
    return Gated(**known)


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

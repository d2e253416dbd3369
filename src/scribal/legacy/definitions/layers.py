"""Layers that Keras 3 does not have."""

import keras

__all__ = ["Highway", "LocallyConnected1D", "LocallyConnected2D", "MaxoutDense", "ParametricSoftplus"]


class Highway(keras.layers.Layer):
    """A dense layer, and a gate that says how much of it takes the input's place (arXiv:1505.00387)."""

    def __init__(self, activation=None, kernel_initializer="glorot_uniform", transform_bias=-2, **kwargs):
        super().__init__(**kwargs)
        self.settings = {"activation": activation, "kernel_initializer": kernel_initializer}
        self.bias = keras.initializers.Constant(transform_bias)

    def build(self, input_shape):
        units = input_shape[-1]
        initializer = self.settings["kernel_initializer"]
        self.transform = keras.layers.Dense(units, **self.settings)
        self.gate = keras.layers.Dense(units, "sigmoid", kernel_initializer=initializer, bias_initializer=self.bias)
        self.transform.build(input_shape)
        self.gate.build(input_shape)

    def call(self, inputs):
        share = self.gate(inputs)
        return share * self.transform(inputs) + (1 - share) * inputs


class MaxoutDense(keras.layers.Layer):
    """The largest of several dense layers, unit by unit (arXiv:1302.4389)."""

    def __init__(self, units, nb_feature=4, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.nb_feature = nb_feature
        self.dense = keras.layers.Dense(units * nb_feature, kernel_initializer=kernel_initializer)

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        values = keras.ops.reshape(self.dense(inputs), (-1, self.nb_feature, self.units))
        return keras.ops.max(values, axis=1)


class ParametricSoftplus(keras.layers.Layer):
    """``alpha * log(1 + exp(beta * x))``, with a learned alpha and beta for each input."""

    def __init__(self, alpha_init=0.2, beta_init=5.0, **kwargs):
        super().__init__(**kwargs)
        self.first = (keras.initializers.Constant(alpha_init), keras.initializers.Constant(beta_init))

    def build(self, input_shape):
        self.alpha, self.beta = (self.add_weight(shape=input_shape[1:], initializer=first) for first in self.first)

    def call(self, inputs):
        return self.alpha * keras.ops.softplus(self.beta * inputs)


class LocallyConnected2D(keras.layers.Layer):
    """A convolution whose weights are others at each place."""

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", activation=None, **kwargs):
        self.settings = {
            name: kwargs.pop(name, None) for name in ("kernel_initializer", "kernel_regularizer", "kernel_constraint")
        }
        use_bias = kwargs.pop("use_bias", True)
        super().__init__(**kwargs)
        self.filters = filters
        self.size = (kernel_size,) * 2 if isinstance(kernel_size, int) else tuple(kernel_size)
        self.strides = (strides,) * 2 if isinstance(strides, int) else tuple(strides)
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias

    def compute_output_shape(self, input_shape):
        places = [
            (length - size) // stride + 1 for length, size, stride in zip(input_shape[1:3], self.size, self.strides)
        ]
        return (input_shape[0], *places, self.filters)

    def build(self, input_shape):
        _, rows, columns, _ = self.compute_output_shape(input_shape)
        inputs = self.size[0] * self.size[1] * input_shape[-1]
        initializer = self.settings["kernel_initializer"] or "glorot_uniform"
        self.kernel = self.add_weight(
            shape=(rows, columns, inputs, self.filters),
            initializer=initializer,
            regularizer=self.settings["kernel_regularizer"],
            constraint=self.settings["kernel_constraint"],
        )
        self.bias = self.add_weight(shape=(rows, columns, self.filters), initializer="zeros") if self.use_bias else 0

    def call(self, inputs):
        patches = keras.ops.image.extract_patches(inputs, self.size, self.strides)
        return self.activation(keras.ops.einsum("nrci,rcif->nrcf", patches, self.kernel) + self.bias)


class LocallyConnected1D(LocallyConnected2D):
    """The same along one axis."""

    def __init__(self, filters, kernel_size, strides=1, padding="valid", activation=None, **kwargs):
        def second(number):
            return (*number, 1) if isinstance(number, (tuple, list)) else (number, 1)

        super().__init__(filters, second(kernel_size), second(strides), padding, activation, **kwargs)

    def build(self, input_shape):
        super().build((*input_shape[:2], 1, input_shape[2]))

    def compute_output_shape(self, input_shape):
        if len(input_shape) == 4:
            return super().compute_output_shape(input_shape)
        samples, places, _, filters = super().compute_output_shape((*input_shape[:2], 1, input_shape[2]))
        return (samples, places, filters)

    def call(self, inputs):
        return super().call(inputs[:, :, None])[:, :, 0]

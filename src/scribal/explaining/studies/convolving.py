"""The first convolution of a network, with the filters it has or with others."""

import dataclasses
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.exceptions import ModelError
from scribal.models import LoadedModel, prepare

__all__ = ["FirstConvolution", "find_convolution", "first_convolution", "pooled", "random_kernel"]


@dataclasses.dataclass(frozen=True)
class FirstConvolution:
    """A network's first Conv2D.

    Attributes:
        layer: The Keras layer.
        kernel: Its filters, of shape (height, width, channels, filters).
        bias: One number for each filter.
    """

    layer: Any
    kernel: np.ndarray
    bias: np.ndarray
    _model: LoadedModel = dataclasses.field(repr=False)

    def with_kernel(self, kernel: np.ndarray) -> "FirstConvolution":
        """The same layer with other filters, and nothing added to what they give."""
        return dataclasses.replace(self, kernel=kernel, bias=np.zeros(kernel.shape[-1], np.float32))

    def maps(self, image: np.ndarray) -> np.ndarray:
        """What every filter makes of an image, behind the layer's activation.

        Args:
            image: Raw pixels, of shape (height, width) or with channels.

        Returns:
            float32 of shape (filters, rows, columns).

        Raises:
            ModelError: The network does not take such an image.
        """
        keras = import_keras()
        model = self._model.model
        inputs = prepare(image[None], tuple(model.input_shape[1:]), self._model.metadata.scale)
        entering = keras.Model(model.inputs, self.layer.input).predict(inputs, verbose=0)
        config = self.layer.get_config() | {"filters": self.kernel.shape[-1], "use_bias": True, "groups": 1}
        copy = type(self.layer).from_config(config)
        copy.build(entering.shape)
        copy.set_weights([self.kernel, self.bias])
        maps = np.asarray(copy(entering))[0]
        is_last = self.layer.data_format == "channels_last"
        return np.moveaxis(maps, -1, 0) if is_last else maps


def first_convolution(model: LoadedModel) -> FirstConvolution:
    """Find the first Conv2D that a network applies to its input.

    Raises:
        ModelError: There is none.
    """
    layer = find_convolution(model.model)
    kernel, *bias = (np.asarray(weight) for weight in layer.get_weights())
    return FirstConvolution(layer, kernel, bias[0] if bias else np.zeros(kernel.shape[-1], np.float32), model)


def find_convolution(model: Any) -> Any:
    """Find the first Conv2D among the layers of a ``keras.Model``.

    Raises:
        ModelError: There is none.
    """
    layers = import_keras().layers
    found = next((layer for layer in model.layers if type(layer) is layers.Conv2D), None)
    if found is None:
        raise ModelError(
            "The filter study needs a network with a Conv2D layer",
            received=f"{model.name} with {', '.join(type(layer).__name__ for layer in model.layers)}",
            advice="Try dropout-cnn",
        )
    return found


def random_kernel(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Draw filters as Keras does before training: uniform, in the range of X. Glorot and Y. Bengio (AISTATS 2010).

    Args:
        shape: (height, width, channels, filters).
        seed: The same seed gives the same filters.
    """
    area = shape[0] * shape[1]
    limit = np.sqrt(6 / (area * (shape[2] + shape[3])))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(np.float32)


def pooled(maps: np.ndarray) -> np.ndarray:
    """Take the largest of each 2x2 pixels of maps, shape (n, rows, columns); an odd last row or column is left out."""
    count, rows, columns = maps.shape
    even = maps[:, : rows // 2 * 2, : columns // 2 * 2]
    largest: np.ndarray = even.reshape(count, rows // 2, 2, columns // 2, 2).max(axis=(2, 4))
    return largest

"""Networks whose images have their channels first, as networks whose images have them last.

Keras' weights have the same shapes either way, and its Flatten brings channels last before it flattens; so only where
an image comes in must anything be done, and an image of one channel is the same numbers in the same order. Layers
between lose what they say of the order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scribal.engine.errors import LoweringError

__all__ = ["ChannelOrder"]

Config = Mapping[str, Any]
_IMAGE_RANK = 3
# Layers that go value by value, and what becomes of the axis of the others, which count it with the batch.
_VALUE_BY_VALUE = ("Activation", "Dropout", "ReLU", "LeakyReLU", "ELU", "Rescaling", "Add")
_WITH_AXIS = ("BatchNormalization", "Concatenate")


@dataclass
class ChannelOrder:
    """Which nodes stand for images that Keras has with the channels first.

    Attributes:
        first: Names of the nodes.
    """

    first: set[str] = field(default_factory=set)

    def concerns(self, config: Config, inputs: tuple[str, ...]) -> bool:
        """Whether a layer reads such images, or wants to."""
        return config.get("data_format") == "channels_first" or not self.first.isdisjoint(inputs)

    def turned(self, class_name: str, config: Config, inputs: tuple[str, ...]) -> Config:
        """A layer's configuration for images with the channels last.

        Raises:
            LoweringError: The layer looks at the order, and would see another.
        """
        name, axis = config.get("name"), config.get("axis", -1)
        axis = axis[0] if isinstance(axis, list | tuple) and len(axis) == 1 else axis
        if config.get("data_format") == "channels_first":
            return {**config, "data_format": "channels_last"}
        if class_name in _WITH_AXIS and axis in (1, -_IMAGE_RANK):
            return {**config, "axis": -1}
        if class_name in _VALUE_BY_VALUE and config.get("activation") != "softmax":
            return config
        raise LoweringError(
            f"Layer {name!r} must read images in the order of the layers before it for the engine to run it",
            received=f"channels_first images, from {', '.join(inputs)}",
            advice="Flatten them with data_format='channels_first', or write the network with channels_last",
        )

    def image_of(self, name: str, shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """The shape that an image has with the channels last; None if it is seen so already, or is no image.

        Raises:
            LoweringError: It has several channels, whose numbers would lie in another order.
        """
        if name in self.first or len(shape) == 1:
            return None
        channels, *image = shape
        if channels != 1:
            raise LoweringError(
                f"Images with the channels first must have one channel for the engine to run {name!r}",
                received=f"shape {shape}",
                advice="Bring the channels last, as in np.moveaxis(images, 1, -1)",
            )
        return (*image, channels)

    def note(self, output: str, shape: tuple[int, ...]) -> None:
        """Remember what a layer gives, if that is still an image."""
        if len(shape) == _IMAGE_RANK:
            self.first.add(output)

"""What a recipe is: a Keras network and how it is trained, as one frozen description."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from scribal.exceptions import ModelError, ScribalError

__all__ = ["Recipe", "Shape"]

Shape = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A network with everything needed to train it as its author did.

    Attributes:
        name: What it is called on the command line.
        summary: Its layers or its idea, in one line.
        network: Makes the uncompiled Keras model for an input shape (without the batch) and a number of classes.
        parameters: Number of trainable and non-trainable parameters for ``input_shape`` and ``classes``.
        input_shape: Shape of one sample that the recipe was written for.
        classes: Number of classes that the recipe was written for.
        dataset: Name of the dataset that it is trained on when no other is given.
        scale: Raw pixel values are multiplied by this before they enter the network: 1 or 1/255.
        loss: Keras' name of the loss.
        optimizer: Keras' name of the optimizer.
        optimizer_arguments: Arguments of the optimizer that differ from Keras' defaults.
        schedule: How the learning rate goes on: ``"constant"``, or ``"cosine"``: down to 0 at the last step.
        augmentation: How images are renewed for every epoch: a name of ``scribal.data.augmentation.AUGMENTATIONS``.
        batch_size: Samples a training step.
        epochs: Passes over the training data.
        validation: ``"test"``: the test set is looked at after each epoch (nothing is chosen by it); ``"none"``; or
            the fraction of the training set, taken from its end as Keras does, that is held out.
        reported: The figures its source reports, such as ``{"test_accuracy": 0.9852}``.
        reported_note: What the source reports beyond figures.
    """

    name: str
    summary: str
    network: Callable[[Shape, int], Any] = field(repr=False)
    parameters: int | None = None
    input_shape: Shape = (28, 28, 1)
    classes: int = 10
    dataset: str = "mnist"
    scale: float = 1 / 255
    loss: str = "categorical_crossentropy"
    optimizer: str = "adam"
    optimizer_arguments: Mapping[str, Any] = field(default_factory=dict)
    schedule: str = "constant"
    augmentation: str = "none"
    batch_size: int = 32
    epochs: int = 10
    validation: str | float = "test"
    reported: Mapping[str, float] = field(default_factory=dict)
    reported_note: str = ""

    def __post_init__(self) -> None:
        for name in ("optimizer_arguments", "reported"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def build(self, input_shape: Shape | None = None, classes: int | None = None) -> Any:
        """Make the recipe's network, not compiled.

        Args:
            input_shape: Shape of one sample, such as ``(28, 28, 1)``; the recipe's own by default.
            classes: Number of classes; the recipe's own by default.

        Returns:
            A ``keras.Model``. Its initial weights follow Keras' global seed (``keras.utils.set_random_seed``).

        Raises:
            ModelError: The layers do not fit the input shape, for instance because the images are too small.
        """
        shape = input_shape or self.input_shape
        try:
            return self.network(shape, classes or self.classes)
        except ScribalError:
            raise
        except ValueError as error:
            raise ModelError(
                f"The layers of {self.name} must fit the input",
                received=f"input_shape={shape}: {error}",
                advice=f"The recipe is written for {self.input_shape}; use data of such a shape, or another recipe",
            ) from error

    def describe(self) -> dict[str, Any]:
        """Everything but the network itself, as plain values for JSON."""
        return {
            "name": self.name,
            "summary": self.summary,
            "parameters": self.parameters,
            "input_shape": list(self.input_shape),
            "classes": self.classes,
            "dataset": self.dataset,
            "scale": self.scale,
            "loss": self.loss,
            "optimizer": self.optimizer,
            "optimizer_arguments": dict(self.optimizer_arguments),
            "schedule": self.schedule,
            "augmentation": self.augmentation,
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "validation": self.validation,
            "reported": dict(self.reported),
            "reported_note": self.reported_note,
        }

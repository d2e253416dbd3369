"""What is trained on what: a recipe's network built for a dataset, and the dataset prepared for the network."""

import dataclasses
import math
from typing import Any

from scribal.backend import import_keras
from scribal.data import Dataset
from scribal.exceptions import ArgumentError, ModelError
from scribal.models import prepare
from scribal.recipes import Recipe
from scribal.runs.labels import loss_name, targets
from scribal.runs.samples import Samples
from scribal.runs.settings import Settings

__all__ = ["build_for", "samples_for"]


def build_for(recipe: Recipe, dataset: Dataset, settings: Settings, given: dict[str, Any]) -> tuple[Any, Settings]:
    """Build and compile the network for a dataset; a user's compiled model keeps its optimizer and loss."""
    keras = import_keras()
    keras.utils.set_random_seed(settings.seed)
    model = recipe.build(_input_shape(recipe, dataset), dataset.classes)
    optimizer: Any = None
    loss: Any = settings.loss
    if model.compiled and model.loss is not None:
        loss = model.loss
        settings = dataclasses.replace(settings, loss=loss_name(loss))
        if "optimizer" not in given and "learning_rate" not in given:
            optimizer = model.optimizer
            rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
            settings = dataclasses.replace(
                settings, optimizer=type(optimizer).__name__.lower(), optimizer_arguments={"learning_rate": rate}
            )
    elif model.output_shape[-1] == 1:
        loss = settings.loss if recipe.loss == "mean_squared_error" else "binary_crossentropy"
        settings = dataclasses.replace(settings, loss=loss)
    if optimizer is None:
        description = {"class_name": settings.optimizer, "config": settings.optimizer_arguments}
        optimizer = keras.optimizers.get(description)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    if math.prod(model.input_shape[1:]) != math.prod(dataset.x_train.shape[1:]):
        raise ModelError(
            "A network's input must have the shape of the data",
            received=f"input {model.input_shape[1:]} for samples {dataset.x_train.shape[1:]}",
            advice="Let build() take (input_shape, classes), or use other data",
        )
    return model, settings


def _input_shape(recipe: Recipe, dataset: Dataset) -> tuple[int, ...]:
    """The shape of one sample as the recipe's network takes it: flat for a flat recipe, else with a channel axis."""
    shape = tuple(dataset.x_train.shape[1:])
    if len(recipe.input_shape) == 1:
        return (math.prod(shape),)
    return (*shape, 1) if len(shape) == 2 else shape  # noqa: PLR2004 (height and width)


def samples_for(model: Any, dataset: Dataset, settings: Settings) -> Samples:
    """Prepare a dataset for a network: scaled inputs, encoded labels, and the part that validates."""
    outputs = int(model.output_shape[-1])

    def prepared(x: Any, y: Any) -> tuple[Any, Any]:
        return prepare(x, model.input_shape[1:], settings.scale), targets(y, loss=settings.loss, outputs=outputs)

    x, y = prepared(dataset.x_train, dataset.y_train)
    if settings.validation == "none":
        return Samples(x, y, None)
    if settings.validation == "test":
        return Samples(x, y, prepared(dataset.x_test, dataset.y_test))
    kept = math.floor(len(x) * (1 - float(settings.validation)))
    if not 0 < kept < len(x):
        raise ArgumentError(
            "A held-out fraction must leave samples on both sides",
            received=f"validation={settings.validation} of {len(x)} samples",
            advice="Choose another fraction, or --validation none",
        )
    return Samples(x[:kept], y[:kept], (x[kept:], y[kept:]))

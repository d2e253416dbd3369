"""What is trained on what: a recipe's network built for a dataset, and the dataset prepared for the network."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.data import Dataset
from scribal.data.augmentation import Augmentation, augment, check_augmentable, find_augmentation, make_negatives
from scribal.exceptions import ArgumentError, DataError, ModelError
from scribal.models import prepare
from scribal.recipes import Recipe
from scribal.runs.labels import loss_name, targets
from scribal.runs.logits import output_activation
from scribal.runs.samples import Pair, Samples
from scribal.runs.settings import COSINE, Settings

__all__ = ["build_for", "samples_for"]


def build_for(recipe: Recipe, dataset: Dataset, settings: Settings, given: dict[str, Any]) -> tuple[Any, Settings]:
    """Build and compile the network for a dataset.

    A user's compiled model keeps its loss and, unless another is given, its optimizer. A network whose last layer gives
    logits is trained on a loss that takes them.

    Returns:
        The compiled ``keras.Model``, and the settings with the loss and optimizer that it got.

    Raises:
        ModelError: The network does not fit the data.
        DataError: The data have fewer than two classes.
    """
    keras = import_keras()
    if dataset.classes < 2:  # noqa: PLR2004 (one class leaves nothing to learn)
        raise DataError(
            "Data to train on must have at least two classes",
            received=f"{dataset.name} with the class {', '.join(dataset.class_names)}",
            advice="Add samples of another class",
        )
    keras.utils.set_random_seed(settings.seed)
    model = recipe.build(_input_shape(recipe, dataset), dataset.classes)
    if math.prod(model.input_shape[1:]) != math.prod(dataset.x_train.shape[1:]):
        raise ModelError(
            "A network's input must have the shape of the data",
            received=f"input {model.input_shape[1:]} for samples {dataset.x_train.shape[1:]}",
            advice="Let build() take (input_shape, classes), or use other data",
        )
    loss = _loss(model, settings)
    optimizer = _optimizer(model, settings, given, _steps(dataset, settings))
    if optimizer.__class__.__name__.lower() != settings.optimizer:
        rate = optimizer.get_config()["learning_rate"]
        settings = dataclasses.replace(
            settings,
            optimizer=type(optimizer).__name__.lower(),
            optimizer_arguments={"learning_rate": rate} if isinstance(rate, int | float) else {},
        )
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model, dataclasses.replace(settings, loss=loss_name(loss))


def _loss(model: Any, settings: Settings) -> Any:
    losses = import_keras().losses
    if model.compiled and model.loss is not None:
        return model.loss
    is_linear = output_activation(model) == "linear"
    if model.output_shape[-1] == 1:
        if settings.loss == "mean_squared_error":
            return settings.loss
        return losses.BinaryCrossentropy(from_logits=True) if is_linear else "binary_crossentropy"
    return losses.CategoricalCrossentropy(from_logits=True) if is_linear else settings.loss


def _optimizer(model: Any, settings: Settings, given: dict[str, Any], steps: int) -> Any:
    optimizers = import_keras().optimizers
    wished = given.get("optimizer")
    if wished is not None and not isinstance(wished, str):
        optimizer = optimizers.get(wished)
    elif wished is None and model.compiled:
        optimizer = model.optimizer
    else:
        named = {"class_name": settings.optimizer, "config": settings.optimizer_arguments}
        optimizer = optimizers.get(named)
        if settings.schedule == COSINE:
            rate = optimizers.schedules.CosineDecay(float(optimizer.learning_rate), steps)
            optimizer = optimizers.get(named | {"config": settings.optimizer_arguments | {"learning_rate": rate}})
        return optimizer
    if settings.schedule == COSINE:
        raise ArgumentError(
            "A schedule is for an optimizer that is given by name",
            received="--schedule cosine with an optimizer of the model's or the caller's own",
            advice="Name the optimizer with --optimizer, or build the schedule into your own",
        )
    if "learning_rate" in given:
        optimizer.learning_rate = settings.optimizer_arguments["learning_rate"]
    return optimizer


def _input_shape(recipe: Recipe, dataset: Dataset) -> tuple[int, ...]:
    """The shape of one sample as the recipe's network takes it: flat for a flat recipe, else with a channel axis."""
    shape = tuple(dataset.x_train.shape[1:])
    if len(recipe.input_shape) == 1:
        return (math.prod(shape),)
    return (*shape, 1) if len(shape) == 2 else shape  # noqa: PLR2004 (height and width)


def samples_for(model: Any, dataset: Dataset, settings: Settings) -> Samples:
    """Prepare a dataset for a network: scaled inputs, encoded labels, and the part that validates.

    Raises:
        ArgumentError: Nothing is left to train or to validate on, or the images cannot be augmented.
        ModelError: The network cannot learn what is no digit, for its loss takes no shares of classes.
    """
    outputs = int(model.output_shape[-1])

    def prepared(x: Any, y: Any) -> Pair:
        return prepare(x, model.input_shape[1:], settings.scale), targets(y, loss=settings.loss, outputs=outputs)

    kept = _kept(dataset, settings)
    x, y = prepared(dataset.x_train, dataset.y_train)
    validation = None
    if settings.validation == "test":
        validation = prepared(dataset.x_test, dataset.y_test)
    elif settings.validation != "none":
        validation = (x[kept:], y[kept:])
    augmentation = find_augmentation(settings.augmentation)
    if not augmentation.changes:
        return Samples(x[:kept], y[:kept], validation)
    check_augmentable(dataset.x_train, dataset.class_names, augmentation)
    added = augmentation.negatives_for(kept)
    if added and settings.loss != "categorical_crossentropy":
        raise ModelError(
            f"--augment {augmentation.name} needs the loss categorical_crossentropy, for targets that are shares",
            received=settings.loss,
            advice="Train with --augment photos, or on that loss",
        )
    inputs = dataset.x_train[:kept]
    renew = _renewal(model, inputs, dataset.y_train[:kept], y[:kept], augmentation, settings, dataset.class_names)
    return Samples(x[:kept], y[:kept], validation, renew, added)


def _renewal(
    model: Any,
    images: np.ndarray,
    labels: np.ndarray,
    y: np.ndarray,
    augmentation: Augmentation,
    settings: Settings,
    class_names: tuple[str, ...],
) -> Callable[[int, Callable[[], None]], Pair]:
    """What makes an epoch's samples: images renewed, then pictures that show no digit, all classes equally true."""
    pictures = images.reshape(images.shape[:3])
    are_digits = class_names == tuple(str(digit) for digit in range(10))
    added = augmentation.negatives_for(len(images))

    def renew(epoch: int, between: Callable[[], None]) -> Pair:
        changed = augment(
            pictures, labels, augmentation, seed=settings.seed, epoch=epoch, are_digits=are_digits, between=between
        )
        if not added:
            return prepare(changed, model.input_shape[1:], settings.scale), y
        others, _ = make_negatives(pictures, labels, added, seed=settings.seed, epoch=epoch)
        even = np.full((added, y.shape[1]), 1 / y.shape[1], y.dtype)
        inputs = prepare(np.concatenate([changed, others]), model.input_shape[1:], settings.scale)
        return inputs, np.concatenate([y, even])

    return renew


def _kept(dataset: Dataset, settings: Settings) -> int:
    """How many of the training samples are trained on; those after them validate."""
    count = len(dataset.x_train)
    if settings.validation in ("none", "test"):
        return count
    kept = math.floor(count * (1 - float(settings.validation)))
    if not 0 < kept < count:
        raise ArgumentError(
            "A held-out fraction must leave samples on both sides",
            received=f"validation={settings.validation} of {count} samples",
            advice="Choose another fraction, or --validation none",
        )
    return kept


def _steps(dataset: Dataset, settings: Settings) -> int:
    """Steps of the whole training."""
    kept = _kept(dataset, settings)
    count = kept + find_augmentation(settings.augmentation).negatives_for(kept)
    return settings.epochs * -(-count // settings.batch_size)

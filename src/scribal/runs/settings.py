"""What a training is told: a recipe's values with the user's on top, each checked."""

import dataclasses
import math
import operator
from dataclasses import dataclass
from typing import Any

from scribal.exceptions import ArgumentError, UnknownNameError
from scribal.recipes import Recipe

__all__ = ["CONSTANT", "COSINE", "ENGINES", "OPTIMIZERS", "SCHEDULES", "Settings", "settle"]

ENGINES = ("auto", "native", "keras")
OPTIMIZERS = ("adam", "adamw", "sgd", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "lion")
CONSTANT, COSINE = SCHEDULES = ("constant", "cosine")
_MOST_EPOCHS = 1_000_000
_LARGEST_BATCH = 1_000_000
_LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one training goes. Two trainings with equal settings on one machine give the same weights, bit for bit.

    Attributes:
        epochs: Passes over the training data.
        batch_size: Samples a step.
        optimizer: Keras' name of the optimizer.
        optimizer_arguments: Its arguments beside Keras' defaults.
        loss: Keras' name of the loss.
        scale: Factor on raw pixel values.
        seed: Of the initial weights, of the shuffling and of dropout.
        validation: ``"test"``, ``"none"`` or the held-out fraction of the training set.
        engine: What trains: one of :data:`ENGINES`.
        threads: Processor cores to use; all of them when ``None``.
        schedule: How the learning rate goes on: one of :data:`SCHEDULES`.
        augmentation: How images are renewed for every epoch: a name of ``scribal.data.augmentation.AUGMENTATIONS``.
    """

    epochs: int
    batch_size: int
    optimizer: str
    optimizer_arguments: dict[str, Any]
    loss: str
    scale: float
    seed: int
    validation: str | float
    engine: str
    threads: int | None
    # Runs of earlier versions have neither.
    schedule: str = CONSTANT
    augmentation: str = "none"

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain values for JSON."""
        return dataclasses.asdict(self)


def settle(
    recipe: Recipe,
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    optimizer: Any = None,
    seed: int = 0,
    validation: str | float | None = None,
    engine: str = "auto",
    threads: int | None = None,
    schedule: str | None = None,
    augment: str | None = None,
) -> Settings:
    """Put the user's values on top of the recipe's and check them.

    Raises:
        ArgumentError: A value is out of range.
        UnknownNameError: There is no optimizer, engine, schedule or augmentation of that name.
    """
    # What answers reads this module too, and need not wait for what renews images.
    from scribal.data.augmentation import find_augmentation

    name = recipe.optimizer if optimizer is None else str(getattr(optimizer, "name", optimizer)).lower()
    if name not in OPTIMIZERS and (optimizer is None or isinstance(optimizer, str)):
        raise UnknownNameError("optimizer", name, OPTIMIZERS)
    if engine not in ENGINES:
        raise UnknownNameError("engine", engine, ENGINES)
    rate_schedule = recipe.schedule if schedule is None else schedule
    if rate_schedule not in SCHEDULES:
        raise UnknownNameError("schedule", str(rate_schedule), SCHEDULES)
    # The recipe's arguments belong to its own optimizer: another one starts from Keras' defaults.
    arguments = dict(recipe.optimizer_arguments) if name == recipe.optimizer else {}
    if learning_rate is not None:
        arguments["learning_rate"] = _learning_rate(learning_rate)
    return Settings(
        epochs=_whole("epochs", recipe.epochs if epochs is None else epochs, 1, _MOST_EPOCHS),
        batch_size=_whole("batch size", recipe.batch_size if batch_size is None else batch_size, 1, _LARGEST_BATCH),
        optimizer=name,
        optimizer_arguments=arguments,
        loss=recipe.loss,
        scale=recipe.scale,
        seed=_whole("seed", seed, 0, _LARGEST_SEED),
        validation=_validation(recipe.validation if validation is None else validation),
        engine=engine,
        threads=None if threads is None else _whole("threads", threads, 1, 1024),
        schedule=rate_schedule,
        augmentation=find_augmentation(recipe.augmentation if augment is None else augment).name,
    )


def _whole(name: str, value: Any, least: int, most: int) -> int:
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if not least <= number <= most:
        raise ArgumentError(
            f"{name} must be a whole number from {least} to {most}",
            received=f"{name}={value}",
            advice=f"Give --{name.replace(' ', '-')} a value in that range",
        )
    return number


def _learning_rate(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or not 0 < number <= 100:  # noqa: PLR2004 (larger never trains)
        raise ArgumentError(
            "learning rate must be a number above 0 and at most 100",
            received=f"learning rate={value}",
            advice="Usual are 0.001 for Adam and 0.01 for SGD",
        )
    return number


def _validation(value: Any) -> str | float:
    if isinstance(value, str) and value in ("test", "none"):
        return value
    try:
        fraction = float(value)
    except (TypeError, ValueError):
        fraction = math.nan
    if 0 < fraction < 1:
        return fraction
    raise ArgumentError(
        "validation must be 'test', 'none' or a fraction of the training set between 0 and 1",
        received=f"validation={value}",
        advice="Give --validation 0.2 to hold out a fifth of the training set",
    )

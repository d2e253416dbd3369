"""What ``model.compile`` was given -> loss and optimizer of the engine.

Reads the dictionary ``model.get_compile_config()`` gives, which is also what a saved file holds.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from scribal.engine.errors import LoweringError
from scribal.engine.schedule import lower_schedule
from scribal.engine.training import SGD, Adadelta, Adagrad, Adam, Adamax, Loss, LossName, Optimizer, RMSprop

__all__ = ["lower_loss", "lower_optimizer"]

_LOSSES = {
    "CategoricalCrossentropy": "categorical_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
    "BinaryCrossentropy": "binary_crossentropy",
    "MeanSquaredError": "mean_squared_error",
    "mse": "mean_squared_error",
    "bce": "binary_crossentropy",
}
_OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "adam": Adam,
    "adamw": Adam,
    "adamax": Adamax,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
}
_KERAS_ONLY = ("use_ema", "loss_scale_factor", "gradient_accumulation_steps")
# Keras' defaults, which an option may have although the engine does not know it.
_NEUTRAL = {"reduction": "sum_over_batch_size", "axis": -1, "ignore_class": None, "dtype": "float32"}


def lower_loss(value: Any) -> Loss:
    """Lower a loss.

    Args:
        value: A name such as ``"mse"``, or a serialized loss object.

    Raises:
        LoweringError: The loss, or one of its options, has no form in the engine.
    """
    class_name, config = _taken_apart(value)
    name: Any = _LOSSES.get(class_name, class_name)
    if name not in get_args(LossName):
        raise LoweringError("The loss must be one the engine knows", received=value)
    for option, neutral in _NEUTRAL.items():
        if config.get(option, neutral) not in (neutral, None):
            raise LoweringError(f"Loss {name} must keep the default {option}={neutral}", received=config[option])
    return Loss(name, bool(config.get("from_logits", False)), float(config.get("label_smoothing") or 0))


def lower_optimizer(value: Any) -> Optimizer:
    """Lower an optimizer.

    Args:
        value: A name such as ``"adam"``, or a serialized optimizer object.

    Raises:
        LoweringError: The optimizer, or one of its options, has no form in the engine.
    """
    class_name, config = _taken_apart(value)
    kind = _OPTIMIZERS.get(class_name.lower())
    if kind is None:
        raise LoweringError("The optimizer must be one the engine knows", received=value)
    for option in _KERAS_ONLY:
        if config.get(option):
            raise LoweringError(f"Optimizer {class_name} must not use {option}", received=config[option])
    known = {field.name for field in fields(kind)}
    options: dict[str, Any] = {"weight_decay": 0.004} if class_name.lower() == "adamw" else {}
    options |= {name: option for name, option in config.items() if name in known}
    if isinstance(options.get("learning_rate"), Mapping):
        options["learning_rate"] = lower_schedule(options["learning_rate"])
    return kind(**options)


def _taken_apart(value: Any) -> tuple[str, Mapping[str, Any]]:
    """Class name and options of a loss or optimizer; a name and a function alone have default options."""
    if not isinstance(value, Mapping):
        return str(value), {}
    if value["class_name"] == "function":
        return str(value["config"]), {}
    return str(value["class_name"]), value["config"]

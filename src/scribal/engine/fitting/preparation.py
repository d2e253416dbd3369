"""What has to hold before a Keras model is handed to the engine."""

from typing import Any

from scribal.backend import import_keras
from scribal.engine.compiled import is_keras_own
from scribal.engine.errors import LoweringError
from scribal.exceptions import UnknownNameError

__all__ = ["ENGINES", "check_engine", "dropout_seed", "prepare"]

ENGINES = ("auto", "native", "keras")


def check_engine(engine: str) -> None:
    """Refuse a word that is no engine."""
    if engine not in ENGINES:
        raise UnknownNameError("engine", str(engine), ENGINES)


def prepare(model: Any, x: Any) -> None:
    """Build a model that learns its input's shape from the data, and refuse what only Keras can do.

    Args:
        model: A ``keras.Model``.
        x: Its inputs.

    Raises:
        LoweringError: The model, or how Keras is set up, has no form in the engine.
    """
    keras = import_keras()
    if not is_keras_own(model):
        raise LoweringError("A model must be Sequential or functional, not a class of its own", received=type(model))
    if keras.distribution.distribution() is not None:
        raise LoweringError("Only Keras trains on several devices", received=keras.distribution.distribution())
    if keras.config.max_epochs() or keras.config.max_steps_per_epoch():
        raise LoweringError(
            "Only Keras keeps to its limits for debugging", received="max_epochs or max_steps_per_epoch"
        )
    if not model.built:
        model.build((None, *x.shape[1:]))


def dropout_seed(model: Any) -> int:
    """The seed of the first layer that draws random numbers, so that Keras' own seeding decides; 0 without one."""
    for layer in model.layers:
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            return int(import_keras().ops.convert_to_numpy(generator.state)[0])
    return 0

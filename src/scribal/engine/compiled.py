"""What a Keras model was compiled with -> loss and optimizer of the engine."""

from typing import Any

from scribal.backend import import_keras
from scribal.engine.errors import LoweringError
from scribal.engine.lower_training import lower_loss, lower_optimizer
from scribal.engine.training import Loss, Optimizer

__all__ = ["is_keras_own", "lower_compiled"]


def lower_compiled(model: Any) -> tuple[Loss, Optimizer]:
    """Lower a compiled model's loss and optimizer.

    Args:
        model: A compiled ``keras.Model``.

    Raises:
        LoweringError: The loss or the optimizer has no form in the engine, or is not Keras' own.
    """
    keras = import_keras()
    loss, optimizer = model.loss, model.optimizer
    if isinstance(loss, list | tuple) and len(loss) == 1:
        (loss,) = loss
    # A name says nothing about whose a class or function is.
    for what, value in (("loss", loss), ("optimizer", optimizer)):
        if not isinstance(value, str) and not is_keras_own(value):
            raise LoweringError(f"The {what} must be one of Keras' own", received=value)
    if not isinstance(loss, str):
        loss = keras.losses.serialize(loss)
    return lower_loss(loss), lower_optimizer(keras.optimizers.serialize(optimizer))


def is_keras_own(value: Any) -> bool:
    """Whether a function, or an object's class, is one of Keras' own."""
    kind = value if callable(value) and hasattr(value, "__qualname__") else type(value)
    return str(kind.__module__).startswith("keras.")

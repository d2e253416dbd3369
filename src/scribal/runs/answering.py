"""Who answers a question about a trained network: the engine where it can, else Keras."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from scribal.engine.errors import LoweringError
from scribal.exceptions import UnknownNameError
from scribal.models import LoadedModel
from scribal.runs.logits import answers
from scribal.runs.settings import ENGINES

__all__ = ["Answered", "answered_by", "by_keras", "natively"]

Answer = TypeVar("Answer")

_BATCH = 1000


@dataclass(frozen=True)
class Answered(Generic[Answer]):
    """An answer and who gave it.

    Attributes:
        value: The answer.
        engine: ``"native"`` or ``"keras"``.
        reason: Why it was Keras, where it was not asked to; empty otherwise.
    """

    value: Answer
    engine: str
    reason: str


def answered_by(engine: str, native: Callable[[], Answer], keras: Callable[[], Answer]) -> Answered[Answer]:
    """Have the engine answer, or Keras.

    Args:
        engine: ``"native"``, ``"keras"``, or ``"auto"``: the engine if it can.
        native: Asks the engine; may raise LoweringError.
        keras: Asks Keras.

    Raises:
        LoweringError: The engine is to answer, and cannot.
        UnknownNameError: There is no engine of that name.
    """
    if engine not in ENGINES:
        raise UnknownNameError("engine", engine, ENGINES)
    if engine == "keras":
        return Answered(keras(), "keras", "")
    try:
        return Answered(native(), "native", "")
    except LoweringError as error:
        if engine == "native":
            raise
        reason = f"Keras answers, not the engine: {error.rule}. Received: {error.received}."
        return Answered(keras(), "keras", reason)


def natively(loaded: LoadedModel, x: np.ndarray) -> tuple[np.ndarray, str]:
    """What a model answers on the engine, as logits where a softmax makes probabilities of them.

    Args:
        loaded: The model.
        x: Prepared inputs, shape (n, *input_shape).

    Returns:
        The outputs, shape (n, outputs), and the name of the activation that made them: ``"linear"`` for logits.

    Raises:
        LoweringError: The engine has no form for the model.
    """
    network = loaded.network.before_softmax
    return network.predictor.predict(x), network.activation


def by_keras(loaded: LoadedModel, x: np.ndarray) -> tuple[np.ndarray, str]:
    """The same from Keras."""
    return answers(loaded.model, x, _BATCH)

"""Between class numbers and what a network's last layer gives: targets for training, probabilities for people."""

from typing import Any

import numpy as np
import numpy.typing as npt

from scribal.engine.reference.activations import sigmoid, softmax
from scribal.exceptions import ModelError

__all__ = ["loss_name", "probabilities", "targets"]

_CATEGORICAL = "categorical_crossentropy"
_SPARSE = "sparse_categorical_crossentropy"


def targets(y: np.ndarray, *, loss: str, outputs: int) -> np.ndarray:
    """Encode class numbers as the loss wants them.

    Args:
        y: Class numbers, shape (n,).
        loss: Keras' name of the loss.
        outputs: Number of values that the network gives a sample.

    Returns:
        For categorical cross-entropy and for other losses on several outputs, one-hot rows (n, outputs) in float32; for
        sparse categorical cross-entropy, the numbers (n,) in int32; for a single output, a column (n, 1) in float32.

    Raises:
        ModelError: There are more classes than outputs.
    """
    most = int(y.max(initial=0)) + 1
    if most > max(outputs, 2):
        raise ModelError(
            "A network must have an output for each class",
            received=f"{outputs} outputs for {most} classes",
            advice="Give the last Dense layer as many units as the data has classes",
        )
    if loss == _SPARSE:
        return y.astype(np.int32)
    if outputs == 1:
        return y.astype(np.float32).reshape(-1, 1)
    rows = np.zeros((len(y), outputs), np.float32)
    rows[np.arange(len(y)), y] = 1
    return rows


def probabilities(outputs: npt.ArrayLike, activation: str) -> np.ndarray:
    """Turn a network's outputs into probabilities of the classes.

    Args:
        outputs: What the network gave, shape (n, outputs).
        activation: How its last layer makes them: ``"softmax"`` and ``"sigmoid"`` give probabilities, ``"linear"``
            gives logits; of anything else, one output is cut off at 0 and 1, several are taken as they are.

    Returns:
        Probabilities, shape (n, classes), float32; classes is 2 for a single output.
    """
    values = np.asarray(outputs, dtype=np.float32)
    if values.shape[-1] == 1:
        positive = sigmoid(values[:, 0]) if activation == "linear" else np.clip(values[:, 0], 0, 1)
        return np.stack([1 - positive, positive], axis=1)
    return softmax(values) if activation == "linear" else values


def loss_name(loss: Any) -> str:
    """Keras' name of a loss given as a name, a function or an object."""
    if isinstance(loss, str):
        return loss
    return str(getattr(loss, "name", None) or getattr(loss, "__name__", type(loss).__name__))

"""How a network does on a set of samples: loss, accuracy, the confusion matrix and every mistake."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from scribal.backend import import_keras
from scribal.data import Dataset, load_dataset
from scribal.engine.reference.losses import loss_and_gradient
from scribal.engine.training import Loss
from scribal.exceptions import ArgumentError, DataError
from scribal.models import LoadedModel, prepare
from scribal.runs.answering import answered_by, by_keras, natively
from scribal.runs.labels import loss_name, probabilities, targets
from scribal.runs.loading import as_loaded
from scribal.runs.logits import loss_on_logits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Evaluation", "dataset_of", "evaluate", "evaluate_arrays"]


@dataclass(frozen=True)
class Evaluation:
    """A network's answers to a labelled set of samples.

    Attributes:
        labels: The true classes, shape (n,).
        probabilities: What the network answers, shape (n, classes), float32.
        class_names: Names of the classes.
        loss: Mean loss.
        engine: What answered: ``"native"`` or ``"keras"``.
        reason: Why Keras answered although the engine might have; empty otherwise.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    class_names: tuple[str, ...]
    loss: float
    engine: str = "keras"
    reason: str = ""

    @cached_property
    def predictions(self) -> np.ndarray:
        """The most probable class of each sample, shape (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def accuracy(self) -> float:
        """Fraction of right answers."""
        return float((self.predictions == self.labels).mean())

    @cached_property
    def confusion(self) -> np.ndarray:
        """How often each class (row) was taken for each class (column), shape (classes, classes)."""
        counts = np.zeros((len(self.class_names), len(self.class_names)), np.int64)
        np.add.at(counts, (self.labels, self.predictions), 1)
        return counts

    @cached_property
    def misclassified(self) -> "pd.DataFrame":
        """Every wrong answer, most confident first.

        Columns: ``index`` (place in the set), ``label`` and ``prediction`` (class names), ``confidence`` (probability
        of the prediction) and ``label_probability`` (of the true class).
        """
        import pandas as pd

        wrong = np.flatnonzero(self.predictions != self.labels)
        names = np.array(self.class_names, dtype=object)
        frame = pd.DataFrame(
            {
                "index": wrong,
                "label": names[self.labels[wrong]],
                "prediction": names[self.predictions[wrong]],
                "confidence": self.probabilities[wrong, self.predictions[wrong]],
                "label_probability": self.probabilities[wrong, self.labels[wrong]],
            }
        )
        return frame.sort_values(["confidence", "index"], ascending=[False, True], ignore_index=True)

    def confusion_table(self) -> "pd.DataFrame":
        """The confusion matrix with the classes' names on its rows (labels) and columns (predictions)."""
        import pandas as pd

        names = list(self.class_names)
        return pd.DataFrame(self.confusion, index=pd.Index(names, name="label"), columns=names)


def evaluate(model: Any, data: Any = None, *, split: str = "test", engine: str = "auto") -> Evaluation:
    """Evaluate a network on a dataset.

    Args:
        model: A run folder, a model file in any of the four forms, or a ``keras.Model``.
        data: A dataset's name or path, or a :class:`~scribal.data.Dataset`; by default the one that a run was trained
            on, or MNIST.
        split: ``"test"`` or ``"train"``.
        engine: What answers: ``"native"``, ``"keras"``, or ``"auto"``: the engine where it can.

    Raises:
        ModelError: The model cannot be loaded or does not fit the data.
        DataError: The data cannot be loaded or has other classes than the model.
        LoweringError: The engine is to answer, and has no form for the model or its loss.
    """
    if split not in ("test", "train"):
        raise ArgumentError(
            "split must be 'test' or 'train'", received=f"split={split!r}", advice="Give one of the two"
        )
    loaded = as_loaded(model)
    dataset = dataset_of(loaded, data)
    known = loaded.metadata.class_names
    if not loaded.metadata_assumed and dataset.class_names != known[: dataset.classes]:
        raise DataError(
            "The data's classes must be the model's",
            received=f"{', '.join(dataset.class_names)} for a model of {', '.join(known)}",
            advice="Evaluate on data of the kind that the model was trained on",
        )
    x, y = (dataset.x_test, dataset.y_test) if split == "test" else (dataset.x_train, dataset.y_train)
    return evaluate_arrays(loaded, x, y, engine=engine)


def dataset_of(loaded: LoadedModel, data: Any = None) -> Dataset:
    """The dataset that is asked for, or the one that a model was trained on; MNIST for a model that does not say.

    Raises:
        DataError: It cannot be loaded, or the model does not say what it was trained on, such as data in memory.
    """
    if isinstance(data, Dataset):
        return data
    if data is None and loaded.metadata.dataset is None and not loaded.metadata_assumed:
        raise DataError(
            "A model that does not say what it was trained on must be told its data",
            received="data=None",
            advice="Give --data or, in Python, data=: a dataset's name or path",
        )
    return load_dataset(data if data is not None else loaded.metadata.dataset or "mnist")


def evaluate_arrays(loaded: LoadedModel, x: np.ndarray, y: np.ndarray, *, engine: str = "auto") -> Evaluation:
    """Evaluate a loaded model on raw samples ``x`` of shape (n, …) with class numbers ``y`` of shape (n,)."""
    names = loaded.metadata.class_names
    if int(y.max(initial=0)) >= len(names):
        raise DataError(
            "The data's classes must be among the model's",
            received=f"label {int(y.max())} for a model of {len(names)} classes",
            advice="Evaluate on data of the kind that the model was trained on",
        )
    inputs = prepare(x, loaded.input_shape, loaded.metadata.scale)

    def native() -> tuple[np.ndarray, str, float]:
        # First, as it may have no native form.
        loss = loaded.network.loss
        outputs, activation = natively(loaded, inputs)
        return outputs, activation, _native_loss(loss, y, outputs, activation)

    def keras() -> tuple[np.ndarray, str, float]:
        outputs, activation = by_keras(loaded, inputs)
        return outputs, activation, _keras_loss(getattr(loaded.model, "loss", None), y, outputs, activation)

    answer = answered_by(engine, native, keras)
    outputs, activation, loss = answer.value
    given = probabilities(outputs, activation)
    return Evaluation(y.astype(np.int64), given, names, loss, answer.engine, answer.reason)


def _native_loss(loss: Loss | None, y: np.ndarray, outputs: np.ndarray, activation: str) -> float:
    """The mean of the model's own loss, or of cross-entropy if it has none; from logits, as in training."""
    loss = loss or Loss("binary_crossentropy" if outputs.shape[-1] == 1 else "sparse_categorical_crossentropy")
    if activation == "linear" and loss.name in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        loss = replace(loss, from_logits=True)
    wanted = targets(y, loss=loss.name, outputs=outputs.shape[-1])
    return loss_and_gradient(loss, wanted.astype(np.float64), outputs.astype(np.float64))[0]


def _keras_loss(loss: Any, y: np.ndarray, outputs: np.ndarray, activation: str) -> float:
    """The same, of any loss that Keras knows."""
    losses = import_keras().losses
    if loss is None:
        loss = "binary_crossentropy" if outputs.shape[-1] == 1 else "sparse_categorical_crossentropy"
    wanted = targets(y, loss=loss_name(loss), outputs=outputs.shape[-1])
    function = (loss_on_logits(loss) if activation == "linear" else None) or losses.get(loss)
    return float(np.mean(function(wanted, outputs)))

"""How a network does on a set of samples: loss, accuracy, the confusion matrix and every mistake."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from scribal.backend import import_keras
from scribal.data import Dataset, load_dataset
from scribal.exceptions import ArgumentError, DataError
from scribal.models import LoadedModel, prepare
from scribal.runs.labels import loss_name, probabilities, targets
from scribal.runs.loading import as_loaded
from scribal.runs.logits import answers, loss_on_logits

__all__ = ["Evaluation", "dataset_of", "evaluate", "evaluate_arrays"]

_BATCH = 1000


@dataclass(frozen=True)
class Evaluation:
    """A network's answers to a labelled set of samples.

    Attributes:
        labels: The true classes, shape (n,).
        probabilities: What the network answers, shape (n, classes), float32.
        class_names: Names of the classes.
        loss: Mean loss.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    class_names: tuple[str, ...]
    loss: float

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
        from sklearn.metrics import confusion_matrix

        return np.asarray(confusion_matrix(self.labels, self.predictions, labels=range(len(self.class_names))))

    @cached_property
    def misclassified(self) -> pd.DataFrame:
        """Every wrong answer, most confident first.

        Columns: ``index`` (place in the set), ``label`` and ``prediction`` (class names), ``confidence`` (probability
        of the prediction) and ``label_probability`` (of the true class).
        """
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

    def confusion_table(self) -> pd.DataFrame:
        """The confusion matrix with the classes' names on its rows (labels) and columns (predictions)."""
        names = list(self.class_names)
        return pd.DataFrame(self.confusion, index=pd.Index(names, name="label"), columns=names)


def evaluate(model: Any, data: Any = None, *, split: str = "test") -> Evaluation:
    """Evaluate a network on a dataset.

    Args:
        model: A run folder, a model file in any of the four forms, or a ``keras.Model``.
        data: A dataset's name or path, or a :class:`~scribal.data.Dataset`; by default the one that a run was trained
            on, or MNIST.
        split: ``"test"`` or ``"train"``.

    Raises:
        ModelError: The model cannot be loaded or does not fit the data.
        DataError: The data cannot be loaded or has other classes than the model.
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
    return evaluate_arrays(loaded, x, y)


def dataset_of(loaded: LoadedModel, data: Any = None) -> Dataset:
    """The dataset that is asked for, or the one that a model was trained on; MNIST for a model that does not say.

    Raises:
        DataError: It cannot be loaded, or the model was trained on data that were only in memory.
    """
    if isinstance(data, Dataset):
        return data
    if data is None and loaded.metadata.dataset is None and not loaded.metadata_assumed:
        raise DataError(
            "A model that was trained on data in memory must be told its data",
            received="data=None",
            advice="Give data=, the dataset or its path",
        )
    return load_dataset(data if data is not None else loaded.metadata.dataset or "mnist")


def evaluate_arrays(loaded: LoadedModel, x: np.ndarray, y: np.ndarray) -> Evaluation:
    """Evaluate a loaded model on raw samples ``x`` of shape (n, …) with class numbers ``y`` of shape (n,)."""
    model = loaded.model
    names = loaded.metadata.class_names
    if int(y.max(initial=0)) >= len(names):
        raise DataError(
            "The data's classes must be among the model's",
            received=f"label {int(y.max())} for a model of {len(names)} classes",
            advice="Evaluate on data of the kind that the model was trained on",
        )
    outputs, activation = answers(model, prepare(x, model.input_shape[1:], loaded.metadata.scale), _BATCH)
    loss = _mean_loss(getattr(model, "loss", None), y, outputs, activation)
    return Evaluation(y.astype(np.int64), probabilities(outputs, activation), names, loss)


def _mean_loss(loss: Any, y: np.ndarray, outputs: np.ndarray, activation: str) -> float:
    """The mean of the model's own loss, or of cross-entropy if it has none; from logits, as in training."""
    losses = import_keras().losses
    if loss is None:
        loss = "binary_crossentropy" if outputs.shape[-1] == 1 else "sparse_categorical_crossentropy"
    wanted = targets(y, loss=loss_name(loss), outputs=outputs.shape[-1])
    function = (loss_on_logits(loss) if activation == "linear" else None) or losses.get(loss)
    return float(np.mean(function(wanted, outputs)))

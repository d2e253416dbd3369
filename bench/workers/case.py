"""A workload as a worker sees it: the files that ``bench.prepare`` wrote."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Case", "Floats", "read_case"]

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """A network, how it is trained, and on what.

    Attributes:
        network: Keras' configuration of the model, which answers with probabilities.
        input_shape: Of a sample.
        loss: Keras' name.
        optimizer: Keras' name.
        optimizer_arguments: Those that differ from Keras' defaults.
        batch_size: Samples in a step.
        scale: Pixels are multiplied by it.
        weights: Initial weights, by ``layer/weight``, in Keras' shapes.
        data: Folder of the arrays.
    """

    network: dict[str, Any]
    input_shape: tuple[int, ...]
    loss: str
    optimizer: str
    optimizer_arguments: dict[str, Any]
    batch_size: int
    scale: float
    weights: dict[str, NDArray[Any]]
    data: Path

    @property
    def is_classification(self) -> bool:
        """Whether targets are classes; otherwise they are the numbers to answer."""
        return self.loss.endswith("categorical_crossentropy")

    def raw(self, part: str) -> NDArray[Any]:
        """Inputs as they are, uint8 for images, ``(n, *input_shape)``; ``part`` is ``"train"`` or ``"test"``."""
        array: NDArray[Any] = np.load(self.data / f"x_{part}.npy")
        return array.reshape(-1, *self.input_shape)

    def inputs(self, part: str) -> Floats:
        """Inputs as float32, scaled."""
        return np.multiply(self.raw(part), np.float32(self.scale), dtype=np.float32)

    def labels(self, part: str) -> NDArray[np.int64]:
        """Numbers of the classes."""
        array: NDArray[Any] = np.load(self.data / f"y_{part}.npy")
        return array.astype(np.int64)

    def targets(self, part: str) -> NDArray[Any]:
        """What the loss wants: numbers of classes, one-hot rows, or the numbers to answer as a column."""
        labels = self.labels(part)
        if self.loss == "categorical_crossentropy":
            return np.eye(10, dtype=np.float32)[labels]
        return labels if self.is_classification else labels.astype(np.float32)[:, None]

    def accuracy(self, answers: NDArray[Any]) -> float:
        """Share of the test set that is answered rightly, by probabilities or logits ``(n, classes)``."""
        labels = self.labels("test")
        given = answers.argmax(axis=1) if self.is_classification else answers[:, 0] > 0.5  # noqa: PLR2004 (a half)
        return float((given == labels).mean())

    def training_network(self) -> dict[str, Any]:
        """The network for a loss on logits: without the softmax at its end.

        Keras on TensorFlow does the same by itself; on JAX it clips probabilities instead.
        """
        network = copy.deepcopy(self.network)
        last = network["config"]["layers"][-1]
        if last["class_name"] == "Softmax":
            del network["config"]["layers"][-1]
        elif last["config"].get("activation") == "softmax":
            last["config"]["activation"] = "linear"
        # What it was compiled with and for which shapes it was built is of no use here.
        network.pop("compile_config", None)
        return network


def read_case(folder: Path) -> Case:
    """Read the files of a workload."""
    described = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    described.pop("epochs")
    with np.load(folder / "weights.npz") as weights:
        arrays = dict(weights)
    described["input_shape"] = tuple(described["input_shape"])
    described["data"] = Path(described["data"])
    return Case(**described, weights=arrays)

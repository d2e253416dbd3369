"""A workload as files that every worker can read, whatever framework it runs: network, weights and data.

All start from the same weights, so that only the order of the samples and what Dropout drops differ between them.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from bench.environments import CACHE
from scribal.backend import import_keras
from scribal.data import load_dataset
from scribal.recipes import Recipe, find_recipe

__all__ = ["prepare_case"]

_SEED = 0


def prepare_case(name: str, samples: int | None = None, cache: Path = CACHE) -> Path:
    """Write a workload's files, if they are not there.

    Args:
        name: Of the workload.
        samples: Training and test samples to keep; all by default.
        cache: Where files go.

    Returns:
        The folder with ``case.json`` (network and training), ``weights.npz`` and the path of the data.
    """
    recipe = _keras_example() if name == "keras-example" else find_recipe(name)
    keras = import_keras()
    # Layers are then numbered from the first, whatever was prepared before.
    keras.utils.clear_session()
    keras.utils.set_random_seed(_SEED)
    model = recipe.build()
    folder = cache / "cases" / (name if samples is None else f"{name}-{samples}")
    folder.mkdir(parents=True, exist_ok=True)
    weights: dict[str, Any] = {
        f"{layer.name}/{w.name}": np.asarray(w) for layer in model.layers for w in layer.weights if _is_learned(w)
    }
    np.savez(folder / "weights.npz", **weights)
    described: dict[str, Any] = {
        "network": keras.saving.serialize_keras_object(model),
        "input_shape": list(model.input_shape[1:]),
        "loss": recipe.loss,
        "optimizer": recipe.optimizer,
        "optimizer_arguments": dict(recipe.optimizer_arguments),
        "batch_size": recipe.batch_size,
        "epochs": recipe.epochs,
        "scale": recipe.scale,
        "data": str(_prepare_data(recipe.dataset, samples, cache)),
    }
    (folder / "case.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    return folder


def _is_learned(variable: Any) -> bool:
    """Whether it is a weight, and not the state of a random generator."""
    return str(variable.dtype).startswith("float")


def _prepare_data(name: str, samples: int | None, cache: Path) -> Path:
    folder = cache / "data" / (name if samples is None else f"{name}-{samples}")
    if not (folder / "y_test.npy").exists():
        folder.mkdir(parents=True, exist_ok=True)
        dataset = load_dataset(name)
        for part in ("x_train", "y_train", "x_test", "y_test"):
            np.save(folder / f"{part}.npy", getattr(dataset, part)[:samples])
    return folder


def _keras_example() -> Recipe:
    """The network of Keras' own example "Simple MNIST convnet"."""

    def network(shape: tuple[int, ...], classes: int) -> Any:
        keras = import_keras()
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input(shape),
                layers.Conv2D(32, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Conv2D(64, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Flatten(),
                layers.Dropout(0.5),
                layers.Dense(classes, activation="softmax"),
            ],
            name="keras_example",
        )

    return Recipe(name="keras-example", summary="Keras' own example", network=network, batch_size=128, epochs=15)

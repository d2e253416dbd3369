"""Where scribal keeps what no library has today, module by module."""

import functools
import importlib
from collections.abc import Mapping
from types import MappingProxyType, ModuleType

__all__ = ["HOMES", "REPLACED", "home_of"]

HOMES: Mapping[str, str] = MappingProxyType(
    {
        "keras.backend": "scribal.legacy.backend",
        "keras.engine.training": "scribal.legacy.given.training",
        "keras.initializations": "scribal.legacy.given.initializations",
        "keras.layers": "scribal.legacy.given.layers",
        "keras.layers.merge": "scribal.legacy.given.merging",
        "keras.utils": "scribal.legacy.given.utilities",
        "keras.wrappers": "scribal.legacy.given.estimators",
        "mnist": "scribal.legacy.given.mnist",
        "sklearn.cross_validation": "scribal.legacy.given.folds",
        "sklearn.datasets": "scribal.legacy.given.openml",
        "tensorflow": "scribal.legacy.tensorflow",
        "tensorflow.config": "scribal.legacy.tensorflow.devices",
        "tensorflow.config.experimental": "scribal.legacy.tensorflow.devices",
        "tensorflow.contrib.learn": "scribal.legacy.tensorflow.digits",
        "tensorflow.contrib.learn.python.learn.datasets.mnist": "scribal.legacy.tensorflow.digits",
        "tensorflow.data": "scribal.legacy.tensorflow.data",
        "tensorflow.data.experimental": "scribal.legacy.tensorflow.data",
        "tensorflow.debugging": "scribal.legacy.tensorflow.debugging",
        "tensorflow.distribute": "scribal.legacy.tensorflow.distribute",
        "tensorflow.errors": "scribal.legacy.tensorflow.errors",
        "tensorflow.examples.tutorials.mnist.input_data": "scribal.legacy.tensorflow.digits",
        "tensorflow.image": "scribal.legacy.tensorflow.image",
        "tensorflow.io": "scribal.legacy.tensorflow.io",
        "tensorflow.logging": "scribal.legacy.tensorflow.logging",
        "tensorflow.math": "scribal.legacy.tensorflow.mathematics",
        "tensorflow.nn": "scribal.legacy.tensorflow.networks",
        "tensorflow.python.client.device_lib": "scribal.legacy.tensorflow.devices",
        "tensorflow.random": "scribal.legacy.tensorflow.random",
        "tensorflow.test": "scribal.legacy.tensorflow.devices",
        "tensorflow.train": "scribal.legacy.tensorflow.train",
        "tensorflow.version": "scribal.legacy.tensorflow.version",
        "tensorflow_datasets": "scribal.legacy.tensorflow.named_datasets",
    }
)
"""A module of old code, and scribal's module whose ``__all__`` it gets beside what today's library still has.

Such a module may hold ``MODERN``, a mapping from its names to what today's code says in place of each.
"""

_DATASETS = ("fashion_mnist", "mnist")

REPLACED: Mapping[str, str] = MappingProxyType(
    {f"keras.datasets.{name}.load_data": f"scribal.legacy.given.datasets.load_{name}" for name in _DATASETS}
    | {
        "keras.utils.get_file": "scribal.legacy.given.downloads.get_file",
        "keras.utils.model_to_dot": "scribal.legacy.given.drawing.model_to_dot",
        "keras.utils.plot_model": "scribal.legacy.given.drawing.plot_model",
        "sklearn.datasets.fetch_openml": "scribal.legacy.given.openml.fetch_openml",
    }
)
"""Functions of today's libraries that do something else while an old program runs, and scribal's in their place."""


@functools.cache
def home_of(module: str) -> ModuleType | None:
    """Import scribal's module for what an old module had.

    Args:
        module: The old module's dotted name.

    Returns:
        scribal's module, or ``None`` where there is nothing to add.
    """
    home = HOMES.get(module)
    return importlib.import_module(home) if home else None

"""The optimizer of a model that comes out of an HDF5 file.

Keras 3.15 builds it for no variables at all, so that the next ``fit`` fails, and cannot put the saved moments back.
Both are made good here with Keras' public methods; see
https://keras.io/api/models/model_saving_apis/model_saving_and_loading/ for what a saved model should bring back.
"""

from pathlib import Path
from typing import Any

from scribal.models.hdf5 import open_hdf5

__all__ = ["restore_optimizer"]


def restore_optimizer(model: Any, file: Path) -> None:
    """Build the optimizer of a model loaded from ``file`` anew and give it its saved state.

    State written by Keras 1 and 2 is laid out differently; such a model begins with a fresh optimizer.
    """
    if not model.compiled or model.optimizer is None:
        return
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    # As objects: losses and metrics of the user's own are known to whoever loads the model, and to nobody else.
    model.compile(**{**model._compile_config.config, "optimizer": optimizer})  # noqa: SLF001
    optimizer.build(model.trainable_variables)
    values = _saved_values(file)
    variables = model.optimizer.variables
    if [value.shape for value in values] == [tuple(variable.shape) for variable in variables]:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _saved_values(file: Path) -> list[Any]:
    with open_hdf5(file) as root:
        version = root.attrs.get("keras_version", "")
        version = version.decode() if isinstance(version, bytes) else str(version)
        if not version.startswith("3.") or "optimizer_weights" not in root:
            return []
        group = root["optimizer_weights"]
        # Keras splits a list of names too long for one attribute into weight_names0, weight_names1, and so on.
        parts = ["weight_names"] if "weight_names" in group.attrs else sorted(group.attrs, key=_number)
        return [group[name][()] for part in parts for name in group.attrs[part]]


def _number(name: str) -> int:
    return int(name.removeprefix("weight_names"))
